"""What VK answers, and what it means for the message."""

from collections.abc import Callable

from tests.bots.tables import Answer
from tests.bots.vk.speaking import TAKEN, refused, taken
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Declined,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)

NO = "no"


def beside(code: int) -> Answer:
    """An error beside the recipient, in an answer that is none itself."""
    error = {"code": code, "description": NO}
    return taken({"peer_id": 5001, "message_id": 0, "error": error})


def _down(code: int) -> SendResult:
    return ChannelDown(f"VK error {code}: {NO}")


def _wrong(code: int) -> SendResult:
    return Rejected(str(code), NO)


# Every code that the reference names (its C3), by what it means.
_CODES: tuple[tuple[Callable[[int], SendResult], tuple[int, ...]], ...] = (
    (lambda _: Throttled(1), (6,)),
    (lambda _: Throttled(600, "address"), (9,)),
    (lambda _: Throttled(3600), (29,)),
    (lambda code: Ambiguous(str(code)), (1, 10, 13, 36)),
    (lambda code: Temporary(str(code)), (12, 22, 32, 43, 103, 105)),
    (_down, (5, 7, 14, 15, 17, 20, 21, 23, 24, 27, 28, 42, 912, 1117, 3300)),
    (lambda code: Unreachable("blocked", str(code)), (900,)),
    (lambda code: Unreachable("no_account", str(code)), (18, 37, 113, 936)),
    (lambda code: Unreachable("not_allowed", str(code)), (30, 901, 902, 962, 985, 987, 988)),
    (
        lambda code: Unreachable("not_allowed", str(code)),
        (917, 922, 925, 927, 932, 935, 945, 946, 1012, 979, 983),
    ),
    (lambda code: Declined(str(code)), (943, 944)),
    (lambda code: WindowClosed(str(code)), (950,)),
    (_wrong, (8, 100, 104, 909, 910, 911, 913, 914, 920, 921, 924, 940, 969)),
)
REFUSALS = {code: meaning(code) for meaning, codes in _CODES for code in codes}

ANSWERS: dict[str, tuple[Answer, SendResult]] = {
    "taken": (TAKEN, Sent("17")),
    "taken_a_bare_number": (Answer({"response": 17}), Sent("17")),
    "throttled": (refused(6), Throttled(1)),
    "server_error": (Answer({"error": "x"}, 500), Ambiguous("http_500")),
    "unreachable": (refused(901), Unreachable("not_allowed", "901")),
    **{f"error_{code}": (refused(code), result) for code, result in REFUSALS.items()},
    **{
        f"error_{code}_beside": (beside(code), result)
        for code, result in REFUSALS.items()
        if code != 100
    },
    "no_such_peer_among_several": (beside(100), Unreachable("no_account", "100")),
    "unheard_of": (refused(4242), Temporary("4242")),
    "throttled_by_a_proxy": (Answer("<html>", 429, {"Retry-After": "30"}), Throttled(30)),
    "throttled_by_a_proxy_garbage": (Answer("", 429, {"Retry-After": "soon"}), Throttled(1)),
    "throttled_by_a_proxy_for_years": (
        Answer("", 429, {"Retry-After": "9" * 400}),
        Throttled(3600),
    ),
    "error_without_a_code": (Answer({"error": {"error_msg": "?"}}), Ambiguous("unreadable")),
    "error_without_a_code_beside": (
        taken({"peer_id": 5001, "error": {}}),
        Ambiguous("unreadable"),
    ),
    "html": (Answer("<html>Bad Gateway</html>", 502), Ambiguous("http_502")),
    "html_with_success": (Answer("<html>Hello</html>"), Ambiguous("unreadable")),
    "empty": (Answer(""), Ambiguous("unreadable")),
    "depth_bomb": (Answer("[" * 100_000), Ambiguous("unreadable")),
    "a_list": (Answer([1]), Ambiguous("unreadable")),
    "not_unicode": (Answer(b'{"response": "\xff"}'), Ambiguous("UnicodeDecodeError")),
    "not_mentioned": (taken({"peer_id": 5002, "message_id": 1}), Ambiguous("not_mentioned")),
    "no_number": (taken({"peer_id": 5001}), Ambiguous("unreadable")),
    "response_of_another_kind": (Answer({"response": "ok"}), Ambiguous("not_mentioned")),
    "reset": (Answer(fault="reset"), Ambiguous("ClientOSError")),
    "closed": (Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
    "hangs": (Answer(fault="hang"), Ambiguous("TimeoutError")),
}
