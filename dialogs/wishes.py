"""What the buttons of the preferences ask for: their payloads, and how a press is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.soundness import RESERVED
from vestnik.consent import UNDO_WITHIN

FORGET_WITHIN = timedelta(minutes=15)
"""So long the button that erases everything works; an older one asks again."""


class Wish(StrEnum):
    """What a button asks for; the value is its payload.

    SUBSCRIBE shows the consent's question and grants nothing. UNDO (see `undo`) gives back the
    consent that a stop took away; too late, it shows the question.
    UNSUBSCRIBE is heard as СТОП is: at any time, also while an operator holds the dialog.
    FORGET shows the question before the erasure, FORGET_NOW (see `forget_now`) confirms it.
    """

    SETTINGS = f"{RESERVED}:settings"
    START = f"{RESERVED}:start"
    SUBSCRIBE = f"{RESERVED}:subscribe"
    UNDO = f"{RESERVED}:undo"
    UNSUBSCRIBE = f"{RESERVED}:unsubscribe"
    MYDATA = f"{RESERVED}:data"
    FORGET = f"{RESERVED}:forget"
    FORGET_NOW = f"{RESERVED}:forget-now"
    KEEP = f"{RESERVED}:keep"
    PERSON = f"{RESERVED}:person"


@dataclass(frozen=True, slots=True)
class Speak:
    """The wish to be spoken to in another language, given by its tag."""

    language: str


_SPEAK = f"{RESERVED}:speak:"


def speak(language: str) -> str:
    """The payload that asks for a language."""
    return _SPEAK + language


def forget_now(now: datetime) -> str:
    """The payload that erases everything; it carries the moment until which it counts."""
    return f"{Wish.FORGET_NOW}:{int((now + FORGET_WITHIN).timestamp())}"


def undo(now: datetime) -> str:
    """The payload that undoes a stop; it carries the moment until which it counts."""
    return f"{Wish.UNDO}:{int((now + UNDO_WITHIN).timestamp())}"


def read_wish(payload: str, now: datetime) -> Wish | Speak | None:
    """The wish of a pressed button, None for a button of something else."""
    if payload.startswith(_SPEAK):
        return Speak(payload.removeprefix(_SPEAK))
    name, _, until = payload.rpartition(":")
    if name in _FRESH:
        fresh = until.isdecimal() and now.timestamp() < int(until)
        return Wish(name) if fresh else _FRESH[name]
    plain = (wish for wish in Wish if wish not in _FRESH)
    return next((wish for wish in plain if wish == payload), None)


_FRESH: Mapping[str, Wish] = {Wish.FORGET_NOW: Wish.FORGET, Wish.UNDO: Wish.SUBSCRIBE}
"""Wishes that count for a while, and what they are afterwards."""
