"""How fast signed webhooks are answered after their commit, beside no commit at all."""

import hashlib
import hmac
import statistics
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import orjson

from app.bench.ground import Ground, environment
from app.bench.measuring import interleaved, over, rounded
from app.bench.staff import Wrong
from app.bench.webhooks import CONNECTIONS, call, door, request, web
from storage.database import Database

SECRET = b"made-up"
PATH = "/webhooks/whatsapp/main"
WHATSAPP = {
    "WHATSAPP_TOKEN": "made-up",
    "WHATSAPP_PHONE_ID": "1",
    "WHATSAPP_WABA_ID": "2",
    "WHATSAPP_APP_SECRET": SECRET.decode(),
    "WHATSAPP_VERIFY_TOKEN": "made-up",
    # Nobody answers there: nothing of this leaves the machine.
    "WHATSAPP_API_URL": "http://127.0.0.1:9",
    "TELEGRAM_TOKEN": "",
    "BROADCAST_ROUTE": "whatsapp",
}


async def ingest(ground: Ground, webhooks: int, rounds: int) -> Mapping[str, Any]:
    """So many webhooks a round over CONNECTIONS connections, to the web role and to one that
    keeps nothing; the caller is this process."""
    waits: dict[str, list[float]] = {"kept": [], "forgotten": []}
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(ground.database())
        settings = environment(url, ground.redis(), "http://127.0.0.1:9") | WHATSAPP
        kept = await stack.enter_async_context(web(ground, settings))
        nothing = await stack.enter_async_context(door(ground, settings))
        requests = [_request(number) for number in range(webhooks)]
        measures = {
            "forgotten": partial(call, nothing, requests, waits["forgotten"]),
            "kept": partial(call, kept, requests, waits["kept"]),
        }
        series = await interleaved(rounds, measures)
        await _all_kept(url, webhooks * rounds)
    return {
        "webhooks": webhooks,
        "rounds": rounds,
        "connections": CONNECTIONS,
        "kept_over_forgotten": over(series, "kept", "forgotten"),
        "p99_ms": {name: _p99(seconds) for name, seconds in waits.items()},
        "webhooks_per_second": {
            name: rounded(statistics.median(it.per_second for it in taken))
            for name, taken in series.items()
        },
        **await ground.told(),
    }


def _request(number: int) -> bytes:
    message = {
        "from": f"7916{number:07}",
        "id": f"wamid.bench{number:012}",
        "timestamp": "1763800000",
        "type": "text",
        "text": {"body": "Здравствуйте! Вы работаете в воскресенье?"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "79990000000", "phone_number_id": "1"},
        "contacts": [{"profile": {"name": "Анна"}, "wa_id": f"7916{number:07}"}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    told = {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}
    body = orjson.dumps(told)
    signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return request(PATH, f"X-Hub-Signature-256: sha256={signature}", body)


async def _all_kept(url: str, webhooks: int) -> None:
    database = Database(url)
    async with database.read() as work:
        found = await work.connection.exec_driver_sql("SELECT count(*) FROM inbox")
        kept: int = found.scalar_one()
    await database.aclose()
    if kept != webhooks:
        raise Wrong(f"Of {webhooks} webhooks that were answered, {kept} are in the inbox.")


def _p99(seconds: Sequence[float]) -> float:
    return rounded(statistics.quantiles(seconds, n=100)[98] * 1_000)
