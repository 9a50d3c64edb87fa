"""What the channels' tables share: a provider that records requests and answers as told."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came over the wire."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer: JSON, or text and bytes as they are; or a fault instead of an answer.

    hang: never answers. reset, close: the connection ends after the request was read.
    """

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: Literal["hang", "reset", "close"] | None = None


class Stub:
    """A provider: the answers in their order, the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers) or [Answer()]
        self.requests: list[Request] = []
        self.arrived = asyncio.Event()
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.requests.append(
            Request(request.method, request.path, request.query, request.headers, body)
        )
        self.arrived.set()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.fault is not None:
            await _fail(request, answer.fault)
        if isinstance(answer.body, str | bytes):
            raw = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
            return web.Response(body=raw, status=answer.status, headers=answer.headers)
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)


async def _fail(request: web.Request, fault: str) -> None:
    if fault == "hang":
        await asyncio.Event().wait()
    assert request.transport is not None
    if fault == "reset":
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[Stub]:
    """A stub on a free port of 127.0.0.1; its address is `stub.url`."""
    stub = Stub(*answers)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield stub
    finally:
        await runner.cleanup()
