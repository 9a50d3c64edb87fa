"""A Telegram that accepts everything: what a benchmark sends to, in a process of its own.

It costs as little as it can, since its processor time is taken from the sender's. It can be made
slow (`--latency`), be made strict (`--rate`), and count who got what (`--tally`).
"""

import argparse
import asyncio
import json
import math
import re
import sys
import time
from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import cast

import uvloop

from emulators.bucket import Bucket

TALLY, CLEAR = b"GET /tally ", b"GET /clear "

# JSON, or one of the two kinds of forms.
_CHAT = re.compile(rb'chat_id(?:"\s*:\s*"?|"\r\n\r\n|=)(-?\d+)')


@dataclass(slots=True)
class Book:
    """What was accepted and refused; `times` of acceptance and `chats` only where it is kept."""

    kept: bool
    bucket: Bucket | None = None
    accepted: int = 0
    refused: int = 0
    times: "array[float]" = field(default_factory=lambda: array("d"))
    chats: Counter[bytes] = field(default_factory=Counter)

    def take(self, request: bytes) -> bytes:
        """The answer to a message."""
        now = time.time()
        if self.bucket and not self.bucket.take(now):
            self.refused += 1
            return _refusal(max(1, math.ceil(self.bucket.wait(now))))
        self.accepted += 1
        if self.kept:
            self.times.append(now)
            if found := _CHAT.search(request):
                self.chats[found[1]] += 1
        return _acceptance(self.accepted)

    def clear(self) -> None:
        """Begin to count anew."""
        self.accepted = self.refused = 0
        self.times = array("d")
        self.chats.clear()

    def told(self) -> bytes:
        """The numbers, as JSON."""
        return json.dumps(
            {
                "accepted": self.accepted,
                "refused": self.refused,
                "people": len(self.chats),
                "duplicates": self.chats.total() - len(self.chats),
                "seconds": self.times[-1] - self.times[0] if self.times else 0.0,
                "worst_second": worst_second(self.times),
            }
        ).encode()


def worst_second(times: "array[float]") -> int:
    """The most messages that came within any one second; times ascend."""
    counts = (number + 1 - bisect_right(times, at - 1.0) for number, at in enumerate(times))
    return max(counts, default=0)


class Accepting(asyncio.Protocol):
    """Answers each HTTP request of a connection, and keeps it open."""

    def __init__(self, book: Book, latency: float) -> None:
        self._book = book
        self._latency = latency
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        # Not isinstance: uvloop's transports are no subclasses of asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (whole := _whole_request(self._buffer)) is not None:
            request, self._buffer = self._buffer[:whole], self._buffer[whole:]
            if request.startswith(TALLY):
                self._write(_http("200 OK", self._book.told()))
            elif request.startswith(CLEAR):
                self._book.clear()
                self._write(_http("200 OK", b"{}"))
            elif self._latency:
                answer = self._book.take(request)
                asyncio.get_running_loop().call_later(self._latency, self._write, answer)
            else:
                self._write(self._book.take(request))

    def _write(self, answer: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(answer)


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


def _acceptance(number: int) -> bytes:
    return _http(
        "200 OK",
        b'{"ok":true,"result":{"message_id":%d,"date":1763800000,'
        b'"chat":{"id":1,"type":"private"},"text":"ok"}}' % number,
    )


def _refusal(seconds: int) -> bytes:
    return _http(
        "429 Too Many Requests",
        b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
        b'"parameters":{"retry_after":%d}}' % (seconds, seconds),
    )


def _http(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


async def serve(book: Book, latency: float) -> None:
    """Listen on a free port, print the address, go on until killed."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Accepting(book, latency), "127.0.0.1", 0, backlog=1_000
    )
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """The process."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    asked.add_argument("--rate", type=float, help="messages a second; more are refused with 429")
    asked.add_argument("--tally", action="store_true", help="count copies by chat")
    told = asked.parse_args()
    bucket = Bucket(1 / told.rate, math.ceil(told.rate)) if told.rate else None
    uvloop.run(serve(Book(told.tally, bucket), told.latency))


if __name__ == "__main__":
    main()
