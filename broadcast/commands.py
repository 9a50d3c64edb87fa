"""What staff type and press, read into orders; everything else in a chat is plain talk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from broadcast.staff import COMMANDS, Command
from vestnik.inbound import ButtonPressed, Personal, Started, TextReceived

PREFIX = "B:"
"""Begins our payloads; a capital, which no step of a scenario has in its id (dialogs.steps.Id)."""

Verb = Literal["draft", "send", "pause", "resume", "cancel", "end", "report"]
"""What a button does; `cancel` asks before `end` does it."""

_ALLOWED_BY: Mapping[Verb, Command] = {
    "draft": "broadcast",
    "send": "broadcast",
    "pause": "pause",
    "resume": "resume",
    "cancel": "cancel",
    "end": "cancel",
    "report": "report",
}
_SLASH = re.compile(r"\s*/(?P<name>[a-z]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """A typed command and what stands behind it."""

    command: Command
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button of ours."""

    verb: Verb
    argument: str

    @property
    def command(self) -> Command:
        """The command that one has to be allowed."""
        return _ALLOWED_BY[self.verb]


def payload(verb: Verb, argument: object) -> str:
    """The payload of a button; at most 64 bytes with arguments of up to 54."""
    return f"{PREFIX}{verb}:{argument}"


def read(inbound: Personal) -> Order | Press | None:
    """The order in a message, if there is one."""
    match inbound:
        case TextReceived(text=text):
            return _order(text)
        case ButtonPressed(payload=pressed):
            return _press(pressed)
        case _:
            return None


def number(text: str) -> int | None:
    """A campaign's number as people write it: 12, #12, № 12."""
    digits = text.strip().lstrip("#№ ")
    return int(digits) if re.fullmatch(r"[0-9]{1,18}", digits) else None


def is_slash(inbound: Personal) -> bool:
    """Whether it is a command of any kind, also one that is not ours."""
    if isinstance(inbound, Started):
        return True
    return isinstance(inbound, TextReceived) and inbound.text.lstrip().startswith("/")


def _order(text: str) -> Order | None:
    slash = _SLASH.fullmatch(text)
    name = slash["name"].lower() if slash else ""
    known = next((command for command in COMMANDS if command == name), None)
    return Order(known, (slash["rest"] or "").strip()) if slash and known else None


def _press(pressed: str) -> Press | None:
    if not pressed.startswith(PREFIX):
        return None
    verb, _, argument = pressed.removeprefix(PREFIX).partition(":")
    known = next((name for name in _ALLOWED_BY if name == verb), None)
    return Press(known, argument) if known else None
