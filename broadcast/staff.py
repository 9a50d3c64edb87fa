"""Who may do what: roles of staff, who are known by the provider's numeric id alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["owner", "marketer", "operator"]
Command = Literal[
    "broadcast",
    "broadcasts",
    "report",
    "segments",
    "pause",
    "resume",
    "cancel",
    "find",
    "proof",
    "audit",
    "help",
]
COMMANDS: tuple[Command, ...] = get_args(Command)

_READING: frozenset[Command] = frozenset(("broadcasts", "report", "help"))
_CAMPAIGNS: frozenset[Command] = frozenset(("broadcast", "segments", "pause", "resume", "cancel"))
_MAY: Mapping[Role, frozenset[Command]] = {
    "owner": frozenset(COMMANDS),
    "marketer": _READING | _CAMPAIGNS,
    "operator": _READING | {"find"},
}


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. `actor` is "channel:id"; `language` is None in a chat of several."""

    actor: str
    role: Role
    name: str
    language: str | None = None

    @property
    def signature(self) -> str:
        """The name for the others to read, cut to what the ledger keeps."""
        return self.name[:64] or self.actor


def may(role: Role, command: Command) -> bool:
    """Whether the role allows the command, and the buttons that do the same."""
    return command in _MAY[role]
