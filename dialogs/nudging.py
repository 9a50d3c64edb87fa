"""Nudges: what a scenario says once in each window, shortly before it closes.

A nudge is a continuation that moves on with the window: one row an address and entry, renewed by
each message of the person. So there is nothing to cancel when somebody writes again, and nothing
that could come twice for the same window.
"""

from dialogs.scenario import Scenario
from storage.continuations import Continuation
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork

_KEY = "window:"
"""Begins the key of a nudge; the address and the entry's name follow."""


async def expect(work: UnitOfWork, scenario: Scenario, known: KnownAddress) -> None:
    """Plan the nudges of the window in which somebody wrote; those of an earlier one are off.

    The caller holds the conversation, as whoever begins a nudge does.
    """
    if known.window_until is None:
        return
    for name, before in scenario.closing():
        await work.continuations.renew(
            Continuation(
                person_id=known.person_id,
                address_id=known.id,
                version=scenario.version,
                step=scenario.entries[name].next,
                values={},
                ground={"why": "window_closing", "entry": name},
                at=known.window_until - before,
                key=f"{_KEY}{known.id}:{name}",
            )
        )


def is_nudge(due: Continuation) -> bool:
    """Whether it is here because a window closes."""
    return due.key is not None and due.key.startswith(_KEY)


def beginning(scenario: Scenario, due: Continuation) -> str | None:
    """The step at which the present scenario begins a nudge; None when it has no such entry now."""
    name = (due.key or "").rpartition(":")[2]
    return next((scenario.entries[it].next for it, _ in scenario.closing() if it == name), None)


async def unwanted(work: UnitOfWork, due: Continuation) -> bool:
    """Whether the person's last word on advertising is a no: they are told nothing unasked."""
    standing = (await work.consents.standings(due.person_id)).get("advertising")
    return standing is not None and not standing.granted
