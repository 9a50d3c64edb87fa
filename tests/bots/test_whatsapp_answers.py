"""WhatsApp's answers to outcomes."""

import logging
from dataclasses import dataclass

import pytest

from bots.whatsapp.errors import Refusal, cause_of
from tests.bots.tables import Answer
from tests.bots.whatsapp_business import APP_SECRET, SCOPED, TOKEN, business, error, talking, text
from vestnik.outbound import Acknowledge, Edit, Send
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)


@dataclass(frozen=True)
class Outcome:
    label: str
    answer: Answer
    result: SendResult


OUTCOMES = [
    Outcome("taken", Answer({"messages": [{"id": "wamid.OUT"}]}), Sent("wamid.OUT")),
    Outcome(
        "taken, held for its quality",
        Answer(
            {"messages": [{"id": "wamid.OUT", "message_status": "held_for_quality_assessment"}]}
        ),
        Sent("wamid.OUT"),
    ),
    Outcome("throttled", Answer(error(130429), 429), Throttled(5.0)),
    Outcome(
        "throttled with a wait", Answer(error(130429), 429, {"Retry-After": "3"}), Throttled(3.0)
    ),
    Outcome(
        "throttled for rubbish", Answer(error(4), 429, {"Retry-After": "soon"}), Throttled(60.0)
    ),
    Outcome("throttled for ever", Answer(error(4), 429, {"Retry-After": "inf"}), Throttled(60.0)),
    Outcome("throttled to one person", Answer(error(131056), 400), Throttled(6.0, "address")),
    Outcome("an unknown code with 429", Answer(error(999), 429), Throttled(60.0)),
    Outcome("429 of a proxy", Answer(b"slow", 429, {"Retry-After": "30"}), Throttled(30.0)),
    Outcome("server error: overload", Answer(error(2), 503), Temporary("2")),
    Outcome("server error: unavailable", Answer(error(131016), 500), Temporary("131016")),
    Outcome("server error: something", Answer(error(131000), 500), Ambiguous("131000")),
    Outcome("server error: an unknown code", Answer(error(999), 500), Ambiguous("999")),
    Outcome("server error: 502 in an envelope", Answer(error(2), 502), Ambiguous("http_502")),
    Outcome("server error: 504", Answer(b"<html>504</html>", 504), Ambiguous("http_504")),
    Outcome("server error: HTML", Answer(b"<html>", 503), Ambiguous("http_503")),
    Outcome("invalid request or server error", Answer(error(1), 400), Temporary("1")),
    Outcome("unreachable", Answer(error(131026), 400), Unreachable("no_account", "131026")),
    Outcome(
        "a stop to advertising", Answer(error(131050), 400), Unreachable("opted_out", "131050")
    ),
    Outcome("advertising held back", Answer(error(131049), 400), Temporary("131049")),
    Outcome("the window is closed", Answer(error(131047), 400), WindowClosed("131047")),
    Outcome("too long", Answer(error(131009), 400), Rejected("131009", "why")),
    Outcome(
        "details as a string", Answer(error(100, error_data="bad"), 400), Rejected("100", "bad")
    ),
    Outcome("a wrong template", Answer(error(132000), 400), Rejected("132000", "why")),
    Outcome("a paused template", Answer(error(132015), 400), Rejected("132015", "why")),
    Outcome(
        "the token is gone",
        Answer(error(190), 401),
        ChannelDown("the access token has expired or is wrong (190)"),
    ),
    Outcome(
        "no permission", Answer(error(200), 403), ChannelDown("the token lacks a permission (200)")
    ),
    Outcome(
        "no such number",
        Answer(error(100, error_subcode=33), 400),
        ChannelDown("there is no such number for this token: check WHATSAPP_PHONE_ID (100)"),
    ),
    Outcome("no payment", Answer(error(131042), 400), ChannelDown("a payment problem (131042)")),
    Outcome("a success without an id", Answer({"messages": []}), Ambiguous("unreadable")),
    Outcome("a success in HTML", Answer(b"<html>"), Ambiguous("unreadable")),
    Outcome("an empty success", Answer(b""), Ambiguous("unreadable")),
    Outcome("a depth bomb", Answer(b"[" * 100_000), Ambiguous("unreadable")),
    Outcome("an error that is none", Answer({"error": "x"}, 400), Ambiguous("http_400")),
    Outcome("moved", Answer(b"", 302, {"Location": "/elsewhere"}), Ambiguous("http_302")),
    Outcome("broken off", Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
]


@pytest.mark.parametrize("row", OUTCOMES, ids=lambda row: row.label)
async def test_outcomes(row: Outcome, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with talking(row.answer) as (channel, stub):
        assert list(await channel.send([Send(SCOPED, text("Здравствуйте"))])) == [row.result]
        everything = caplog.text + repr(channel) + repr(vars(channel))
        assert TOKEN not in everything
        assert APP_SECRET not in everything
    assert len(stub.requests) == 1


async def test_a_refusal_is_logged_with_meta_s_trace(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with talking(Answer(error(131009), 400)) as (channel, _):
        await channel.send([Send(SCOPED, text("a"))])
    assert "131009" in caplog.text
    assert "Atrace" in caplog.text


async def test_no_answer_in_time() -> None:
    async with talking(Answer(fault="hang"), timeout=0.2) as (channel, _):
        (result,) = await channel.send([Send(SCOPED, text("a"))])
    assert isinstance(result, Ambiguous)


async def test_nobody_listens() -> None:
    async with talking() as (_, stub):
        gone = stub.url
    channel = business(api_url=gone)
    assert list(await channel.send([Send(SCOPED, text("a"))])) == [
        Temporary("ClientConnectorError")
    ]
    await channel.aclose()


async def test_a_batch_keeps_each_person_s_order_and_minds_a_pause() -> None:
    taken = Answer({"messages": [{"id": "wamid.1"}]})
    async with talking(taken, Answer(error(131056), 429), taken) as (channel, stub):
        results = await channel.send([Send(SCOPED, text(words)) for words in ("one", "two", "3")])
    paused = Throttled(6.0, "address")
    assert list(results) == [Sent("wamid.1"), paused, paused]
    assert [asked.json["text"]["body"] for asked in stub.requests] == ["one", "two"]


async def test_edits_are_refused_and_presses_need_no_answer() -> None:
    async with talking() as (channel, stub):
        batch = [Send(SCOPED, Acknowledge("1")), Send(SCOPED, Edit("wamid.OUT", text("b")))]
        assert list(await channel.send(batch)) == [Sent(""), Rejected("edit_unsupported")]
    assert stub.requests == []


@pytest.mark.parametrize(
    "code",
    [0, 10, 190, 299, 368, 131031, 131042, 131048, 133010],
)
def test_an_account_s_trouble_pauses_the_channel(code: int) -> None:
    assert isinstance(cause_of(Refusal(code)), ChannelDown)
