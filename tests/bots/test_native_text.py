"""One text, four channels: each shows the same words, and its styles lie on whole characters."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from pydantic import SecretStr

from bots import telegram, vk, whatsapp
from fallback.gateways import smsc
from tests.bots.tables import Answer, Stub, serving
from tests.vestnik import strategies
from vestnik.address import Address
from vestnik.channel import Channel
from vestnik.fit import fit
from vestnik.outbound import Send, Text
from vestnik.richtext import STYLES, RichText, Span, Style, utf16_units

MARKS = dict.fromkeys(map(ord, "*_~`"))
TOOK = {
    "telegram": {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 5001}}},
    "vk": {"response": 1},
    "whatsapp": {"messages": [{"id": "wamid.1"}]},
    "sms": {"id": 1, "cnt": 1},
}
# Somebody new for every message: a channel slows down for one person.
NUMBERS = count(1)


@dataclass(frozen=True)
class Wire:
    """A channel that speaks to a stub, and what it was seen to say."""

    runner: asyncio.Runner
    channel: Channel
    stub: Stub

    def says(self, body: RichText) -> Any:
        """The request that the text becomes, as a mapping."""
        limits = replace(self.channel.limits, text=100_000)
        fitted = fit(Text(body), limits)
        assert isinstance(fitted, Text)
        self.stub.requests.clear()
        name = self.channel.name
        number = next(NUMBERS)
        phoned = name in ("whatsapp", "sms")
        to = Address(name, "main", f"+7916{number:07}" if phoned else str(number))
        self.runner.run(self.channel.send([Send(to, fitted, "7")]))
        [request] = self.stub.requests
        if request.headers["Content-Type"].startswith("application/json"):
            return request.json
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def built(name: str, url: str) -> Channel:
    token = SecretStr("42:AAtest")
    match name:
        case "telegram":
            return telegram.build(telegram.Settings(token=token, api_url=url))
        case "vk":
            return vk.build(vk.Settings(token=token, group_id=1, api_url=url))
        case "whatsapp":
            number = whatsapp.Settings(
                token=token, phone_id="1", app_secret=token, verify_token=token, api_url=url
            )
            return whatsapp.build(number)
        case _:
            return smsc.build(smsc.Settings(apikey=token, api_url=url))


@pytest.fixture(scope="module")
def wires() -> Iterator[dict[str, Wire]]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        made: dict[str, Wire] = {}

        async def connect(name: str) -> None:
            stub = await stack.enter_async_context(serving(Answer(TOOK[name])))
            channel = built(name, stub.url)
            stack.push_async_callback(channel.aclose)
            made[name] = Wire(runner, channel, stub)

        for name in TOOK:
            runner.run(connect(name))
        yield made
        runner.run(stack.aclose())


# Providers trim the space around a text; between signs there is none.
bodies = strategies.nested().map(lambda body: RichText("(") + body + RichText(")"))
few = settings(max_examples=60)


@few
@given(bodies)
def test_telegram_shows_the_words_in_their_styles(wires: dict[str, Wire], body: RichText) -> None:
    asked = wires["telegram"].says(body)
    names = {"strike": "strikethrough", "link": "text_link"}
    assert asked["text"] == body.text
    lie_on_characters(body.text, asked.get("entities") or [])
    for style in STYLES:
        entities = [
            it for it in asked.get("entities") or [] if it["type"] == names.get(style, style)
        ]
        assert stretched(body, style) == {place for it in entities for place in units(it)}


@few
@given(bodies)
def test_vk_shows_the_words_in_its_styles(wires: dict[str, Wire], body: RichText) -> None:
    asked = wires["vk"].says(body)
    items = json.loads(asked.get("format_data", '{"items": []}'))["items"]
    assert asked["message"].startswith(body.text)
    lie_on_characters(asked["message"], items)
    named: dict[Style, str] = {"bold": "bold", "italic": "italic", "link": "url"}
    for style, kind in named.items():
        places = {place for it in items if it["type"] == kind for place in units(it)}
        assert stretched(body, style) == places


@few
@given(bodies)
def test_whatsapp_shows_the_words_between_marks(wires: dict[str, Wire], body: RichText) -> None:
    said = wires["whatsapp"].says(body)["text"]["body"]
    assert said.translate(MARKS) == body.spelled().text.translate(MARKS)
    plain = wires["whatsapp"].says(replace(body, spans=()))["text"]["body"]
    assert plain == body.text


@few
@given(bodies)
def test_an_sms_is_the_words(wires: dict[str, Wire], body: RichText) -> None:
    assert wires["sms"].says(body)["mes"] == body.spelled().text


def lie_on_characters(text: str, entities: list[dict[str, Any]]) -> None:
    """Each lies within the text and halves no character."""
    encoded = text.encode("utf-16-le")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        assert 0 <= start < end <= len(encoded) // 2
        for part in (encoded[: 2 * start], encoded[2 * start : 2 * end], encoded[2 * end :]):
            part.decode("utf-16-le", "strict")


def units(entity: dict[str, Any]) -> range:
    start: int = entity["offset"]
    return range(start, start + entity["length"])


def stretched(body: RichText, style: Style) -> set[int]:
    """The UTF-16 units that have this style."""
    spans: list[Span] = [span for span in body.spans if span.style == style]
    return {
        place
        for span in spans
        for place in range(utf16_units(body.text[: span.start]), utf16_units(body.text[: span.end]))
    }
