"""Keeps staff informed: one progress message that is edited, and the report when all is done."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from broadcast.reporting import final, progress
from delivery.outbox import post
from dialogs.languages import Languages
from storage.broadcasts import Broadcast
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.outbound import Edit, Send, Text
from vestnik.states import OPEN

LOOK_SECONDS = 1.0
EDIT_SECONDS = 3.0
"""Between two edits: Telegram lets a bot write 20 messages a minute to a group (its FAQ)."""

PATIENCE = timedelta(minutes=1)
"""How long a report waits for the progress message that should stand above it."""

PEOPLE_A_SECOND = 20_000
"""Counting large audiences takes time; they are counted the more rarely."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new of a campaign; `place` and `reference` are its progress message, if any."""

    broadcast: Broadcast
    text: Text
    place: Address | None
    reference: str | None


class Progress:
    """The chore that tells how campaigns go."""

    def __init__(
        self,
        database: Database,
        languages: Languages,
        limits: Mapping[Lane, Limits],
        admin_chat: Address | None,
    ) -> None:
        self._database = database
        self._languages = languages
        self._limits = limits
        self._admin_chat = admin_chat
        self._next_look: dict[int, float] = {}

    async def tell(self) -> float | None:
        """Tell what is new; seconds until there may be more, None when all is told."""
        async with self._database.read() as work:
            unreported = await work.broadcasts.unreported()
            news = [await self._look(work, it) for it in unreported if self._is_time(it)]
        self._forget_all_but(unreported)
        for it in filter(None, news):
            async with self._database.begin() as work:
                await self._tell(work, it)
        return LOOK_SECONDS if unreported else None

    def _is_time(self, broadcast: Broadcast) -> bool:
        now = time.monotonic()
        if not broadcast.finished and now < self._next_look.get(broadcast.id, 0.0):
            return False
        pause = max(EDIT_SECONDS, (broadcast.audience or 0) / PEOPLE_A_SECOND)
        self._next_look[broadcast.id] = now + pause
        return True

    def _forget_all_but(self, unreported: Sequence[Broadcast]) -> None:
        ids = {it.id for it in unreported}
        self._next_look = {key: at for key, at in self._next_look.items() if key in ids}

    async def _look(self, work: UnitOfWork, broadcast: Broadcast) -> News | None:
        """What there is to tell; nothing while the progress message itself is on its way."""
        numbers = await work.reports.of(broadcast.id)
        text = progress(self._languages, None, broadcast, numbers)
        if broadcast.progress_id is None:
            return News(broadcast, text, None, None)
        message = await work.deliveries.get(broadcast.progress_id)
        if message is None:
            return News(broadcast, text, None, None)
        started = broadcast.started_at or work.now
        if message.state in OPEN and work.now - started < PATIENCE:
            return None
        reference = await work.receipts.reference_of(message.id)
        return News(broadcast, text, message.address, reference)

    async def _tell(self, work: UnitOfWork, news: News) -> None:
        await self._edit(work, news)
        if not news.broadcast.finished or not await work.broadcasts.close_report(news.broadcast.id):
            return
        numbers = await work.reports.of(news.broadcast.id)
        text = final(self._languages, None, news.broadcast, numbers)
        for chat in dict.fromkeys((self._admin_chat, news.place)):
            if chat is not None and chat.lane in self._limits:
                for part in split(text, self._limits[chat.lane]):
                    await post(work, chat, part, ground={"broadcast": news.broadcast.id})

    async def _edit(self, work: UnitOfWork, news: News) -> None:
        told, said = news.broadcast.progress_text, news.text.body.text
        if news.place is None or news.reference is None or said == told:
            return
        limits = self._limits.get(news.place.lane)
        if limits is None or not limits.edits:
            return
        if await work.broadcasts.retell(news.broadcast.id, said, was=told):
            work.courtesies.append(Send(news.place, Edit(news.reference, news.text)))
