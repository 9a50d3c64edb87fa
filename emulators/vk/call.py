"""A call of an API method: its parameters, read strictly, and the faults planned for it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from emulators.faults import Fault, Faults
from emulators.vk.errors import VkError

PLATFORM = "vk"
# The sign and the digits of the longest 64-bit number.
DIGITS = 20


class Spoiled(Exception):
    """The request meets a fault before anything more of it is accepted."""


class Visit:
    """One HTTP request: the address it came to, and what becomes of its answer.

    Chance strikes at most once in it, however many people or calls it is about.
    """

    def __init__(self, faults: Faults, base: str) -> None:
        self.base = base
        self.fault: Fault | None = None
        self._faults = faults
        self._came = False

    def meet(self, method: str, to: str | None) -> None:
        """Let a planned fault happen here; raises VkError for a refusal, else Spoiled.

        A lost answer (hang, reset) raises nothing: what was asked is done, `fault` tells the rest.
        """
        if self.fault is not None:
            return
        fault = self._faults.take(PLATFORM, method, to, by_chance=not self._came)
        self._came = True
        if fault is None:
            return
        if fault.kind == "error":
            raise refusal(fault)
        self.fault = fault
        if not fault.accepts:
            raise Spoiled


def refusal(fault: Fault) -> VkError:
    """The error a fault asks for: `code` (10 unless told), `description`, and fields beside."""
    fields = dict(fault.fields)
    code = int(fields.pop("code", 10))
    return VkError(code, text=fields.pop("description", None), **fields)


@dataclass(frozen=True, slots=True)
class Call:
    """A method's name and its parameters; the readers raise error 100 naming the parameter."""

    method: str
    params: Mapping[str, str]
    visit: Visit

    @property
    def recipient(self) -> str | None:
        """The peer a call is about, when it is about one."""
        told = self.params.get("peer_id") or self.params.get("user_id")
        several = self.params.get("peer_ids") or self.params.get("user_ids")
        return told or (several if several and "," not in several else None)

    def has(self, name: str) -> bool:
        """Whether a parameter was given and is not empty."""
        return bool(self.params.get(name))

    def text(self, name: str, default: str | None = None, most: int | None = None) -> str:
        """A string of at most so many characters; required when there is no default."""
        value = self.params.get(name) or default
        if value is None:
            raise VkError(100, f"{name} is undefined")
        if most is not None and len(value) > most:
            raise VkError(100, f"{name} should be less or equal {most} letters length")
        return value

    def integer(self, name: str, default: int | None = None, least: int | None = None) -> int:
        """A whole number, not below `least`; required when there is no default."""
        told = self.params.get(name, "")
        if not told and default is not None:
            return default
        if not told:
            raise VkError(100, f"{name} is undefined")
        value = whole(name, told)
        if least is not None and value < least:
            raise VkError(100, f"{name} should be greater or equal to {least}")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool | None:
        """0 or 1."""
        told = self.params.get(name, "")
        if not told:
            return default
        if told not in ("0", "1", "true", "false"):
            raise VkError(100, f"{name} not boolean")
        return told in ("1", "true")

    def integers(self, name: str, most: int) -> list[int]:
        """Whole numbers between commas, at most so many; none when the parameter is missing."""
        values = [whole(name, part) for part in self.params.get(name, "").split(",") if part]
        if len(values) > most:
            raise VkError(100, f"{name} should contain no more than {most} items")
        return values

    def one_of(self, name: str, known: Collection[str], default: str) -> str:
        """One of the known words."""
        value = self.params.get(name) or default
        if value not in known:
            raise VkError(100, f"{name} is invalid")
        return value

    def mapping(self, name: str) -> dict[str, Any] | None:
        """A JSON object; None when the parameter is missing."""
        told = self.params.get(name, "")
        if not told:
            return None
        try:
            value = json.loads(told)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise VkError(100, f"{name} is invalid")
        return value


def whole(name: str, told: str) -> int:
    """A number as VK reads it; raises error 100."""
    if len(told) > DIGITS or not told.removeprefix("-").isdecimal():
        raise VkError(100, f"{name} not integer")
    return int(told)
