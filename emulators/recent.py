"""What happened within the last so many seconds, by key."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps a value for `seconds`, then forgets it; `now` is Unix seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def put(self, key: K, value: V, now: float) -> None:
        """Remember something that happens now, in place of what had this key."""
        self._forget(now)
        self._entries[key] = (now, value)
        self._entries.move_to_end(key)

    def get(self, key: K, now: float) -> V | None:
        """What is remembered under a key, or None."""
        self._forget(now)
        found = self._entries.get(key)
        return None if found is None else found[1]

    def has(self, key: K, now: float) -> bool:
        """Whether anything is remembered under a key."""
        self._forget(now)
        return key in self._entries

    def drop(self, key: K) -> None:
        """Forget it at once."""
        self._entries.pop(key, None)

    def count(self, now: float) -> int:
        """How many are remembered."""
        self._forget(now)
        return len(self._entries)

    def _forget(self, now: float) -> None:
        while self._entries:
            at, _ = next(iter(self._entries.values()))
            if now - at <= self._seconds:
                return
            self._entries.popitem(last=False)
