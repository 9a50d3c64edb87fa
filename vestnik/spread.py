"""How a channel works through a batch: one address in order, different addresses at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from vestnik.address import Address
from vestnik.outbound import Send
from vestnik.outcome import ChannelDown, SendResult, Temporary, Throttled


async def spread(
    batch: Sequence[Send],
    send: Callable[[Send], Awaitable[SendResult]],
    slots: asyncio.Semaphore,
) -> list[SendResult]:
    """The results in the batch's order; `slots` bounds the sends under way.

    An item that would overtake the one before it at its address, or run into a pause of the
    whole lane, is not sent: it gets the result that holds it up.
    """
    places: dict[Address, list[int]] = {}
    for place, item in enumerate(batch):
        places.setdefault(item.address, []).append(place)
    results: dict[int, SendResult] = {}
    pauses: list[SendResult] = []

    async def in_order(own: Sequence[int]) -> None:
        held: SendResult | None = None
        for place in own:
            async with slots:
                held = held or next(iter(pauses), None)
                results[place] = result = held or await send(batch[place])
            held = result if _holds_address(result) else None
            if _holds_lane(result):
                pauses.append(result)

    async with asyncio.TaskGroup() as group:
        for own in places.values():
            group.create_task(in_order(own))
    return [results[place] for place in range(len(batch))]


def _holds_address(result: SendResult) -> bool:
    return isinstance(result, Throttled | Temporary | ChannelDown)


def _holds_lane(result: SendResult) -> bool:
    if isinstance(result, Throttled):
        return result.scope == "lane"
    return isinstance(result, ChannelDown)
