"""Dialog sessions, and who holds a dialog: the bot or an operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upserting
from storage.tables import addresses, conversations

WAITING = ""
"""The holder while a person was asked for and no operator has taken over yet."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A dialog on one address; `version` grows with every take-over and hand-back.

    `screen` is the settings' screen that the person looks at, if that is the last they asked for.
    """

    address_id: int
    session: Mapping[str, Any] | None = None
    version: int = 0
    holder: str | None = None
    held_since: datetime | None = None
    screen: str | None = None

    @property
    def held(self) -> bool:
        """Whether the bot is to be silent."""
        return self.holder is not None


class Conversations:
    """One row an address."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        # Conversations whose rows are ours until the transaction ends.
        self._locked: dict[int, Conversation] = {}

    async def of(self, address_id: int) -> Conversation:
        """The conversation on an address, locked until the end of the transaction."""
        if address_id not in self._locked:
            await self._take(_HELD, {"where": address_id})
        return self._locked.get(address_id) or Conversation(address_id)

    async def held_by(self, holder: str) -> Conversation | None:
        """The conversation that this holder took last; WAITING gives the one waiting longest."""
        found = _CONVERSATION.where(conversations.c.holder == holder)
        order = conversations.c.held_since
        first = found.order_by(order if holder == WAITING else order.desc()).limit(1)
        return await self._take(first.with_for_update())

    async def keep_session(
        self,
        address_id: int,
        session: Mapping[str, Any] | None,
        *,
        wakes_at: datetime | None = None,
    ) -> None:
        """Store where the dialog stands, and when it goes on by itself, if it does."""
        await self._put(address_id, session=session, wakes_at=wakes_at)

    async def show(self, address_id: int, screen: str | None) -> None:
        """The person looks at a screen of the settings, or at none any more."""
        await self._put(address_id, screen=screen)

    async def waking(self, limit: int) -> Sequence[Conversation]:
        """Conversations that go on by themselves now, locked; those that nobody holds."""
        due = (
            _CONVERSATION.where(
                conversations.c.wakes_at <= self._now, conversations.c.holder.is_(None)
            )
            .order_by(conversations.c.wakes_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Conversation(*row) for row in await self._connection.execute(due)]

    async def let_sleep(self, person_id: int) -> None:
        """Nothing goes on by itself any more on the addresses of a person."""
        waking = conversations.c.wakes_at.is_not(None)
        calmed = sa.update(conversations).where(_of_person(person_id), waking)
        await self._connection.execute(calmed.values(wakes_at=None))

    async def hold(self, conversation: Conversation, holder: str) -> bool:
        """Give the dialog to an operator (or to WAITING); the bot's unsent answers are void.

        False when somebody changed the conversation meanwhile: nothing was done.
        """
        if conversation.version == 0:
            await self._put(conversation.address_id)
        return await self._swap(conversation, holder=holder, held_since=self._now, wakes_at=None)

    async def hand_back(self, conversation: Conversation) -> bool:
        """Give the dialog back to the bot; false when somebody was quicker."""
        return await self._swap(conversation, holder=None, held_since=None)

    async def _swap(self, conversation: Conversation, **values: Any) -> bool:
        swapped = (
            sa.update(conversations)
            .where(
                conversations.c.address_id == conversation.address_id,
                conversations.c.version == conversation.version,
            )
            .values(version=conversation.version + 1, updated_at=self._now, **values)
            .returning(*_CONVERSATION.selected_columns)
        )
        return await self._take(swapped) is not None

    async def _put(self, address_id: int, **values: Any) -> None:
        values["updated_at"] = self._now
        put = _putting(self._connection.dialect.name, tuple(values))
        await self._take(put, {"address_id": address_id, **values})

    async def _take(
        self, statement: sa.Executable, given: Mapping[str, Any] | None = None
    ) -> Conversation | None:
        """The one row that a statement locks or changes, if any."""
        row = (await self._connection.execute(statement, given)).one_or_none()
        if row is None:
            return None
        conversation = self._locked[row.address_id] = Conversation(*row)
        return conversation


def _of_person(person_id: int) -> sa.ColumnElement[bool]:
    own = sa.select(addresses.c.id).where(addresses.c.person_id == person_id)
    return conversations.c.address_id.in_(own)


_CONVERSATION = sa.select(
    conversations.c.address_id,
    conversations.c.session,
    conversations.c.version,
    conversations.c.holder,
    conversations.c.held_since,
    conversations.c.screen,
)
_HELD = _CONVERSATION.where(conversations.c.address_id == sa.bindparam("where")).with_for_update()


@cache
def _putting(dialect: str, names: tuple[str, ...]) -> sa.Executable:
    """Store these columns of a conversation, in place of what they held; written once."""
    insert = upserting(dialect, conversations)
    put = insert.on_conflict_do_update(
        index_elements=["address_id"], set_={name: insert.excluded[name] for name in names}
    )
    return cast("sa.Executable", put.returning(*_CONVERSATION.selected_columns))
