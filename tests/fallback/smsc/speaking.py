"""The account at SMSC.ru that the tables send from, and whom it writes to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from pydantic import SecretStr

from fallback.gateways import smsc
from tests.bots.tables import Answer, Stub, serving
from vestnik.address import Address
from vestnik.channel import Channel
from vestnik.outbound import Send, Text
from vestnik.richtext import RichText

PHONE = "+79161234567"
DIGITS = "79161234567"
ANNA = Address(smsc.NAME, "main", PHONE)
PASSWORD = "hunter2-of-smsc"


def settings(**changed: Any) -> smsc.Settings:
    return smsc.Settings(login="coffee", password=SecretStr(PASSWORD), **changed)


@asynccontextmanager
async def talking(*answers: Answer, **changed: Any) -> AsyncIterator[tuple[Channel, Stub]]:
    async with serving(*answers) as stub:
        channel = smsc.build(settings(**{"api_url": stub.url, **changed}))
        try:
            yield channel, stub
        finally:
            await channel.aclose()


def text(words: str, handle: str = "640") -> Send:
    return Send(ANNA, Text(RichText(words)), handle=handle)


def form_of(stub: Stub, index: int = 0) -> dict[str, str]:
    return dict(parse_qsl(stub.requests[index].body.decode(), keep_blank_values=True))


def error(code: int, message: str = "error") -> dict[str, Any]:
    return {"error": message, "error_code": code, "id": 640}
