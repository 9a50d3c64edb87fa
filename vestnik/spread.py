"""How a channel works through a batch: one address in order, different addresses at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from vestnik.address import Address
from vestnik.outbound import Send
from vestnik.outcome import SendResult


async def spread(
    batch: Sequence[Send], send: Callable[[Send], Awaitable[SendResult]], at_once: int
) -> list[SendResult]:
    """The results in the batch's order; no more than `at_once` sends are under way."""
    places: dict[Address, list[int]] = {}
    for place, item in enumerate(batch):
        places.setdefault(item.address, []).append(place)
    results: dict[int, SendResult] = {}
    turn = asyncio.Semaphore(at_once)

    async def in_order(own: Sequence[int]) -> None:
        for place in own:
            async with turn:
                results[place] = await send(batch[place])

    async with asyncio.TaskGroup() as group:
        for own in places.values():
            group.create_task(in_order(own))
    return [results[place] for place in range(len(batch))]
