"""A bot that speaks to a stub of the Bot API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from bots.telegram import NAME, Settings, build
from bots.telegram.channel import Telegram
from tests.bots.tables import Answer, Stub, serving
from vestnik.address import Address
from vestnik.outbound import Outbound, Send, Text
from vestnik.richtext import RichText

TOKEN = "42:AAtestTOKENtest"
DONE = Answer({"ok": True, "result": True})
TAKEN = Answer({"ok": True, "result": {"message_id": 17, "date": 1, "chat": {"id": 5001}}})


@asynccontextmanager
async def channel(url: str, **more: Any) -> AsyncIterator[Telegram]:
    built = build(Settings(token=SecretStr(TOKEN), api_url=url, **more))
    try:
        yield built
    finally:
        await built.aclose()


@asynccontextmanager
async def speaking(*answers: Answer, **more: Any) -> AsyncIterator[tuple[Stub, Telegram]]:
    """A stub that gives these answers, and a bot that talks to it."""
    async with serving(*answers) as stub, channel(stub.url, **more) as bot:
        yield stub, bot


def to(handle: str, outbound: Outbound, **more: Any) -> Send:
    return Send(Address(NAME, "main", handle), outbound, **more)


def says(text: str, *buttons: Any, **more: Any) -> Text:
    return Text(RichText(text), buttons=buttons, **more)


def refused(status: int, description: str, **parameters: Any) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return Answer(body | ({"parameters": parameters} if parameters else {}), status)
