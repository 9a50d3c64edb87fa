"""People and the addresses at which they are reached."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.forms import forms
from storage.known import (
    ADDRESS,
    FIND_ADDRESSES,
    FIND_PERSON,
    MEET,
    PERSON,
    REVIVE,
    SEE,
    WHOSE,
    KnownAddress,
    Person,
    at,
    known_from,
    last_used,
    where_is,
    with_number,
)
from storage.tables import addresses, answers, people, profile
from vestnik.address import SMS, Address
from vestnik.inbound import Author
from vestnik.window import open_until

LONGEST_SOURCE = 255


class People:
    """People, addresses, answers."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        # People whose rows are ours until the transaction ends, since we have changed them.
        self._ours: dict[int, Person] = {}

    async def person(self, person_id: int) -> Person | None:
        """A person by id."""
        if person_id in self._ours:
            return self._ours[person_id]
        row = (await self._connection.execute(FIND_PERSON, {"whose": person_id})).one_or_none()
        return Person(*row) if row else None

    async def address(self, address: Address) -> KnownAddress | None:
        """What is known of an address."""
        return await self._one(at(address))

    async def address_by_id(self, address_id: int) -> KnownAddress | None:
        """An address by our id."""
        return await self._one(addresses.c.id == address_id)

    async def addresses(self, person_id: int) -> Sequence[KnownAddress]:
        """All addresses of a person, the one used last first."""
        rows = await self._connection.execute(FIND_ADDRESSES, {"whose": person_id})
        return [known_from(row) for row in rows]

    async def addresses_of(self, person_ids: Sequence[int]) -> dict[int, list[KnownAddress]]:
        """The addresses of many people, for each the one used last first."""
        found = ADDRESS.where(addresses.c.person_id.in_(person_ids)).order_by(*last_used())
        grouped: dict[int, list[KnownAddress]] = {}
        for row in await self._connection.execute(found):
            known = known_from(row)
            grouped.setdefault(known.person_id, []).append(known)
        return grouped

    async def meet(self, address: Address, author: Author) -> KnownAddress:
        """The address of somebody who wrote; a new person where nobody is known there.

        An address known by its number gets its lasting id when the provider shows both.
        """
        met = await self._met(address)
        if met is None and author.phone and author.phone != address.handle:
            met = await self._renamed(address, author.phone)
        if met is None:
            person_id = await self.add_person(author.name, author.language)
            return await self.add_address(person_id, address, phone=author.phone)
        await self._refresh(*met, author)
        return met[0]

    async def add_person(self, name: str, language: str | None) -> int:
        """A new person; gives the id."""
        added = (
            sa.insert(people)
            .values(name=name, language=language, created_at=self._now)
            .returning(people.c.id)
        )
        person_id: int = (await self._connection.execute(added)).scalar_one()
        return person_id

    async def add_address(
        self, person_id: int, address: Address, *, phone: str | None = None
    ) -> KnownAddress:
        """A new address of a person."""
        added = (
            sa.insert(addresses)
            .values(
                person_id=person_id,
                channel=address.channel,
                account=address.account,
                handle=address.handle,
                phone=phone,
                created_at=self._now,
            )
            .returning(addresses.c.id)
        )
        address_id: int = (await self._connection.execute(added)).scalar_one()
        return KnownAddress(address_id, person_id, address, phone, True, None, None, None)

    async def heard(
        self,
        known: KnownAddress,
        *,
        at: datetime,
        received_at: datetime,
        hours: int | None,
        shows: frozenset[str] | None = None,
        source: str | None = None,
    ) -> KnownAddress:
        """Somebody wrote from an address: it is live, and its window is open again.

        Gives the address as it is now. `shows` and `source` are what the provider told beside
        (see vestnik.inbound.Happened).
        """
        live, window = REVIVE, known.window_until
        if hours is not None:
            window = open_until(window, at=at, received_at=received_at, hours=hours)
        seen = max(known.last_inbound_at or received_at, received_at)
        told: dict[str, Any] = {}
        if shows is not None:
            told["shows"] = sorted(shows)
        if source is not None:
            told["source"] = source[:LONGEST_SOURCE]
        if told:
            live = live.values(**told)
        now = {"which": known.id, "seen": seen, "open_until": window}
        row = (await self._connection.execute(live, now)).one()
        person = await self._connection.execute(SEE, {"whose": known.person_id, "seen": seen})
        self._ours[known.person_id] = Person(*person.one())
        return known_from(row)

    async def open(self, address_id: int) -> None:
        """An address can be written to again."""
        await self._change(address_id, reachable=True, closed_reason=None)

    async def close(self, address_id: int, why: str) -> None:
        """An address cannot be written to until the person writes again."""
        await self._change(address_id, reachable=False, closed_reason=why)

    async def moved(self, address: Address, to: str) -> KnownAddress | None:
        """Somebody's handle is another one; the window is shut until they write from there.

        Gives the address as it was; None when nobody is known there, or the new handle is
        somebody's. Then the old one is closed: the next to have it would be a stranger.
        """
        known = await self.address(address) or await self._one(with_number(address))
        if known is None:
            return None
        if await self.address(replace(address, handle=to)) is not None:
            await self.close(known.id, "no_account")
            return None
        number = to if to.startswith("+") else None
        await self._change(known.id, handle=to, phone=number, window_until=None)
        return known

    async def confirm_phone(self, person_id: int, phone: str) -> KnownAddress:
        """A proven number becomes the person's address for SMS.

        Where it is already somebody's, that person is given back in `person_id`: the caller
        decides that both are one (the proof is the same number).
        """
        address = Address(SMS, "main", phone)
        known = await self.address(address)
        return known or await self.add_address(person_id, address, phone=phone)

    async def move_addresses(self, from_person: int, to_person: int) -> None:
        """All addresses of one person become another's."""
        moved = sa.update(addresses).where(addresses.c.person_id == from_person)
        await self._connection.execute(moved.values(person_id=to_person))

    async def move_address(self, address_id: int, to_person: int) -> None:
        """One address becomes another person's."""
        await self._change(address_id, person_id=to_person)

    async def name(self, person_id: int, name: str) -> None:
        """What somebody is called, unless that is known."""
        nameless = sa.and_(people.c.name == "", people.c.seen_at.is_not(None))
        await self._change_person(person_id, nameless, name=name)

    async def set_language(self, person_id: int, language: str) -> None:
        """The language a person is spoken to in."""
        await self._change_person(person_id, language=language)

    async def answer(self, person_id: int, question: str, values: Sequence[str]) -> None:
        """A person's answer, in place of the one given before."""
        await self._connection.execute(_EARLIER, {"whose": person_id, "asked": question})
        rows = [
            {
                "person_id": person_id,
                "question": question,
                "value": value,
                **forms(value),
                "at": self._now,
            }
            for value in dict.fromkeys(values)
        ]
        if rows:
            await self._connection.execute(_ANSWERED, rows)

    async def answers(self, person_id: int) -> dict[str, list[str]]:
        """What a person answered, by question."""
        grouped: dict[str, list[str]] = {}
        for question, value in await self._connection.execute(_ANSWERS, {"whose": person_id}):
            grouped.setdefault(question, []).append(value)
        return grouped

    async def forget(self, person_id: int) -> None:
        """Delete what is known of a person: answers, columns, name, number for SMS, way here."""
        await self._connection.execute(sa.delete(answers).where(answers.c.person_id == person_id))
        await self._connection.execute(sa.delete(profile).where(profile.c.person_id == person_id))
        await self._change_person(person_id, name="", language=None, seen_at=None)
        learnt = {"source": None, "shows": None}
        await self._connection.execute(
            sa.update(addresses).where(addresses.c.person_id == person_id).values(**learnt)
        )
        gone = sa.literal("forgotten:") + sa.cast(addresses.c.id, sa.String)
        await self._connection.execute(
            sa.update(addresses)
            .where(addresses.c.person_id == person_id, addresses.c.channel == SMS)
            .values(handle=gone, phone=None, reachable=False, closed_reason="forgotten")
        )

    async def _one(self, where: sa.ColumnElement[bool]) -> KnownAddress | None:
        # A number has several owners, one after another: the one who used it last is meant.
        found = ADDRESS.where(where).order_by(*last_used()).limit(1)
        row = (await self._connection.execute(found)).one_or_none()
        return known_from(row) if row else None

    async def _met(self, address: Address) -> tuple[KnownAddress, Person] | None:
        row = (await self._connection.execute(MEET, where_is(address))).one_or_none()
        return (known_from(row), Person(*row[-len(PERSON) :])) if row else None

    async def _renamed(self, address: Address, phone: str) -> tuple[KnownAddress, Person] | None:
        old = Address(address.channel, address.account, phone)
        known = await self.address(old)
        if known:
            await self._change(known.id, handle=address.handle)
            return await self._met(address)
        return None

    async def _refresh(self, known: KnownAddress, person: Person, author: Author) -> None:
        if author.phone and author.phone != known.phone:
            await self._change(known.id, phone=author.phone)
        told: dict[str, Any] = {}
        if author.name and author.name != person.name:
            told["name"] = author.name
        if author.language and person.language is None:
            told["language"] = sa.func.coalesce(people.c.language, author.language)
        if told:
            await self._change_person(person.id, **told)

    async def _change_person(
        self, person_id: int, where: sa.ColumnElement[bool] | None = None, **values: Any
    ) -> None:
        changed = sa.update(people).where(people.c.id == person_id)
        if where is not None:
            changed = changed.where(where)
        told = changed.values(**values).returning(*PERSON)
        row = (await self._connection.execute(told)).one_or_none()
        if row is not None:
            self._ours[person_id] = Person(*row)

    async def _change(self, address_id: int, **values: Any) -> None:
        changed = sa.update(addresses).where(addresses.c.id == address_id)
        await self._connection.execute(changed.values(**values))


_ANSWERS = (
    sa.select(answers.c.question, answers.c.value)
    .where(answers.c.person_id == WHOSE)
    .order_by(answers.c.question, answers.c.value)
)
_ANSWERED = sa.insert(answers)
_EARLIER = sa.delete(answers).where(
    answers.c.person_id == WHOSE, answers.c.question == sa.bindparam("asked")
)
