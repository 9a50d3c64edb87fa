"""The stored form: what is written is read back, and nothing else is believed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import given

from tests.vestnik import strategies
from vestnik.inbound import DeliveryReported, Inbound
from vestnik.outbound import Button, Message, Template, Text
from vestnik.record import Malformed, decode, encode
from vestnik.route import Route, Step
from vestnik.segment import Fact, Not, Segment, Targeted


def stored(value: object) -> Any:
    """As the database gives it back."""
    return orjson.loads(orjson.dumps(encode(value)))


@given(strategies.messages)
def test_a_message_comes_back(message: Message) -> None:
    assert decode(Message, stored(message)) == message


@given(strategies.inbounds)
def test_an_event_comes_back(inbound: Inbound) -> None:
    assert decode(Inbound, stored(inbound)) == inbound


@given(strategies.routes)
def test_a_route_comes_back(route: Route) -> None:
    assert decode(Route, stored(route)) == route


@given(strategies.segments)
def test_a_segment_comes_back(segment: Segment) -> None:
    assert decode(Segment, stored(segment)) == segment


def test_a_time_is_stored_in_utc() -> None:
    moscow = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=3)))
    assert encode(moscow) == "2026-05-01T09:00:00+00:00"
    assert decode(datetime, "2026-05-01T09:00:00") == datetime(2026, 5, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Sizes:
    """Numbers, for the rows below."""

    count: int
    share: float


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        pytest.param(Segment, {"is": "Everyone"}, '"is" must be one of', id="unknown class"),
        pytest.param(Segment, {"question": "city"}, '"is" must be one of', id="no class"),
        pytest.param(Segment, "city", "expected an object", id="no object"),
        pytest.param(Segment, None, "expected an object", id="nothing"),
        pytest.param(
            Segment,
            {"is": "Fact", "name": "city", "condition": {"is": "OneOf", "values": "x"}},
            "expected a",
        ),
        pytest.param(Segment, {"is": "Fact", "name": 5}, r"\.name: expected str, got 5"),
        pytest.param(
            Segment, {"is": "Not", "part": {"is": "Nobody"}}, r"value\.part", id="deep inside"
        ),
        pytest.param(Segment, {"is": "Targeted"}, "broadcast", id="missing"),
        pytest.param(
            Segment, {"is": "Targeted", "broadcast": 1, "hours": 2}, "Targeted has no hours"
        ),
        pytest.param(
            Segment, {"is": "Targeted", "broadcast": True}, "expected int", id="true is no 1"
        ),
        pytest.param(Sizes, {"count": 1.5, "share": 1}, "expected int, got 1.5", id="half"),
        pytest.param(Sizes, {"count": 1, "share": False}, "expected float", id="false is no 0"),
        pytest.param(Step, {"channel": "vk", "wait_for": "seen"}, "expected one of", id="choice"),
        pytest.param(Button, encode(Template("n", "ru")), '"is" must be Button', id="wrong class"),
        pytest.param(datetime, "yesterday", "ISO 8601", id="no time"),
        pytest.param(datetime, 5, "ISO 8601", id="a number is no time"),
        pytest.param(Route, [{"is": "Step"}], r"value\[0\]", id="place in a list"),
    ],
)
def test_what_does_not_fit_is_told(kind: Any, data: Any, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        decode(kind, data)


def test_an_integer_is_a_float() -> None:
    assert decode(Sizes, {"count": 2, "share": 1}) == Sizes(2, 1.0)


def test_depth_is_bounded() -> None:
    deep: Any = {"is": "Targeted", "broadcast": 1}
    for _ in range(50_000):
        deep = {"is": "Not", "part": deep}
    with pytest.raises(Malformed, match="nested too deeply"):
        decode(Segment, deep)


def test_what_is_left_out_has_its_default() -> None:
    assert decode(Segment, {"is": "Fact", "name": "city"}) == Fact("city")
    assert decode(Segment, {"is": "Not", "part": {"is": "Targeted", "broadcast": 2}}) == Not(
        Targeted(2)
    )
    assert decode(Text, {"body": {"text": "Привет"}}).buttons == ()
    report = stored_report()
    assert decode(DeliveryReported, report).cause is None


def stored_report() -> dict[str, Any]:
    return {
        "event_id": "1",
        "address": {"channel": "sms", "account": "main", "handle": "+79990000000"},
        "author": {"user_id": "1"},
        "at": "2026-05-01T09:00:00+00:00",
        "state": "failed",
    }
