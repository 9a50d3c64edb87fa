"""How fast signed webhooks are answered after their commit, beside no commit at all."""

import asyncio
import hashlib
import hmac
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson

from app.bench.ground import Ground, environment
from app.bench.measuring import Taken, interleaved, over, rounded
from app.bench.staff import Wrong
from app.rehearsal.processes import free_port
from app.rehearsal.programs import bare, program
from storage.database import Database

CONNECTIONS = 64
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
}


async def ingest(ground: Ground, webhooks: int, rounds: int) -> Mapping[str, Any]:
    """So many webhooks a round over CONNECTIONS connections, to the web role and to one that
    keeps nothing; the caller is this process."""
    waits: dict[str, list[float]] = {"kept": [], "forgotten": []}
    async with ground.database() as url, _web(ground, url) as web, _door(ground, url) as door:
        requests = [_request(number) for number in range(webhooks)]
        measures = {
            "forgotten": partial(_call, door, requests, waits["forgotten"]),
            "kept": partial(_call, web, requests, waits["kept"]),
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


@asynccontextmanager
async def _web(ground: Ground, url: str) -> AsyncIterator[str]:
    port = free_port()
    settings = environment(url, ground.redis(), "http://127.0.0.1:9") | WHATSAPP
    settings |= {"TELEGRAM_TOKEN": "", "PORT": str(port), "BROADCAST_ROUTE": "whatsapp"}
    role = "web" if settings["REDIS_URL"] else "run"
    log = ground.folder / "web.log"
    async with program(
        "app", role, environment=bare(settings), folder=ground.folder, log=log
    ) as running:
        await running.logs('"listening"')
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _door(ground: Ground, url: str) -> AsyncIterator[str]:
    settings = environment(url, "", "http://127.0.0.1:9") | WHATSAPP | {"TELEGRAM_TOKEN": ""}
    log = ground.folder / "door.log"
    async with program(
        "app.bench.door", environment=bare(settings), folder=ground.folder, heard=True, log=log
    ) as running:
        yield await running.says()


async def _call(address: str, requests: Sequence[bytes], waits: list[float]) -> Taken:
    """All of these, a connection's next one after its answer."""
    left = iter(requests)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_caller(address, left, waits))
    # The callee is another process: what this one's processor does is the caller's cost.
    return Taken(len(requests), time.perf_counter() - began, 0.0)


async def _caller(address: str, left: Iterator[bytes], waits: list[float]) -> None:
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for request in left:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        waits.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise Wrong(f"A webhook was not taken: {head.splitlines()[0].decode()}.")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        await reader.readexactly(int(length or 0))
    writer.close()


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
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


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
