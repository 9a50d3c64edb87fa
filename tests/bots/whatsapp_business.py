"""The business number that WhatsApp's tables speak as, and addresses that it writes to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bots import whatsapp
from tests.bots.tables import Answer, Stub, serving
from vestnik.address import Address
from vestnik.channel import Channel
from vestnik.outbound import AnyButton, Text
from vestnik.richtext import RichText

TOKEN = "EAAsecretofthesystemuser"
APP_SECRET = "app-secret-for-tests"
PHONE_ID = "1065"
RECEIVED = datetime(2025, 11, 22, 10, 0, tzinfo=UTC)

SCOPED = Address(whatsapp.NAME, "main", "RU.1349120")
BY_NUMBER = Address(whatsapp.NAME, "main", "+79990003344")
HIDDEN = Address(whatsapp.NAME, "main", "RU.77")


def settings(**changed: Any) -> whatsapp.Settings:
    return whatsapp.Settings(
        **{
            "token": SecretStr(TOKEN),
            "phone_id": PHONE_ID,
            "waba_id": "1022",
            "app_secret": SecretStr(APP_SECRET),
            "verify_token": SecretStr("верь мне"),
            **changed,
        }
    )


def business(**changed: Any) -> whatsapp.WhatsApp:
    return whatsapp.build(settings(**changed))


@asynccontextmanager
async def talking(*answers: Answer, **changed: Any) -> AsyncIterator[tuple[Channel, Stub]]:
    """The channel and the provider it talks to."""
    async with serving(*answers) as stub:
        channel = business(**{"api_url": stub.url, **changed})
        try:
            yield channel, stub
        finally:
            await channel.aclose()


def text(words: str, *buttons: AnyButton, **more: Any) -> Text:
    return Text(RichText(words), buttons, **more)


def error(code: int, **more: Any) -> dict[str, Any]:
    """The Graph API's envelope of a refusal."""
    told = {"message": f"(#{code})", "type": "OAuthException", "code": code, "fbtrace_id": "Atrace"}
    return {"error": told | {"error_data": {"details": "why"}} | more}
