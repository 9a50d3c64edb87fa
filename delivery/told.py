"""What providers tell, as the ledger can keep it: reasons, references, amounts of money."""

from decimal import Decimal

from vestnik.outcome import (
    Ambiguous,
    Cause,
    ChannelDown,
    Declined,
    Rejected,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)

LONGEST_REASON = 128
LONGEST_REFERENCE = 255
MOST_MONEY = Decimal(10**8)


def reason_of(result: Cause | Ambiguous) -> str:
    """The reason as the report prints it: "blocked", "rejected:914", …"""
    return _reason_of(result)[:LONGEST_REASON]


def reference_of(reference: str | None) -> str | None:
    """A provider's id of a message; one that is longer than any id is cut."""
    return None if reference is None else reference[:LONGEST_REFERENCE]


def money(cost: str | None) -> str | None:
    """A cost that can be added up; None for what a provider only calls one."""
    try:
        return cost if cost is None or abs(Decimal(cost)) < MOST_MONEY else None
    except ArithmeticError:
        return None


def _reason_of(result: Cause | Ambiguous) -> str:
    match result:
        case Throttled():
            return "throttled"
        case Temporary(code):
            return f"temporary:{code}"
        case Ambiguous(code):
            return f"unknown:{code}"
        case Unreachable(why):
            return why
        case Declined(code):
            return f"declined:{code}"
        case WindowClosed():
            return "window_closed"
        case Rejected(code):
            return f"rejected:{code}"
        case ChannelDown():
            return "channel_down"
