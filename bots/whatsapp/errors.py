"""What Meta's refusals mean to us, whether they answer a request or come in a status.

Codes: developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from vestnik.outcome import (
    Ambiguous,
    Cause,
    ChannelDown,
    Declined,
    Rejected,
    SendResult,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)

# The account cannot send at all until somebody repairs it.
DOWN: Mapping[int, str] = {
    0: "the access token is not accepted",
    3: "the app lacks a permission",
    10: "the app lacks a permission",
    33: "the business number does not exist any more",
    190: "the access token has expired or is wrong",
    368: "the account is restricted for violating a policy",
    131005: "the token lacks a permission for this number",
    131031: "the account is locked",
    131037: "the number's display name is not approved",
    131042: "a payment problem",
    131045: "the number's registration is broken",
    133000: "the number's registration is incomplete",
    133005: "the number's two-step PIN is wrong",
    133006: "the number has to be verified again",
    133008: "too many guesses of the two-step PIN",
    133009: "the two-step PIN was entered too fast",
    133010: "the number is not registered",
    133015: "the number was deleted a short while ago",
    133016: "the number was registered too often",
    134011: "the payment terms are not accepted",
}
PERMISSIONS = range(200, 300)

# Broadcasts are held back, answers are still taken.
NO_BROADCASTS: Mapping[int, str] = {
    131048: "the number is restricted: too many people blocked or reported it",
    131064: "the account is limited: its templates are in the wrong category",
}

# Seconds to wait (unverified, but for the pair's: one message in six seconds), and who waits.
THROTTLED: Mapping[int, tuple[float, Literal["lane", "address"]]] = {
    4: (60.0, "lane"),
    80007: (60.0, "lane"),
    130429: (5.0, "lane"),
    131056: (6.0, "address"),
}

# Not taken, or given up on, for a reason that passes.
TEMPORARY = frozenset({2, 131016, 131053, 131057, 132069, 133004})

# Nothing is wrong with the person's address: Meta holds this message back from this person, for
# an experiment, for having had enough advertising, or because it needs the number. Closing the
# address would silence the account for everybody who was written to often.
DECLINED = frozenset({130472, 131049, 131062})

UNREACHABLE: Mapping[int, Literal["no_account", "not_allowed", "opted_out"]] = {
    130497: "not_allowed",
    131026: "no_account",
    131050: "opted_out",
}
WINDOW_CLOSED = frozenset({131047})

# "Something went wrong": as an answer it does not say whether the message went out.
VAGUE = frozenset({1, 131000})

# Code 100 with this subcode: the path names an object that is not there for this token.
NO_SUCH_OBJECT = 33


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as Meta tells it; `trace` is for Meta's support."""

    code: int
    subcode: int | None = None
    detail: str = ""
    trace: str = ""


def cause_of(refusal: Refusal) -> Cause:
    """What follows from a refusal, of which it is known that the message did not arrive."""
    code = refusal.code
    if code in DOWN:
        return ChannelDown(f"{DOWN[code]} ({code})")
    if code in NO_BROADCASTS:
        return ChannelDown(f"{NO_BROADCASTS[code]} ({code})", bulk=True)
    if code in PERMISSIONS:
        return ChannelDown(f"the token lacks a permission ({code})")
    if code == 100 and refusal.subcode == NO_SUCH_OBJECT:
        return ChannelDown("there is no such number for this token: check WHATSAPP_PHONE_ID (100)")
    if code in THROTTLED:
        return Throttled(*THROTTLED[code])
    if code in TEMPORARY | VAGUE:
        return Temporary(str(code))
    if code in DECLINED:
        return Declined(str(code))
    if code in UNREACHABLE:
        return Unreachable(UNREACHABLE[code], str(code))
    if code in WINDOW_CLOSED:
        return WindowClosed(str(code))
    return Rejected(str(code), refusal.detail)


def judge(status: int, refusal: Refusal | None, wait: float | None) -> SendResult:
    """What follows from an answer that is no success; `wait` is its Retry-After in seconds."""
    if status in (502, 504) or (refusal is None and status != 429):
        return Ambiguous(f"http_{status}")
    if refusal is None:
        return Throttled(wait or THROTTLED[4][0])
    cause = cause_of(refusal)
    if status == 429 and isinstance(cause, Rejected):
        return Throttled(wait or THROTTLED[4][0])
    if status >= 500 and (refusal.code in VAGUE or isinstance(cause, Rejected)):
        return Ambiguous(str(refusal.code))
    if isinstance(cause, Throttled) and wait:
        return Throttled(wait, cause.scope)
    return cause


def refusal_in(body: bytes) -> Refusal | None:
    """The refusal in an answer's body; None when the body is not the Graph API's."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return refusal_of(envelope.get("error")) if isinstance(envelope, dict) else None


def refusal_of(error: Any) -> Refusal | None:
    """One error object, of an answer or of a status; None when it has no code."""
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return None
    data, subcode = error.get("error_data"), error.get("error_subcode")
    details = data.get("details") if isinstance(data, dict) else data
    said = details or error.get("message") or error.get("title")
    trace = error.get("fbtrace_id")
    return Refusal(
        code=error["code"],
        subcode=subcode if isinstance(subcode, int) else None,
        detail=said[:500] if isinstance(said, str) else "",
        trace=trace[:100] if isinstance(trace, str) else "",
    )
