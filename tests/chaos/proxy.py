"""A small fault proxy: between us and a provider, or between a provider and us."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Pass:
    """The request goes through, and so does its answer."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The request goes through; its answer waits until it is released."""


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer, for as long as the caller waits. `after` the request went through, or not at all.

    The latter is a half-open connection: the other side is gone and nobody says so.
    """

    after: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is reset instead of an answer, after the request went through."""


@dataclass(frozen=True, slots=True)
class Say:
    """An answer of our own; the request does not go through."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Action = Pass | Hold | Hang | Cut | Say


@dataclass(slots=True)
class Proxy:
    """Listens once started; what matches no plan passes. Connections go to `upstreams` in turn."""

    upstreams: list[str]
    url: str = ""
    requests: list[str] = field(default_factory=list)
    under_way: int = 0
    hanging: int = 0
    held: int = 0
    _plans: list[tuple[str, Iterator[Action]]] = field(default_factory=list)
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _turn: int = 0

    async def start(self) -> None:
        """Listen on a port of its own."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Close every connection."""
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def meet(self, path: str, actions: Iterable[Action]) -> None:
        """The next requests whose target holds `path` meet these, one each."""
        self._plans.append((path, iter(actions)))

    def calm(self) -> None:
        """Plan nothing more; answers that are held go on."""
        self._plans.clear()
        self._open.set()

    def count(self, path: str) -> int:
        """How many requests came whose target holds `path`."""
        return sum(path in target for target in self.requests)

    def _next(self, target: str) -> Action:
        self.requests.append(target)
        for path, actions in self._plans:
            if path in target and (action := next(actions, None)) is not None:
                if isinstance(action, Hold):
                    self._open.clear()
                return action
        return Pass()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        upstream = await self._connected()
        if upstream is None:
            writer.transport.abort()
            return
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    await self._serve((reader, writer), upstream)
        finally:
            writer.transport.abort()
            upstream[1].transport.abort()

    async def _connected(self) -> "_Streams | None":
        """A connection to the next upstream that listens."""
        self._turn += 1
        for place in range(len(self.upstreams)):
            address = urlsplit(self.upstreams[(self._turn + place) % len(self.upstreams)])
            with suppress(OSError):
                return await asyncio.open_connection(address.hostname, address.port)
        return None

    async def _serve(self, caller: "_Streams", upstream: "_Streams") -> None:
        request, target = await _read(caller[0])
        self.under_way += 1
        try:
            await self._meet(request, self._next(target), caller, upstream)
        finally:
            self.under_way -= 1

    async def _meet(
        self, request: bytes, action: Action, caller: "_Streams", upstream: "_Streams"
    ) -> None:
        if isinstance(action, Say):
            caller[1].write(_answer(action))
            return
        if action == Hang(after=False):
            await self._hang(caller)
        upstream[1].write(request)
        answer, _ = await _read(upstream[0])
        match action:
            case Hang():
                await self._hang(caller)
            case Cut():
                raise ConnectionResetError
            case Hold():
                self.held += 1
                await self._open.wait()
                self.held -= 1
            case Pass():
                pass
        caller[1].write(answer)

    async def _hang(self, caller: "_Streams") -> None:
        self.hanging += 1
        try:
            await caller[0].read(1)
        finally:
            self.hanging -= 1
        raise ConnectionResetError


_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, str]:
    """One HTTP message whose body has a length or is chunked, and its request's target."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (it.partition(":") for it in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join([chunk async for chunk in _chunks(reader)])
    return head + body, first.split(" ")[1]


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    size = b"1"
    while int(size, 16):
        size = await reader.readuntil(b"\r\n")
        yield size + await reader.readexactly(int(size, 16) + 2)


def _answer(say: Say) -> bytes:
    headers = {"Content-Type": "application/json", "Content-Length": str(len(say.body))}
    lines = [f"{name}: {value}" for name, value in {**headers, **say.headers}.items()]
    return "\r\n".join([f"HTTP/1.1 {say.status} Fault", *lines, "", ""]).encode() + say.body
