"""What VK's errors and the network's failures mean for a message."""

from typing import Literal

import aiohttp

from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Declined,
    Rejected,
    SendResult,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)

Reaction = Literal[
    "slow_down",
    "flooded",
    "quota",
    "unclear",
    "later",
    "down",
    "blocked",
    "no_account",
    "not_allowed",
    "declined",
    "window",
    "wrong",
]

# vk-api-schema 5.199, errors.json (its texts) and messages/methods.json.
_CODES: tuple[tuple[Reaction, tuple[int, ...]], ...] = (
    ("slow_down", (6,)),  # over 20 requests a second
    ("flooded", (9,)),  # over 1000 messages an hour to one person, or the same too often
    ("quota", (29,)),  # the method's quota of the hour or the day
    ("unclear", (1, 10, 36)),  # an error inside VK: whether the message left is not said
    ("unclear", (13,)),  # a script broke off: what it did before stands
    ("later", (12, 22, 32, 43, 103, 105)),
    ("down", (4, 5, 16, 25, 27, 28, 1114, 1116, 1117, 1118, 3609)),  # the token does not hold
    ("down", (7, 15, 20, 21, 23, 42, 203)),  # it may not do this, or not from this address
    ("down", (14, 17, 24, 3300, 3301, 3302, 3303, 3304)),  # VK wants to see a human being
    ("down", (2, 3, 34, 35, 38, 40, 101, 125, 912)),  # settings, ours or the community's
    ("blocked", (900,)),
    ("no_account", (18, 37, 39, 113, 936, 3610)),
    ("not_allowed", (30, 901, 902, 962, 985, 987, 988)),
    ("not_allowed", (917, 922, 925, 927, 932, 935, 945, 946, 1012)),  # group chats
    ("declined", (943, 944)),  # this intent for this person, now
    ("window", (950,)),
    ("wrong", (8, 100, 129, 910, 911, 913, 914, 921, 940, 969)),
    ("wrong", (104, 909, 920, 924, 949)),  # the message to edit
)
REACTIONS: dict[int, Reaction] = {code: reaction for reaction, codes in _CODES for code in codes}

# A script that VK could not read did nothing.
UNREAD_SCRIPT = 12
# What messages.edit says of a message that it cannot edit, now or ever. There 15 speaks of the
# message, not of the token.
UNEDITABLE = frozenset((15, 100, 104, 909, 920, 924, 949))

# 6: the bucket is a second's; the others in minutes to hours (VK gives no time to wait).
SLOW_DOWN_SECONDS = 1.0
FLOODED_SECONDS = 600.0
QUOTA_SECONDS = 3_600.0
LONGEST_PAUSE_SECONDS = 3_600.0


class CallFailed(Exception):
    """A call brought no response; `result` says what that means for what was being sent.

    `code` is VK's error, None where VK did not answer.
    """

    def __init__(self, why: str, result: SendResult, code: int | None = None) -> None:
        super().__init__(why)
        self.result = result
        self.code = code


def refusal(code: int, text: str) -> SendResult:
    """What an error of VK's means."""
    match REACTIONS.get(code, _unknown(code)):
        case "slow_down":
            return Throttled(SLOW_DOWN_SECONDS)
        case "flooded":
            return Throttled(FLOODED_SECONDS, "address")
        case "quota":
            return Throttled(QUOTA_SECONDS)
        case "unclear":
            return Ambiguous(str(code))
        case "later":
            return Temporary(str(code))
        case "down":
            return ChannelDown(f"VK error {code}: {text}")
        case "declined":
            return Declined(str(code))
        case "window":
            return WindowClosed(str(code))
        case "wrong":
            return Rejected(str(code), text)
        case "blocked" | "no_account" | "not_allowed" as why:
            return Unreachable(why, str(code))


def _unknown(code: int) -> Reaction:
    # The 900s speak of messages and their recipients; VK adds to them without a notice (979, 983).
    return "not_allowed" if 900 <= code <= 999 else "later"


def refusal_of_one(code: int, text: str) -> SendResult:
    """What an error means that VK gives beside one recipient of several.

    There 100 cannot mean the parameters, which are everybody's: it means this recipient.
    """
    return Unreachable("no_account", "100") if code == 100 else refusal(code, text)


def lost(error: Exception) -> SendResult:
    """What it means that no readable answer came."""
    match error:
        case aiohttp.InvalidURL():
            return ChannelDown("VK_API_URL is not an address")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Temporary(type(error).__name__)
        case aiohttp.ClientResponseError(status=429, headers=headers):
            return Throttled(_seconds(headers.get("Retry-After", "") if headers else ""))
        case aiohttp.ClientResponseError(status=status):
            return Ambiguous(f"http_{status}")
        case UnicodeEncodeError():
            return Rejected("not_unicode", "the text holds half of a character")
        case _:
            return Ambiguous(type(error).__name__)


def _seconds(told: str) -> float:
    asked = float(told) if told.isascii() and told.isdecimal() else SLOW_DOWN_SECONDS
    return min(max(asked, SLOW_DOWN_SECONDS), LONGEST_PAUSE_SECONDS)
