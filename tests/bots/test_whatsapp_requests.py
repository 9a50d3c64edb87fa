"""WhatsApp goes out: what is said to the requests of it."""

import logging

import pytest

from bots.whatsapp import LIMITS
from tests.bots.tables import Answer
from tests.bots.whatsapp.outgoing import COPYING, TEN, UNSAYABLE, YES
from tests.bots.whatsapp.rows import REQUESTS
from tests.bots.whatsapp_business import APP_SECRET, HIDDEN, TOKEN, business, talking, text
from vestnik.channel import Channel
from vestnik.fit import Unfit, fit
from vestnik.outbound import Button, Send, Text
from vestnik.outcome import Rejected, Sent

TAKEN = Answer({"messages": [{"id": "wamid.OUT"}], "success": True})


@pytest.mark.parametrize("name", REQUESTS)
async def test_requests(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row = REQUESTS[name]
    async with talking(TAKEN) as (channel, stub):
        send = Send(row.to, row.said, handle="640", recipient=row.known)
        (result,) = await channel.send([send])
    (asked,) = stub.requests
    assert asked.json == row.asks
    assert (asked.method, asked.path) == ("POST", "/v26.0/1065/messages")
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert isinstance(result, Sent)
    assert TOKEN not in caplog.text + repr(result)
    assert APP_SECRET not in caplog.text + repr(result)


@pytest.mark.parametrize("name", [name for name in REQUESTS if name.endswith("limit")])
def test_what_is_at_the_limit_fits(name: str) -> None:
    said = REQUESTS[name].said
    assert isinstance(said, Text)
    assert fit(said, LIMITS) == said


@pytest.mark.parametrize("name", UNSAYABLE)
async def test_what_whatsapp_has_no_message_for(name: str) -> None:
    said, code = UNSAYABLE[name]
    async with talking() as (channel, stub):
        assert list(await channel.send([Send(HIDDEN, said)])) == [Rejected(code)]
    assert stub.requests == []


def test_what_does_not_fit() -> None:
    limits = business().limits
    assert isinstance(fit(text("ж" * 4097), limits), Unfit)
    assert isinstance(fit(text("?", Button("a", "я" * 101)), limits), Unfit)
    eleven = fit(text("?", *TEN, YES), limits)
    assert isinstance(eleven, Text)
    assert eleven.buttons == ()
    assert eleven.body.text.endswith("\n11. Да")


def test_what_is_copied_becomes_a_line() -> None:
    assert fit(COPYING, LIMITS) == text("Код\n\nСкопировать: SALE")


def test_the_layouts_end_with_the_most_buttons() -> None:
    channel: Channel = business()
    assert channel.limits.layouts[-1][1] == channel.limits.buttons
    assert channel.limits.marks_read
