"""The acceptance log: what a platform took on itself to deliver, written before it answers."""

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

# What is told of a message, in the order in which a later one replaces an earlier one.
STATUSES = ("accepted", "sent", "delivered", "read", "failed")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message that a platform accepted.

    `to` is the platform's own handle of the recipient, `text` all that the recipient reads
    (template variables included), `reference` the platform's message id, `opaque` whatever
    identifier the sender asked to have echoed or de-duplicated, `at` Unix seconds.
    """

    number: int
    at: float
    platform: str
    to: str
    kind: str
    text: str
    reference: str
    opaque: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What names the message on its platform: some number them within a chat only."""
        return self.platform, self.to, self.reference


@dataclass(slots=True)
class Fate:
    """What has become of an accepted message so far."""

    status: str = STATUSES[0]
    why: str = ""


class AcceptanceLog:
    """Written as JSON lines when a path is given, which outlive the process; kept in memory too.

    `remember` is how many of the newest entries stay in memory, all when None. A million messages
    need none: the file (see `read`) and the counts hold everything there is to ask.
    """

    def __init__(self, path: Path | None = None, *, remember: int | None = None) -> None:
        self._entries: deque[tuple[Accepted, Fate]] = deque()
        self._fates: dict[Key, Fate] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._total = 0
        self._remember = remember
        # A lone surrogate is no UTF-8; "backslashreplace" makes it the escape that JSON has for it.
        self._file = (
            path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
            if path
            else None
        )

    def append(
        self,
        *,
        at: float,
        platform: str,
        to: str,
        kind: str,
        text: str,
        reference: str,
        opaque: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Accepted:
        """Write an entry; to be called before the platform's answer is sent."""
        self._total += 1
        entry = Accepted(
            number=self._total,
            at=at,
            platform=platform,
            to=to,
            kind=kind,
            text=text,
            reference=reference,
            opaque=opaque,
            detail=detail or {},
        )
        if self._file:
            self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        self._counts[platform, STATUSES[0]] += 1
        if self._remember != 0:
            self._keep(entry)
        return entry

    def report(self, key: Key, status: str, why: str = "") -> None:
        """Note what became of a message; what was told later but happened earlier changes nothing.

        `status` is one of STATUSES.
        """
        self._counts[key[0], status] += 1
        fate = self._fates.get(key)
        if fate and STATUSES.index(status) >= STATUSES.index(fate.status):
            fate.status, fate.why = status, why

    def find(
        self,
        *,
        platform: str | None = None,
        to: str | None = None,
        containing: str = "",
        last: int | None = None,
    ) -> Iterator[Accepted]:
        """Remembered entries in the order of acceptance, narrowed by what is given.

        `last` gives the newest so many of them.
        """
        fitting = (
            entry
            for entry, _ in (self._entries if last is None else reversed(self._entries))
            if platform in (None, entry.platform)
            and to in (None, entry.to)
            and containing in entry.text
        )
        return fitting if last is None else reversed(list(islice(fitting, last)))

    def fate(self, entry: Accepted) -> Fate:
        """What became of an entry."""
        return self._fates.get(entry.key) or Fate()

    def count(self, status: str = STATUSES[0], *, platform: str | None = None) -> int:
        """How many messages came so far as this status, remembered or not."""
        if platform is not None:
            return self._counts[platform, status]
        return sum(number for (_, named), number in self._counts.items() if named == status)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file:
            self._file.close()

    def _keep(self, entry: Accepted) -> None:
        fate = self._fates[entry.key] = Fate()
        self._entries.append((entry, fate))
        if self._remember is not None and len(self._entries) > self._remember:
            oldest, its_fate = self._entries.popleft()
            # A gateway may use an id again.
            if self._fates.get(oldest.key) is its_fate:
                del self._fates[oldest.key]


def read(path: Path) -> Iterator[Accepted]:
    """The entries of a log's file, one after another; it may still be written to."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Accepted(**json.loads(line))
