"""A community that speaks to a stub of VK's API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from pydantic import SecretStr

from bots.vk import NAME, Settings, build
from bots.vk.channel import Vk
from tests.bots.tables import Answer, Request, Stub, serving
from vestnik.address import Address
from vestnik.outbound import Outbound, Send, Text
from vestnik.richtext import RichText

TOKEN = "vk1.a.test-token"
SECRET = "agreed_on"
GROUP = 200001
TAKEN = Answer({"response": [{"peer_id": 5001, "message_id": 17, "conversation_message_id": 3}]})


@asynccontextmanager
async def channel(url: str, **more: Any) -> AsyncIterator[Vk]:
    given = {"token": SecretStr(TOKEN), "secret": SecretStr(SECRET), "group_id": GROUP}
    built = build(Settings(**{"api_url": url, "timeout": 0.4, **given, **more}))
    try:
        yield built
    finally:
        await built.aclose()


@asynccontextmanager
async def speaking(*answers: Answer, **more: Any) -> AsyncIterator[tuple[Stub, Vk]]:
    """A stub that gives these answers, and a community that talks to it."""
    async with serving(*answers) as stub, channel(stub.url, **more) as community:
        yield stub, community


def to(handle: str, outbound: Outbound, name: str = "7") -> Send:
    """Something for somebody; `name` is the idempotency handle."""
    return Send(Address(NAME, "main", handle), outbound, name)


def says(text: str, *buttons: Any, **more: Any) -> Text:
    return Text(RichText(text), buttons=buttons, **more)


def refused(code: int, text: str = "no") -> Answer:
    asked = [{"key": "method", "value": "messages.send"}]
    return Answer({"error": {"error_code": code, "error_msg": text, "request_params": asked}})


def taken(*items: dict[str, Any]) -> Answer:
    """The answer to messages.send with these peers."""
    return Answer({"response": list(items)})


def asked(request: Request) -> dict[str, str]:
    """The parameters of a request, without those that every request has."""
    given = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    assert given.pop("access_token") == TOKEN
    assert dict(request.query) == {"v": "5.199"}
    return given
