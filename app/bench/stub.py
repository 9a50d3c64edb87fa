"""A Telegram that accepts everything at once: what a benchmark sends to, in its own process."""

import asyncio
import itertools
import sys

_numbers = itertools.count(1)


class Accepting(asyncio.Protocol):
    """Answers each HTTP request with an accepted message; keeps connections open."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (whole := _whole_request(self._buffer)) is not None:
            self._buffer = self._buffer[whole:]
            if self._transport:
                self._transport.write(_answer())


def _whole_request(buffer: bytes) -> int | None:
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return None
    length = 0
    for line in buffer[:head].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    whole = head + 4 + length
    return whole if len(buffer) >= whole else None


def _answer() -> bytes:
    message = (
        b'{"ok":true,"result":{"message_id":%d,"date":1763800000,'
        b'"chat":{"id":1,"type":"private"},"text":"ok"}}' % next(_numbers)
    )
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(message),
        message,
    )


async def serve() -> None:
    """Listen on a free port and print it; end with standard input."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Accepting, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
