"""What Meta answers to a message, and what it means to us; at once, or later in a status.

The codes are those of the error table of Meta's page (see bots/whatsapp/errors.py).
"""

from dataclasses import dataclass
from typing import Any

from tests.bots.tables import Answer
from tests.bots.whatsapp_business import error
from vestnik.outcome import (
    Ambiguous,
    Cause,
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


@dataclass(frozen=True)
class Row:
    """An answer and its result; `code` and `reported`: the same code in a failed status."""

    answer: Answer
    result: SendResult
    code: int | None = None
    reported: Cause | None = None


def refused(
    code: int, status: int, result: SendResult, reported: Cause | None = None, **more: Any
) -> Row:
    """A refusal that means the same in a status, unless told otherwise."""
    later = reported or (None if isinstance(result, Sent | Ambiguous) else result)
    return Row(Answer(error(code, **more), status), result, code, later)


def down(code: int, status: int, why: str, *, bulk: bool = False) -> Row:
    return refused(code, status, ChannelDown(f"{why} ({code})", bulk=bulk))


def wrong(code: int, status: int = 400) -> Row:
    """What would be refused for everybody."""
    return refused(code, status, Rejected(str(code), "why"))


def temporary(code: int, status: int) -> Row:
    return refused(code, status, Temporary(str(code)))


def declined(code: int) -> Row:
    return refused(code, 400, Declined(str(code)))


LACKS = "the app lacks a permission"
NO_NUMBER = "there is no such number for this token: check WHATSAPP_PHONE_ID (100)"
TAKEN = Answer({"messages": [{"id": "wamid.OUT"}]})
HELD = Answer({"messages": [{"id": "wamid.OUT", "message_status": "held_for_quality_assessment"}]})

_REFUSALS: dict[str, Row] = {
    "0_token_refused": down(0, 401, "the access token is not accepted"),
    "1_something": refused(1, 400, Temporary("1")),
    "1_something_of_the_server": refused(1, 500, Ambiguous("1"), Temporary("1")),
    "2_overload": temporary(2, 503),
    "3_capability": down(3, 500, LACKS),
    "10_permission": down(10, 403, LACKS),
    "200_permission": down(200, 403, "the token lacks a permission"),
    "299_permission": down(299, 403, "the token lacks a permission"),
    "4_calls_of_the_app": refused(4, 429, Throttled(60.0)),
    "33_number_deleted": down(33, 400, "the business number does not exist any more"),
    "100_parameter": wrong(100),
    "100_no_such_number": refused(100, 400, ChannelDown(NO_NUMBER), error_subcode=33),
    "190_token_expired": down(190, 401, "the access token has expired or is wrong"),
    "368_policy": down(368, 403, "the account is restricted for violating a policy"),
    "80007_calls_of_the_account": refused(80007, 429, Throttled(60.0)),
    "130403_blocked_by_us": wrong(130403),
    "130429_throughput": refused(130429, 429, Throttled(5.0)),
    "130472_experiment": declined(130472),
    "130497_country": refused(130497, 403, Unreachable("not_allowed", "130497")),
    "131000_something": refused(131000, 500, Ambiguous("131000"), Temporary("131000")),
    "131005_permission": down(131005, 403, "the token lacks a permission for this number"),
    "131008_parameter_missing": wrong(131008),
    "131009_parameter_wrong": wrong(131009),
    "131016_unavailable": temporary(131016, 500),
    "131021_to_ourselves": wrong(131021),
    "131026_undeliverable": refused(131026, 400, Unreachable("no_account", "131026")),
    "131030_not_on_the_test_list": wrong(131030),
    "131031_locked": down(131031, 403, "the account is locked"),
    "131037_display_name": down(131037, 400, "the number's display name is not approved"),
    "131042_payment": down(131042, 400, "a payment problem"),
    "131045_registration": down(131045, 500, "the number's registration is broken"),
    "131047_window": refused(131047, 400, WindowClosed("131047")),
    "131048_spam": down(
        131048, 429, "the number is restricted: too many people blocked or reported it", bulk=True
    ),
    "131049_enough_advertising": declined(131049),
    "131050_stopped_advertising": refused(131050, 400, Unreachable("opted_out", "131050")),
    "131051_type": wrong(131051),
    "131052_their_file": wrong(131052),
    "131053_our_file": temporary(131053, 400),
    "131055_marketing_api": wrong(131055),
    "131056_pair": refused(131056, 429, Throttled(6.0, "address")),
    "131056_pair_with_400": refused(131056, 400, Throttled(6.0, "address")),
    "131057_maintenance": temporary(131057, 500),
    "131060_unavailable_in_the_app": wrong(131060),
    "131062_needs_the_number": declined(131062),
    "131063_marketing_api": wrong(131063),
    "131064_wrong_categories": down(
        131064, 429, "the account is limited: its templates are in the wrong category", bulk=True
    ),
    "132000_values": wrong(132000),
    "132001_no_template": wrong(132001, 404),
    "132005_too_long_when_filled": wrong(132005),
    "132007_content": wrong(132007),
    "132008_value": wrong(132008),
    "132012_format": wrong(132012),
    "132015_paused": wrong(132015),
    "132016_disabled": wrong(132016),
    "132018_validation": wrong(132018),
    "132068_flow_blocked": wrong(132068),
    "132069_flow_throttled": temporary(132069, 400),
    "133000_deregistration": down(133000, 500, "the number's registration is incomplete"),
    "133004_server_busy": temporary(133004, 503),
    "133005_pin": down(133005, 400, "the number's two-step PIN is wrong"),
    "133006_verify": down(133006, 400, "the number has to be verified again"),
    "133008_guesses": down(133008, 400, "too many guesses of the two-step PIN"),
    "133009_too_fast": down(133009, 400, "the two-step PIN was entered too fast"),
    "133010_not_registered": down(133010, 400, "the number is not registered"),
    "133015_just_deleted": down(133015, 400, "the number was deleted a short while ago"),
    "133016_registered_too_often": down(133016, 429, "the number was registered too often"),
    "134011_terms": down(134011, 500, "the payment terms are not accepted"),
    "134100_marketing_api": wrong(134100),
    "134101_marketing_api": wrong(134101),
    "134102_marketing_api": wrong(134102),
    "135000_generic": wrong(135000),
    "137000_identity": wrong(137000),
    "unknown_code": wrong(999),
    "unknown_code_with_429": refused(999, 429, Throttled(60.0), Rejected("999", "why")),
    "unknown_code_with_500": refused(999, 500, Ambiguous("999"), Rejected("999", "why")),
    "details_as_a_string": refused(100, 400, Rejected("100", "bad"), error_data="bad"),
}

ANSWERS: dict[str, Row] = _REFUSALS | {
    "taken": Row(TAKEN, Sent("wamid.OUT")),
    "taken_and_held_for_its_quality": Row(HELD, Sent("wamid.OUT")),
    "throttled": Row(Answer(error(130429), 429, {"Retry-After": "3"}), Throttled(3.0)),
    "throttled_for_rubbish": Row(Answer(error(4), 429, {"Retry-After": "soon"}), Throttled(60.0)),
    "throttled_for_ever": Row(Answer(error(4), 429, {"Retry-After": "inf"}), Throttled(60.0)),
    "throttled_by_a_proxy": Row(Answer(b"slow", 429, {"Retry-After": "30"}), Throttled(30.0)),
    "server_error": Row(Answer(b"<html>", 503), Ambiguous("http_503")),
    "bad_gateway_in_an_envelope": Row(Answer(error(2), 502), Ambiguous("http_502")),
    "gateway_timeout": Row(Answer(b"<html>504</html>", 504), Ambiguous("http_504")),
    "unreachable": _REFUSALS["131026_undeliverable"],
    "success_without_an_id": Row(Answer({"messages": []}), Ambiguous("unreadable")),
    "success_in_html": Row(Answer(b"<html>"), Ambiguous("unreadable")),
    "success_of_nothing": Row(Answer(b""), Ambiguous("unreadable")),
    "success_of_great_depth": Row(Answer(b"[" * 100_000), Ambiguous("unreadable")),
    "success_of_great_length": Row(Answer(b" " * (8 * 2**20 + 1)), Ambiguous("Overlong")),
    "error_that_is_none": Row(Answer({"error": "x"}, 400), Ambiguous("http_400")),
    "moved": Row(Answer(b"", 302, {"Location": "/elsewhere"}), Ambiguous("http_302")),
    "broken_off": Row(Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
}
