"""The states of a delivery and of an attempt, and the order in which they may follow."""

from typing import Literal, get_args

DeliveryState = Literal[
    "planned",
    "sending",
    "waiting",
    "accepted",
    "delivered",
    "read",
    "failed",
    "skipped",
    "expired",
    "cancelled",
    "unknown",
]
AttemptState = Literal["sending", "accepted", "delivered", "read", "failed", "unknown"]
Kind = Literal["reply", "operator", "staff", "transactional", "broadcast"]

DELIVERY_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
ATTEMPT_STATES: tuple[AttemptState, ...] = get_args(AttemptState)
KINDS: tuple[Kind, ...] = get_args(Kind)

OPEN: frozenset[DeliveryState] = frozenset(("planned", "sending", "waiting"))
"""Not settled yet; a broadcast is finished when none of its deliveries is in one of these."""

REACHED: frozenset[DeliveryState] = frozenset(("accepted", "delivered", "read"))
"""A provider took the message and has not said since that it failed."""

# Smaller goes first: replies overtake broadcasts.
PRIORITY: dict[Kind, int] = {
    "reply": 0,
    "operator": 0,
    "staff": 1,
    "transactional": 2,
    "broadcast": 9,
}

_RANK: dict[AttemptState, int] = {
    "sending": 0,
    "unknown": 1,
    "failed": 2,
    "accepted": 3,
    "delivered": 4,
    "read": 5,
}


def later(known: AttemptState, reported: AttemptState) -> AttemptState:
    """The state after a report: never backwards, so that any order of reports ends the same.

    A failure counts only while nothing says that the message arrived; an acceptance never
    undoes a failure, a delivery does.
    """
    if known == "failed" and reported == "accepted":
        return known
    if reported == "failed":
        return known if known in ("delivered", "read") else "failed"
    return max(known, reported, key=_RANK.__getitem__)
