"""Sends a batch: request by request, concurrently, each outcome a value."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bots.vk import render
from bots.vk.api import Api
from bots.vk.batch import Progress
from bots.vk.errors import CallFailed
from bots.vk.packing import agreed, is_new_message
from bots.vk.reference import Foreign, Press, is_peer
from bots.vk.settings import Intent
from bots.vk.speak import FOREIGN, Speaker
from vestnik.abilities import Pack
from vestnik.outbound import Acknowledge, Edit, Seen, Send, Template, Text
from vestnik.outcome import Rejected, SendResult, Sent, Unreachable


class Sender:
    """Turns what is to be sent into calls, and the answers into outcomes."""

    def __init__(self, api: Api, intent: Intent) -> None:
        self._api = api
        self._intent = intent

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """One result an item, in order; an address gets its items one after another."""
        progress, speaker = Progress(batch), Speaker(self._api, self._intent)
        for wave in agreed(batch):
            async with asyncio.TaskGroup() as group:
                for pack in wave:
                    group.create_task(self._pass(progress, speaker, pack))
        return progress.results()

    async def _pass(self, progress: Progress, speaker: Speaker, pack: Pack) -> None:
        free = progress.free(pack.places)
        if free:
            items = progress.items(free)
            progress.note(free, await self._request(speaker, items, pack.one_handle))

    async def _request(
        self, speaker: Speaker, items: Sequence[Send], together: bool
    ) -> Sequence[SendResult]:
        """What came of new messages that share a request, or of anything else alone."""
        if is_new_message(items[0]):
            return await speaker.say(items, together=together)
        (item,) = items
        return [await self._alone(speaker, item)]

    async def _alone(self, speaker: Speaker, item: Send) -> SendResult:
        if not is_peer(item.address.handle):
            return Unreachable("no_account", "not_a_peer")
        match item.outbound:
            case Text(replaces=str(reference)) as text:
                return await speaker.say_in_place(item, reference, text)
            case Text() | Template():
                (said,) = await speaker.say([item], together=False)
                return said
            case Edit(reference, text):
                return await speaker.edit(item, reference, text)
            case Acknowledge(press, notice):
                return await self._acknowledge(press, notice)
            case Seen(typing=typing):
                return await self._seen(item.address.handle, typing)

    async def _acknowledge(self, token: str, notice: str) -> SendResult:
        try:
            press = Press.of(token)
        except Foreign as error:
            return Rejected(FOREIGN, str(error))
        told = {"event_id": press.event_id, "user_id": press.user_id, "peer_id": press.peer_id}
        method = "messages.sendMessageEventAnswer"
        return await self._call(method, told | render.event_data(notice), Sent(press.event_id))

    async def _seen(self, peer_id: str, typing: bool) -> SendResult:
        """VK shows a mark of its own when a message was read by whoever answers it."""
        if not typing:
            return Sent("")
        told = {"peer_id": peer_id, "type": "typing"}
        return await self._call("messages.setActivity", told, Sent(""))

    async def _call(self, method: str, params: Mapping[str, Any], done: Sent) -> SendResult:
        try:
            await self._api.call(method, params)
        except CallFailed as failed:
            return failed.result
        return done
