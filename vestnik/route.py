"""A route: the ordered steps by which one message tries to reach one person."""

from dataclasses import dataclass
from typing import Literal

from vestnik.address import SMS, ChannelName

WaitFor = Literal["accepted", "delivered", "read"]

LAST = ChannelName("last")
"""In a step: the messenger the person used last."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a channel (or LAST), what it waits for and how long, in seconds.

    `on_unknown` overrides the channel's own policy for a message nobody can account for.
    """

    channel: ChannelName
    wait_for: WaitFor = "accepted"
    seconds: float = 0.0
    on_unknown: Literal["park", "next"] | None = None


Route = tuple[Step, ...]


def may_use(route: Route, channel: ChannelName) -> bool:
    """Whether a step of the route may go to the channel."""
    named = {step.channel for step in route}
    return channel in named or (LAST in named and channel != SMS)


def awaited(step: Step, receipts: frozenset[Literal["delivered", "read"]]) -> WaitFor:
    """What to wait for on a channel: never for something that it does not report."""
    if step.wait_for == "read" and "read" in receipts:
        return "read"
    if step.wait_for != "accepted" and "delivered" in receipts:
        return "delivered"
    return "accepted"
