"""The web role as a process, the one that keeps nothing, and a caller that signs its webhooks."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

from app.bench.ground import Ground
from app.bench.measuring import Taken
from app.bench.staff import Wrong
from app.rehearsal.processes import free_port
from app.rehearsal.programs import bare, program

CONNECTIONS = 64


@asynccontextmanager
async def web(ground: Ground, settings: Mapping[str, str]) -> AsyncIterator[str]:
    """The web server of these settings (on SQLite it is the whole platform); gives its address."""
    port = free_port()
    role = "web" if settings["REDIS_URL"] else "run"
    told, log = {**settings, "PORT": str(port)}, ground.folder / "web.log"
    async with program(
        "app", role, environment=bare(told), folder=ground.folder, log=log
    ) as running:
        await running.logs('"listening"')
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def door(ground: Ground, settings: Mapping[str, str]) -> AsyncIterator[str]:
    """The same with a keeper that keeps nothing: the ceiling of any webhook's way in."""
    told, log = {**settings, "REDIS_URL": ""}, ground.folder / "door.log"
    async with program(
        "app.bench.door", environment=bare(told), folder=ground.folder, heard=True, log=log
    ) as running:
        yield await running.says()


async def call(address: str, requests: Sequence[bytes], waits: list[float]) -> Taken:
    """All of these over CONNECTIONS connections, a connection's next one after its answer.

    How long each answer took is added to `waits`, in seconds.
    """
    left = iter(requests)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_caller(address, left, waits))
    # The callee is another process: what this one's processor does is the caller's cost.
    return Taken(len(requests), time.perf_counter() - began, 0.0)


def request(path: str, header: str, body: bytes) -> bytes:
    """A webhook as it goes over the wire; `header` is the one that proves where it is from."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"{header}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _caller(address: str, left: Iterator[bytes], waits: list[float]) -> None:
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for sent in left:
        began = time.perf_counter()
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        waits.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise Wrong(f"A webhook was not taken: {head.splitlines()[0].decode()}.")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        await reader.readexactly(int(length or 0))
    writer.close()
