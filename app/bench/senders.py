"""The ceilings of the pipeline: a raw HTTP client, and our own sender without a ledger."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import aiohttp
import orjson

from app.bench.ground import FIRST_CHAT, LANE, environment
from app.bench.measuring import Taken, Watch
from app.bench.staff import TEXT, Wrong, telegram
from vestnik.address import Address
from vestnik.outbound import Send
from vestnik.outcome import Sent

CONCURRENCY = 100


async def raw(base: str, people: int) -> Taken:
    """POST the bytes of a message to everybody with aiohttp, and read the answers."""
    headers = {"Content-Type": "application/json"}
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def post(number: int) -> None:
            body = orjson.dumps({"chat_id": FIRST_CHAT + number, "text": TEXT.body.text})
            async with session.post(f"{base}/bot1:bench/sendMessage", data=body) as answer:
                if not orjson.loads(await answer.read())["ok"]:
                    raise Wrong("The stub has refused a message.")

        return await _at_once(people, post)


async def same_sender(base: str, people: int) -> Taken:
    """Send to everybody through our channel, one message a call."""
    channel = telegram(environment("", "", base))

    async def send(number: int) -> None:
        to = Address(LANE.channel, LANE.account, str(FIRST_CHAT + number))
        [result] = await channel.send([Send(to, TEXT, str(number))])
        if not isinstance(result, Sent):
            raise Wrong(f"The stub has refused a message: {result}.")

    taken = await _at_once(people, send)
    await channel.aclose()
    return taken


async def _at_once(people: int, send: Callable[[int], Awaitable[None]]) -> Taken:
    numbers = iter(range(people))
    watch = Watch()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENCY):
            group.create_task(_each(numbers, send))
    return watch.taken(people)


async def _each(numbers: Iterator[int], send: Callable[[int], Awaitable[None]]) -> None:
    for number in numbers:
        await send(number)
