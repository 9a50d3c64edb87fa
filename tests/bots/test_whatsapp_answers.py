"""WhatsApp's answers to outcomes, and its failed statuses to causes."""

import json
import logging

import pytest

from tests.bots.tables import Answer
from tests.bots.whatsapp.rows import ANSWERS
from tests.bots.whatsapp_business import (
    APP_SECRET,
    RECEIVED,
    SCOPED,
    TOKEN,
    business,
    error,
    talking,
    text,
)
from vestnik.channel import Kept
from vestnik.inbound import DeliveryReported
from vestnik.outbound import Acknowledge, Edit, Seen, Send
from vestnik.outcome import Ambiguous, Rejected, Sent, Temporary, Throttled

REPORTED = {name: row for name, row in ANSWERS.items() if row.reported}


@pytest.mark.parametrize("name", ANSWERS)
async def test_answers(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row = ANSWERS[name]
    async with talking(row.answer) as (channel, stub):
        results = list(await channel.send([Send(SCOPED, text("Здравствуйте"))]))
        everything = caplog.text + repr(channel) + repr(vars(channel)) + repr(results)
    assert results == [row.result]
    assert TOKEN not in everything
    assert APP_SECRET not in everything
    assert len(stub.requests) == 1


@pytest.mark.parametrize("name", REPORTED)
def test_the_same_code_in_a_status(name: str) -> None:
    row = REPORTED[name]
    told = row.answer.body["error"]
    status = {"id": "wamid.OUT", "status": "failed", "timestamp": "1763800002", "errors": [told]}
    change = {"field": "messages", "value": {"statuses": [status]}}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    (event,) = business().read(Kept("main", json.dumps(body).encode(), RECEIVED))
    assert isinstance(event, DeliveryReported)
    assert (event.state, event.cause) == ("failed", row.reported)


async def test_a_refusal_is_logged_with_meta_s_trace(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with talking(Answer(error(131009), 400)) as (channel, _):
        await channel.send([Send(SCOPED, text("a"))])
    assert "131009" in caplog.text
    assert "Atrace" in caplog.text


async def test_no_answer_in_time() -> None:
    async with talking(Answer(fault="hang"), timeout=2.0) as (channel, _):
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
    ("answer", "result"),
    [
        (Answer({"success": True}), Sent("")),
        (Answer({"success": False}), Ambiguous("unreadable")),
        (Answer(error(131009), 400), Rejected("131009", "why")),
        (Answer(error(130429), 429), Throttled(5.0)),
        (Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
    ],
)
async def test_read_marks(answer: Answer, result: object) -> None:
    async with talking(answer) as (channel, _):
        assert list(await channel.send([Send(SCOPED, Seen("wamid.IN"))])) == [result]
