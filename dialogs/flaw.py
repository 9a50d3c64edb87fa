"""A flaw: what is wrong at a place of a scenario, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.moves import AnyStep
from dialogs.steps import Place

Steps = Mapping[str, AnyStep]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, where; with `channel` only there."""

    path: Place
    what: str
    channel: str | None = None

    @property
    def place(self) -> str:
        """The path as a marketer reads it."""
        return ".".join(map(str, self.path))
