"""An HTTP client that says exactly what it is told to, also what no library would let it say."""

import asyncio
from dataclasses import dataclass

ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; status 0: the connection ended without one."""

    status: int
    body: bytes = b""


class Wire:
    """One connection, kept alive as long as the server likes, opened again when it does not."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._where = host, int(port)
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes, *, last: bool = False) -> Answer:
        """Send a request as it is; with `last` the connection is not used again."""
        if self._open is None:
            self._open = await asyncio.open_connection(*self._where)
        reader, writer = self._open
        writer.write(raw)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer, goes_on = await _answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            answer, goes_on = Answer(0), False
        if last or not goes_on:
            await self.aclose()
        return answer

    async def aclose(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].transport.abort()
            self._open = None


async def _answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """The answer, and whether the connection may be used for another request."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    version, status = first.split()[:2]
    if status == b"100":
        return await _answer(reader)
    told = {name.lower(): value.strip() for name, _, value in (it.partition(b":") for it in lines)}
    body = await reader.readexactly(int(told.get(b"content-length", b"0")))
    kept = version == b"HTTP/1.1" and told.get(b"connection", b"").lower() != b"close"
    return Answer(int(status), body), kept
