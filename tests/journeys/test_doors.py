"""Our webhooks before hostile, clumsy and repeating callers."""

import asyncio
import hashlib
import hmac
import io
import json
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from app.hooks import BODY_BYTES
from emulators.whatsapp import WhatsAppSettings
from storage.tables import events, inbox, quarantine
from tests.journeys.town import Town

WHATSAPP = WhatsAppSettings()


def signed(body: bytes) -> dict[str, str]:
    digest = hmac.new(WHATSAPP.app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


async def post(town: Town, path: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    url = f"{town.address}/webhooks/{path}"
    async with town.session.post(url, data=io.BytesIO(body), headers=headers) as it:
        return it.status


async def counted(town: Town, table: sa.Table) -> int:
    async with town.ledger() as work:
        total: int = (
            await work.connection.execute(sa.select(sa.func.count()).select_from(table))
        ).scalar_one()
        return total


def hello(wamid: str) -> bytes:
    message = {
        "from": "79160000002",
        "id": wamid,
        "timestamp": "1763800000",
        "type": "text",
        "text": {"body": "Привет"},
    }
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "1", "phone_number_id": WHATSAPP.phone_id},
        "contacts": [{"profile": {"name": "Вера"}, "wa_id": "79160000002"}],
        "messages": [message],
    }
    changes = [{"field": "messages", "value": value}]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    ).encode()


FORGED = [
    ("telegram/main", b"{}", {}),
    ("telegram/main", b"{}", {"X-Telegram-Bot-Api-Secret-Token": "wrong"}),
    ("telegram/main", b"{}", {"X-Telegram-Bot-Api-Secret-Token": "п"}),
    ("vk/main", b'{"type":"message_new","group_id":200001,"secret":"wrong","object":{}}', {}),
    ("vk/main", b'{"type":"message_new","group_id":1,"object":{}}', {}),
    ("whatsapp/main", b"{}", {}),
    ("whatsapp/main", b"{}", {"X-Hub-Signature-256": "sha256=" + "0" * 64}),
    ("whatsapp/main", b"{}", {"X-Hub-Signature-256": "п"}),
    ("sms/smsc", b"id=1&status=1", {}),
    ("sms/smsc?secret=wrong", b"id=1&status=1", {}),
]


@pytest.mark.parametrize(("path", "body", "headers"), FORGED)
async def test_a_forged_webhook_is_refused_and_not_kept(
    town: Town, path: str, body: bytes, headers: dict[str, str]
) -> None:
    before = await counted(town, inbox)
    assert await post(town, path, body, headers) in (401, 403)
    assert await counted(town, inbox) == before


async def test_an_unknown_channel_or_account_is_not_found(town: Town) -> None:
    assert await post(town, "viber/main", b"{}") == 404
    assert await post(town, "telegram/other", b"{}") == 404
    assert await post(town, "sms/twilio", b"") == 404


async def test_an_oversized_body_is_refused(town: Town) -> None:
    body = b"x" * (BODY_BYTES + 1)
    assert await post(town, "whatsapp/main", body, signed(body)) == 413

    async def pieces() -> Any:
        for _ in range(BODY_BYTES // 65_536 + 2):
            yield b"x" * 65_536

    url = f"{town.address}/webhooks/whatsapp/main"
    try:
        async with town.session.post(url, data=pieces()) as answer:
            assert answer.status == 413
    except aiohttp.ClientConnectionError:
        pass  # it hung up on us in the middle, which is as good


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[" * 100_000, b'{"entry": 7}', b'"\\ud800"', b'{"a":"\\u0000"}', b"\xff"],
)
async def test_authentic_but_unreadable_is_quarantined_and_the_next_is_handled(
    town: Town, body: bytes
) -> None:
    assert await post(town, "whatsapp/main", body, signed(body)) == 200
    good = hello("wamid.GOOD")
    assert await post(town, "whatsapp/main", good, signed(good)) == 200
    await town.quiet()
    assert await counted(town, quarantine) == 1
    assert await counted(town, events) == 1


async def test_a_repeated_webhook_has_one_effect(town: Town) -> None:
    good = hello("wamid.ONCE")
    statuses = await asyncio.gather(
        *(post(town, "whatsapp/main", good, signed(good)) for _ in range(5))
    )
    assert statuses == [200] * 5
    await town.quiet()
    assert await counted(town, inbox) == 5
    assert await counted(town, events) == 1


@pytest.mark.parametrize("host", [b"a b", b"a:99999999", b"[::", b"\xff"])
async def test_a_host_that_is_none_is_no_error_of_ours(town: Town, host: bytes) -> None:
    reader, writer = await asyncio.open_connection(*town.address.removeprefix("http://").split(":"))
    head = b"POST /webhooks/vk/main HTTP/1.1\r\nContent-Length: 2\r\nHost: " + host
    writer.write(head + b"\r\n\r\n{}")
    status = (await reader.readline()).split()[1]
    writer.close()
    assert status.startswith(b"4")
