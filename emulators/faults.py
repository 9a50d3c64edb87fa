"""Faults on demand: what the next fitting request gets instead of its usual answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Kind = Literal[
    "error",  # the platform's own refusal; `fields` hold its code, description, retry_after, …
    "html",  # a proxy's page instead of the answer; `fields["status"]`, 502 unless told, and
    # `fields["retry_after"]` for its header; with `fields["accepted"]` the request took effect
    "hang",  # the request is accepted, the answer never comes
    "reset",  # the request is accepted, the connection is dropped instead of an answer
    "drop",  # the connection is dropped before anything is accepted
]


class BadFault(ValueError):
    """The fault asked for cannot be understood; the text says why."""


@dataclass(slots=True)
class Fault:
    """A fault that waits for a request of this platform (method and recipient, where given)."""

    platform: str
    kind: Kind
    method: str | None = None
    to: str | None = None
    times: int = 1
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepts(self) -> bool:
        """Whether the request takes effect although its answer is lost."""
        hidden = self.kind == "html" and bool(self.fields.get("accepted"))
        return hidden or self.kind in ("hang", "reset")


class Faults:
    """The faults that wait, first in first out.

    `chance` may add a fault to a request that meets none of them (see emulators.chaos).
    """

    def __init__(self) -> None:
        self.chance: Callable[[str, str], Fault | None] | None = None
        self._waiting: list[Fault] = []

    def add(self, told: Mapping[str, Any]) -> Fault:
        """Plan a fault from a control request; raises BadFault."""
        kind = told.get("kind", "error")
        if kind not in get_args(Kind):
            raise BadFault(f"unknown kind {kind!r}: use one of {', '.join(get_args(Kind))}")
        known = {"platform", "kind", "method", "to", "times"}
        fault = Fault(
            platform=str(told.get("platform", "")),
            kind=kind,
            method=told.get("method"),
            to=None if told.get("to") is None else str(told["to"]),
            times=int(told.get("times", 1)),
            fields={key: value for key, value in told.items() if key not in known},
        )
        self._waiting.append(fault)
        return fault

    def take(
        self,
        platform: str,
        method: str,
        to: str | None = None,
        *,
        named: bool = False,
        by_chance: bool = True,
    ) -> Fault | None:
        """The fault for this request, used up once; None when the request is to go well.

        What is no request of the business (`named`) takes only a fault that names its method, and
        a part of a request (not `by_chance`) only one that waits.
        """
        for fault in self._waiting:
            if fault.platform != platform or fault.to not in (None, to):
                continue
            if fault.method != method and (named or fault.method is not None):
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._waiting.remove(fault)
            return fault
        if named or not by_chance or self.chance is None:
            return None
        return self.chance(platform, method)

    def clear(self) -> None:
        """Forget what has not happened yet."""
        self._waiting.clear()
