"""What SMSC.ru's error codes and statuses mean to us.

https://smsc.ru/api/http/ (send: error codes; statuses: codes and reasons); the codes were also
compared with public clients of the service.
"""

from collections.abc import Mapping

from vestnik.inbound import Receipt
from vestnik.outcome import Cause, ChannelDown, Rejected, Temporary, Throttled, Unreachable

# Code 9 asks to wait a minute.
PAUSE_SECONDS = 60.0

REFUSALS: Mapping[int, Cause] = {
    1: Rejected("1", "SMSC.ru does not understand the parameters"),
    2: ChannelDown("SMSC.ru refuses the login, password or key"),
    3: ChannelDown("no funds"),
    4: ChannelDown("SMSC.ru has blocked this server's IP address after too many errors"),
    5: Rejected("5", "the date is not understood"),
    6: Rejected("6", "the text or the sender name is forbidden"),
    7: Unreachable("no_account", "7"),
    8: Unreachable("not_allowed", "8"),
    9: Throttled(PAUSE_SECONDS),
}


def refused(code: int, message: str) -> Cause:
    """What follows from an error code of `send.php`."""
    if code == 9 and "duplicate" in message:
        # The same text to the same number within a minute; others may be written to.
        return Throttled(PAUSE_SECONDS, "address")
    return REFUSALS.get(code, Rejected(str(code), message))


STATES: Mapping[int, Receipt] = {
    -1: "accepted",  # waits for its turn
    0: "accepted",  # handed to the operator
    1: "delivered",
    2: "read",
    4: "read",  # a link in it was clicked
    -2: "failed",  # stopped
    3: "failed",  # expired
    20: "failed",  # cannot be delivered
    22: "failed",  # no such number
    23: "failed",  # forbidden
    24: "failed",  # no funds
    25: "failed",  # the number is out of service
}

# The reason ("err") says more than the status, where it says anything.
_NO_ACCOUNT = frozenset({1, 11, 13, 21, 249})
_NOT_ALLOWED = frozenset({243, 244, 248, 250, 252})
_PASSING = frozenset({6, 12, 219, 220, 237, 240, 241, 245, 246, 247, 251})
_WRONG = frozenset({238, 253, 255})
_DOWN = {
    239: "SMSC.ru refuses this server's IP address",
    254: "the sender name is not registered with the operator",
}
_BY_STATUS: Mapping[int, Cause] = {
    -2: Rejected("stopped", "stopped in the account at SMSC.ru"),
    3: Temporary("expired"),
    20: Unreachable("no_account", "20"),
    22: Unreachable("no_account", "22"),
    23: Rejected("23", "forbidden text, sender name or number"),
    24: ChannelDown("no funds"),
    25: Unreachable("no_account", "25"),
}


def failed(status: int, reason: int) -> Cause:
    """Why a message did not arrive, from a report's `status` and `err`."""
    if reason in _NO_ACCOUNT:
        return Unreachable("no_account", str(reason))
    if reason in _NOT_ALLOWED:
        return Unreachable("not_allowed", str(reason))
    if reason in _PASSING:
        return Temporary(str(reason))
    if reason in _WRONG:
        return Rejected(str(reason))
    if reason in _DOWN:
        return ChannelDown(_DOWN[reason])
    return _BY_STATUS[status]
