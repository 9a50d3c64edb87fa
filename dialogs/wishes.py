"""What the buttons of the preferences ask for: their payloads, and how a press is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, get_args

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


Screen = Literal["settings", "topics", "often", "quiet", "zone", "pause", "messenger"]
SCREENS: tuple[Screen, ...] = get_args(Screen)

Setting = Literal["topic", "often", "quiet", "zone", "pause", "messenger", "link", "unlink"]
SETTINGS: tuple[Setting, ...] = get_args(Setting)


@dataclass(frozen=True, slots=True)
class See:
    """The wish to see a screen of the settings."""

    screen: Screen


@dataclass(frozen=True, slots=True)
class Choose:
    """The wish to have a setting like this; what a value means is dialogs.choosing's."""

    setting: Setting
    value: str


Wished = Wish | Speak | See | Choose

_SEE = f"{RESERVED}:see:"
_CHOOSE = f"{RESERVED}:set:"
_SPEAK = f"{RESERVED}:speak:"


def speak(language: str) -> str:
    """The payload that asks for a language."""
    return _SPEAK + language


def see(screen: Screen) -> str:
    """The payload that opens a screen."""
    return _SEE + screen


def choose(setting: Setting, value: str) -> str:
    """The payload that sets something; at most 64 bytes with values of up to 44."""
    return f"{_CHOOSE}{setting}:{value}"


def forget_now(now: datetime) -> str:
    """The payload that erases everything; it carries the moment until which it counts."""
    return f"{Wish.FORGET_NOW}:{int((now + FORGET_WITHIN).timestamp())}"


def undo(now: datetime) -> str:
    """The payload that undoes a stop; it carries the moment until which it counts."""
    return f"{Wish.UNDO}:{int((now + UNDO_WITHIN).timestamp())}"


def read_wish(payload: str, now: datetime) -> Wished | None:
    """The wish of a pressed button, None for a button of something else."""
    if payload.startswith(_SPEAK):
        return Speak(payload.removeprefix(_SPEAK))
    if payload.startswith(_SEE):
        wanted = payload.removeprefix(_SEE)
        return next((See(screen) for screen in SCREENS if screen == wanted), None)
    if payload.startswith(_CHOOSE):
        name, _, value = payload.removeprefix(_CHOOSE).partition(":")
        return next((Choose(setting, value) for setting in SETTINGS if setting == name), None)
    name, _, until = payload.rpartition(":")
    if name in _FRESH:
        fresh = until.isdecimal() and now.timestamp() < int(until)
        return Wish(name) if fresh else _FRESH[name]
    plain = (wish for wish in Wish if wish not in _FRESH)
    return next((wish for wish in plain if wish == payload), None)


_FRESH: Mapping[str, Wish] = {Wish.FORGET_NOW: Wish.FORGET, Wish.UNDO: Wish.SUBSCRIBE}
"""Wishes that count for a while, and what they are afterwards."""
