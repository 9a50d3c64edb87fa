"""Groups that got another id: the settings go on naming them by the first one."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import moved_chats
from vestnik.address import Address


class MovedChats:
    """One row a present handle."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def moved(self, chat: Address, to: str) -> None:
        """The chat at this address has another handle from now on."""
        first = await self.first(chat)
        insert = upsert(self._connection, moved_chats).values(
            channel=chat.channel,
            account=chat.account,
            handle=to,
            first_handle=first.handle,
            moved_at=self._now,
        )
        await self._connection.execute(
            insert.on_conflict_do_nothing(index_elements=["channel", "account", "handle"])
        )

    async def first(self, chat: Address) -> Address:
        """The address by which the chat was known first."""
        found = sa.select(moved_chats.c.first_handle).where(
            moved_chats.c.channel == chat.channel,
            moved_chats.c.account == chat.account,
            moved_chats.c.handle == chat.handle,
        )
        first = (await self._connection.execute(found)).scalar_one_or_none()
        return chat if first is None else replace(chat, handle=first)
