"""The acceptance log: what a platform took on itself to deliver, written before it answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


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


class AcceptanceLog:
    """Kept in memory and, when a path is given, as JSON lines that outlive the process."""

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[Accepted] = []
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

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
        entry = Accepted(
            number=len(self._entries) + 1,
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
        self._entries.append(entry)
        return entry

    def find(
        self, *, platform: str | None = None, to: str | None = None, containing: str = ""
    ) -> Iterator[Accepted]:
        """Entries in the order they were accepted, narrowed by what is given."""
        for entry in self._entries:
            if platform not in (None, entry.platform) or to not in (None, entry.to):
                continue
            if containing in entry.text:
                yield entry

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file:
            self._file.close()
