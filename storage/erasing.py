"""Erases a person: the rows stay and still add up, nothing in them tells who it was."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among
from storage.tables import (
    addresses,
    answers,
    attempts,
    calls,
    continuations,
    conversations,
    deliveries,
    events,
    inbox,
    message_ids,
    orphan_receipts,
    people,
    preferences,
    profile,
    quarantine,
)
from storage.traces import Traces, traces_of
from vestnik.address import SMS, Address, ChannelName
from vestnik.inbound import Author, TextReceived
from vestnik.outbound import Text
from vestnik.record import encode
from vestnik.richtext import RichText
from vestnik.states import OPEN, REACHED

GONE = "forgotten"
LATE = timedelta(days=1)
"""So long providers may still tell of messages that were on their way."""


class Erasing:
    """In two steps: at once all that is the person's, a day later what tells of them elsewhere."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def erase(
        self, person_id: int, *, by: int | None = None, spellings: Collection[str] = ()
    ) -> None:
        """Forget who somebody was; `by` is the event that asked for it, which goes too.

        `spellings` are other ways in which staff may have been shown the number.

        The ledger of consents stays, of a number without a name. Whoever writes again is new.
        """
        theirs = (await self._connection.execute(_of(person_id))).all()
        ids = [row.id for row in theirs]
        known = [it for row in theirs for it in (row.handle, row.phone, *spellings) if it]
        traces = traces_of(await self._name(person_id), known)
        at = [_there(events, row.channel, row.account, row.handle) for row in theirs]
        await self._erase_events(sa.or_(events.c.person_id == person_id, *at), by=by)
        await self._drop_planned(person_id)
        mine = deliveries.c.person_id == person_id
        relayed = among(self._connection, deliveries.c.about_id, ids)
        await self._erase_said(sa.or_(mine, relayed))
        for table in (answers, profile, preferences, continuations):
            gone = sa.delete(table).where(table.c.person_id == person_id)
            await self._connection.execute(gone)
        here = among(self._connection, calls.c.address_id, ids)
        await self._connection.execute(sa.delete(calls).where(here))
        silent = sa.update(conversations).where(
            among(self._connection, conversations.c.address_id, ids)
        )
        emptied = {"session": None, "wakes_at": None, "screen": None}
        await self._connection.execute(silent.values(**emptied))
        await self._erase_addresses(person_id)
        unnamed = {"name": "", "language": None, "seen_at": None}
        begun = {"erasing_since": self._now, "traces": traces}
        await self._connection.execute(
            sa.update(people).where(people.c.id == person_id).values(**unnamed, **begun)
        )

    async def finish(self, most: int) -> int:
        """Erase what was left of people who were erased a day ago; gives how many."""
        open_still = sa.exists().where(
            deliveries.c.person_id == people.c.id, deliveries.c.state.in_(sorted(OPEN))
        )
        found = (
            sa.select(people.c.id, people.c.traces)
            .where(people.c.erasing_since <= self._now - LATE, ~open_still)
            .order_by(people.c.erasing_since)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        rows = (await self._connection.execute(found)).all()
        for row in rows:
            await self._finish(row.id, row.traces or [])
        return len(rows)

    async def _finish(self, person_id: int, traces: Sequence[str]) -> None:
        theirs = deliveries.c.person_id == person_id
        # An import that was under way then may have brought a column after all.
        late = sa.delete(profile).where(profile.c.person_id == person_id)
        await self._connection.execute(late)
        found = Traces(self._connection, traces)
        written = among(self._connection, events.c.id, await found.events())
        await self._erase_events(written, by=None)
        shown = among(self._connection, deliveries.c.id, await found.messages())
        await self._erase_said(shown)
        await self._erase_bodies(await found.bodies())
        await self._erase_said(theirs)
        mine = sa.select(deliveries.c.id).where(theirs)
        tried = attempts.c.delivery_id.in_(mine)
        told = sa.select(attempts.c.reference).where(tried)
        await self._connection.execute(
            sa.delete(orphan_receipts).where(orphan_receipts.c.reference.in_(told))
        )
        named = message_ids.c.delivery_id.in_(mine)
        await self._connection.execute(sa.delete(message_ids).where(named))
        await self._connection.execute(sa.update(attempts).where(tried).values(reference=None))
        nobody = sa.literal(f"{GONE}:") + sa.cast(deliveries.c.id, sa.String)
        await self._connection.execute(
            sa.update(deliveries)
            .where(theirs, deliveries.c.handle.is_not(None))
            .values(handle=nobody)
        )
        await self._connection.execute(
            sa.update(addresses).where(addresses.c.person_id == person_id).values(reachable=False)
        )
        await self._connection.execute(
            sa.update(people)
            .where(people.c.id == person_id)
            .values(erasing_since=None, traces=None)
        )

    async def _erase_events(self, which: sa.ColumnElement[bool], *, by: int | None) -> None:
        # What is not handled yet was written after the wish to be forgotten.
        handled = sa.or_(events.c.state != "new", events.c.id == by)
        nobody = sa.literal(f"{GONE}:") + sa.cast(events.c.id, sa.String)
        erased = (
            sa.update(events)
            .where(which, handled)
            .values(body=_nothing_heard(self._now), handle=nobody, external_id=nobody, error=None)
            .returning(events.c.inbox_id)
        )
        rows = (await self._connection.execute(erased)).scalars()
        await self._erase_bodies(set(rows))

    async def _erase_bodies(self, ids: Collection[int]) -> None:
        bodies = among(self._connection, inbox.c.id, ids), inbox.c.read_at.is_not(None)
        await self._connection.execute(sa.update(inbox).where(*bodies).values(body=b""))
        unread = among(self._connection, quarantine.c.inbox_id, ids)
        await self._connection.execute(sa.update(quarantine).where(unread).values(item=""))

    async def _drop_planned(self, person_id: int) -> None:
        """What was planned for the person is not sent."""
        reached = deliveries.c.best.in_(sorted(REACHED))
        kept = sa.or_(reached, deliveries.c.best == "unknown")
        await self._connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.person_id == person_id, deliveries.c.state == "planned")
            .values(
                state=sa.case((kept, deliveries.c.best), else_="skipped"),
                reason=sa.case((reached, sa.null()), else_=GONE),
                lease_until=None,
                updated_at=self._now,
            )
        )

    async def _erase_said(self, which: sa.ColumnElement[bool]) -> None:
        """Messages that are settled say nothing any more; a broadcast's words are its own row's."""
        said = deliveries.c.state.not_in(sorted(OPEN)), deliveries.c.content.is_not(None)
        nothing = encode(Text(RichText("")))
        await self._connection.execute(
            sa.update(deliveries).where(which, *said).values(content=nothing)
        )

    async def _erase_addresses(self, person_id: int) -> None:
        nobody = sa.literal(f"{GONE}:") + sa.cast(addresses.c.id, sa.String)
        await self._connection.execute(
            sa.update(addresses)
            .where(addresses.c.person_id == person_id)
            .values(
                handle=nobody,
                phone=None,
                source=None,
                shows=None,
                closed_reason=GONE,
                # The messenger's takes one last message.
                reachable=sa.and_(addresses.c.reachable, addresses.c.channel != SMS),
            )
        )

    async def _name(self, person_id: int) -> str:
        found = sa.select(people.c.name).where(people.c.id == person_id)
        return (await self._connection.execute(found)).scalar_one_or_none() or ""


def _of(person_id: int) -> sa.Select[tuple[int, str, str, str, str | None]]:
    return sa.select(
        addresses.c.id,
        addresses.c.channel,
        addresses.c.account,
        addresses.c.handle,
        addresses.c.phone,
    ).where(addresses.c.person_id == person_id)


def _there(table: sa.Table, channel: str, account: str, handle: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.channel == channel, table.c.account == account, table.c.handle == handle)


def _nothing_heard(now: datetime) -> object:
    nowhere = Address(ChannelName(GONE), "main", GONE)
    return encode(TextReceived(event_id=GONE, address=nowhere, author=Author(""), at=now, text=""))
