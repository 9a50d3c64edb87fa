"""Sends a batch: request by request, concurrently, each outcome a value."""

import asyncio
from collections.abc import Sequence

from bots.vk import render
from bots.vk.api import Api
from bots.vk.batch import Progress, outcomes, random_id, waves
from bots.vk.errors import CallFailed
from bots.vk.reference import Foreign, Press, is_peer
from vestnik.outbound import Acknowledge, Edit, Seen, Send, Template, Text
from vestnik.outcome import Rejected, SendResult, Sent, Unreachable

# Requests under way at once: a second's worth.
CONCURRENT = 20


class Sender:
    """Turns what is to be sent into calls, and the answers into outcomes."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._free = asyncio.Semaphore(CONCURRENT)

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """One result an item, in order; an address gets its items one after another."""
        progress = Progress(batch)
        for wave in waves(batch):
            async with asyncio.TaskGroup() as group:
                for places in wave:
                    group.create_task(self._pass(progress, places))
        return progress.results()

    async def _pass(self, progress: Progress, places: Sequence[int]) -> None:
        async with self._free:
            free = progress.free(places)
            results = await self._request(progress.items(free)) if free else ()
        if results is not None:
            progress.note(free, results)
            return
        for place in free:
            await self._pass(progress, [place])

    async def _request(self, items: Sequence[Send]) -> Sequence[SendResult] | None:
        """One call, for several items only when they are texts.

        None: it was refused whole because of one of them, nothing went out, each may go alone.
        """
        first = items[0]
        if not is_peer(first.address.handle):
            return [Unreachable("no_account", "not_a_peer")]
        try:
            match first.outbound:
                case Text() as text:
                    return await self._say(text, items)
                case Edit(reference, text):
                    return [await self._edit(first, reference, text)]
                case Acknowledge(press, notice):
                    return [await self._acknowledge(Press.of(press), notice)]
                case Seen():
                    return [Sent("")]
                case Template():
                    return [Rejected("template", "VK has no templates")]
        except Foreign as error:
            return [Rejected("foreign_reference", str(error))]
        except CallFailed as failed:
            if len(items) > 1 and isinstance(failed.result, Unreachable):
                return None
            return [failed.result] * len(items)

    async def _say(self, text: Text, items: Sequence[Send]) -> Sequence[SendResult]:
        peers = [item.address.handle for item in items]
        params = render.content(text)
        params |= {"peer_ids": ",".join(peers), "random_id": random_id(items[0].handle)}
        if text.reply_to:
            params |= render.quote(peers[0], text.reply_to)
        return outcomes(await self._api.call("messages.send", params), peers)

    async def _edit(self, item: Send, reference: str, text: Text) -> SendResult:
        params = render.content(text) | render.which(reference)
        await self._api.call("messages.edit", {**params, "peer_id": item.address.handle})
        return Sent(reference)

    async def _acknowledge(self, press: Press, notice: str) -> SendResult:
        told = {"event_id": press.event_id, "user_id": press.user_id, "peer_id": press.peer_id}
        await self._api.call("messages.sendMessageEventAnswer", told | render.event_data(notice))
        return Sent(press.event_id)
