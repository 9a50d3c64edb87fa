"""Consent: an append-only ledger whose fold is the present."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vestnik.address import ChannelName

Purpose = Literal["personal_data", "advertising", "calls", "service"]
Action = Literal["grant", "withdraw"]

UNDO_WITHIN = timedelta(days=1)
"""So long a withdrawal can be undone by a button; later the question is asked anew."""

PAIR = 2
"""A grant and the withdrawal that follows it."""

MESSENGERS = ChannelName("messengers")
"""In a consent's channels: every channel but SMS and those that are named by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """One act of one person.

    `channels` are those that a grant covers (MESSENGERS, "sms", …) and empty for a withdrawal,
    which holds everywhere. `text_version` and `text_hash` say which words were agreed to,
    `evidence` is our id of the event that did it, `actor` who recorded it.
    """

    person_id: int
    purpose: Purpose
    action: Action
    at: datetime
    actor: str
    channels: tuple[ChannelName, ...] = ()
    text_version: str = ""
    text_hash: str = ""
    evidence: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand for one purpose: granted or not, and for which channels."""

    granted: bool
    channels: frozenset[ChannelName] = frozenset()

    def covers(self, channel: ChannelName) -> bool:
        """Whether a message on this channel is covered."""
        if not self.granted:
            return False
        return channel in self.channels or (MESSENGERS in self.channels and channel != "sms")


NEVER_ASKED = Standing(granted=False)


def fold(entries: Iterable[ConsentEntry]) -> dict[Purpose, Standing]:
    """The present of each purpose: its last entry, in the ledger's order."""
    present: dict[Purpose, Standing] = {}
    for entry in entries:
        present[entry.purpose] = Standing(entry.action == "grant", frozenset(entry.channels))
    return present


def undoable(
    entries: Sequence[ConsentEntry], purpose: Purpose, now: datetime
) -> ConsentEntry | None:
    """The grant that a withdrawal of a short time ago took away; None where there is none."""
    mine = [entry for entry in entries if entry.purpose == purpose]
    if len(mine) < PAIR:
        return None
    given, withdrawn = mine[-PAIR:]
    fresh = withdrawn.action == "withdraw" and now < withdrawn.at + UNDO_WITHIN
    return given if fresh and given.action == "grant" else None


def fingerprint(text: str) -> str:
    """SHA-256 of the exact words somebody agreed to, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
