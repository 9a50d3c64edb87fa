"""A community that speaks to a stub of VK's API."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from pydantic import SecretStr

from bots.vk import NAME, Settings, build
from bots.vk.channel import Vk
from tests.bots.tables import Answer, Request, Stub, serving
from vestnik.address import Address
from vestnik.outbound import Button, Outbound, Send, Text
from vestnik.richtext import RichText

TOKEN = "vk1.a.test-token"
SECRET = "agreed_on"
GROUP = 200001
TAKEN = Answer({"response": [{"peer_id": 5001, "message_id": 17, "conversation_message_id": 3}]})


@asynccontextmanager
async def channel(url: str, **more: Any) -> AsyncIterator[Vk]:
    given = {"token": SecretStr(TOKEN), "secret": SecretStr(SECRET), "group_id": GROUP}
    built = build(Settings(**{"api_url": url, **given, **more}))
    try:
        yield built
    finally:
        await built.aclose()


@asynccontextmanager
async def speaking(*answers: Answer, **more: Any) -> AsyncIterator[tuple[Stub, Vk]]:
    """A stub that gives these answers, and a community that talks to it."""
    async with serving(*answers) as stub, channel(stub.url, **more) as community:
        yield stub, community


def to(handle: str, outbound: Outbound, name: str = "7", **more: Any) -> Send:
    """Something for somebody; `name` is the idempotency handle."""
    return Send(Address(NAME, "main", handle), outbound, name, **more)


def says(text: str, *buttons: Any, **more: Any) -> Text:
    return Text(RichText(text), buttons=buttons, **more)


SALE = says("Акция", Button("Хочу", "want"))


def item_of(peer: int) -> dict[str, Any]:
    """A message that a person got, as VK tells of it beside others."""
    return {"peer_id": peer, "message_id": 900 + peer}


def refused(code: int, text: str = "no") -> Answer:
    asked = [{"key": "method", "value": "messages.send"}]
    return Answer({"error": {"error_code": code, "error_msg": text, "request_params": asked}})


def taken(*items: dict[str, Any]) -> Answer:
    """The answer to messages.send with these peers."""
    return Answer({"response": list(items)})


def scripted(*values: Any, errors: Sequence[tuple[int, str]] = ()) -> Answer:
    """The answer to a script of calls; the last error stands there under the script's name too."""
    told = [
        {"method": "messages.send", "error_code": code, "error_msg": text} for code, text in errors
    ]
    extra = [{**told[-1], "method": "execute"}] if told else []
    return Answer({"response": list(values), "execute_errors": told + extra})


def calls(request: Request) -> list[dict[str, Any]]:
    """The parameters of the calls in a script."""
    assert request.path == "/method/execute"
    code = asked(request)["code"].removeprefix("return [").removesuffix("];")
    bare = code.replace("API.messages.send(", "").replace("}),", "},").replace("})", "}")
    listed: list[dict[str, Any]] = json.loads(f"[{bare}]")
    return listed


def asked(request: Request) -> dict[str, str]:
    """The parameters of a request, without those that every request has."""
    given = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    assert given.pop("access_token") == TOKEN
    assert dict(request.query) == {"v": "5.199"}
    return given
