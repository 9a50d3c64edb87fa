"""How a channel works through a batch: one address in order, different addresses at once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence

from vestnik.address import Address
from vestnik.outbound import Send
from vestnik.outcome import ChannelDown, SendResult, Temporary, Throttled


async def spread(
    batch: Sequence[Send],
    send: Callable[[Send], Awaitable[SendResult]],
    place_of: Callable[[Address], Hashable] = lambda address: address,
) -> list[SendResult]:
    """The results in the batch's order; whoever makes the batch bounds what is under way.

    `place_of` tells which addresses are one place, where two may be.

    An item that would overtake the one before it at its address, or run into a pause of the
    whole lane, is not sent: it gets the result that holds it up. What holds back broadcasts alone
    holds up no answer.
    """
    if len(batch) == 1:  # the usual case, kept free of what several need
        return [await send(batch[0])]
    return await _by_place(batch, send, place_of)


async def _by_place(
    batch: Sequence[Send],
    send: Callable[[Send], Awaitable[SendResult]],
    place_of: Callable[[Address], Hashable],
) -> list[SendResult]:
    places: dict[Hashable, list[int]] = {}
    for place, item in enumerate(batch):
        places.setdefault(place_of(item.address), []).append(place)
    results: dict[int, SendResult] = {}
    pauses: list[SendResult] = []

    async def in_order(own: Sequence[int]) -> None:
        held: list[SendResult] = []
        for place in own:
            item = batch[place]
            why = next((it for it in (*held, *pauses) if _concerns(it, item)), None)
            results[place] = result = why or await send(item)
            if why is None and _holds_address(result):
                held.append(result)
            if why is None and _holds_lane(result):
                pauses.append(result)

    async with asyncio.TaskGroup() as group:
        for own in places.values():
            group.create_task(in_order(own))
    return [results[place] for place in range(len(batch))]


def _concerns(result: SendResult, item: Send) -> bool:
    return item.bulk or not (isinstance(result, ChannelDown) and result.bulk)


def _holds_address(result: SendResult) -> bool:
    return isinstance(result, Throttled | Temporary | ChannelDown)


def _holds_lane(result: SendResult) -> bool:
    if isinstance(result, Throttled):
        return result.scope == "lane"
    return isinstance(result, ChannelDown)
