"""Gives a made-up crowd its past: answers, tags, presses, broadcasts; for benchmarks alone.

What a person did hangs on their id alone: the same crowd has the same past in every run. Rows lie
person by person, as they come in where people sign up one after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.crowd import fill
from storage.expressions import earlier
from storage.forms import forms
from storage.tables import addresses, answers, deliveries, events, inbox, people, profile, standings
from vestnik.address import SMS
from vestnik.segment import TAGS
from vestnik.states import PRIORITY

YEAR = 365
CITIES = ("Казань", "Москва", "Пермь", "Тверь", "Омск", "Томск", "Уфа", "Самара", "Орёл", "Псков")
DRINKS = ("кофе", "чай", "какао", "матча")
MARKS = ("vip", "опт", "новый", "долг")
PRICES = tuple(str(price) for price in range(0, 100_000, 250))
BIRTHDAYS = tuple(
    f"{year}-{month:02}-{day:02}"
    for year in range(1960, 2005, 5)
    for month in range(1, 13)
    for day in range(1, 29)
)


@dataclass(frozen=True, slots=True)
class Told:
    """So many of a hundred people have one of these values under a name; `salt` deals them out."""

    table: sa.Table
    name: str
    values: Sequence[str]
    share: int
    salt: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A broadcast that so many of a hundred got, on a day so long ago."""

    number: int
    share: int
    days: int


TOLD = (
    Told(answers, "city", CITIES, 80, 1),
    # Whoever ticks several has several rows.
    Told(answers, "interests", DRINKS[:2], 60, 2),
    Told(answers, "interests", DRINKS[2:], 30, 3),
    Told(answers, "birthday", BIRTHDAYS, 50, 4),
    Told(profile, "spent", PRICES, 50, 5),
    Told(profile, TAGS, MARKS, 30, 6),
)
SENT = (Sent(1, 100, 60), Sent(2, 30, 10))


class Lives:
    """What everybody in the database has done until now."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = sa.literal(now, people.c.created_at.type)

    async def live(self) -> None:
        """Write it all. Whoever measures sees to statistics and visibility: they need VACUUM."""
        await self._be_somebody()
        for table in (answers, profile):
            await self._tell([it for it in TOLD if it.table is table])
        for sent in SENT:
            await self._get(sent)
        await self._press()
        await self._have_phones()

    async def _be_somebody(self) -> None:
        """Four of five wrote within a year, one of ten withdrew, one address of 20 is closed."""
        spoken = sa.case((_dice(8, 100) < 85, "ru"), (_dice(8, 100) < 95, "en"), else_="pt-BR")
        seen = sa.case((_dice(9, 100) < 80, earlier(self._now, _dice(10, YEAR))))
        await self._connection.execute(sa.update(people).values(language=spoken, seen_at=seen))
        for table, flag, salt, share in (
            (standings, standings.c.granted, 11, 10),
            (addresses, addresses.c.reachable, 12, 5),
        ):
            lost = _dice(salt, 100, table.c.person_id) < share
            changed = sa.update(table).where(lost).values({flag: sa.false()})
            await self._connection.execute(changed)

    async def _tell(self, told: Sequence[Told]) -> None:
        """Values of one table, with their forms; each is written down once beforehand."""
        table = told[0].table
        value = sa.Table(
            f"told_{table.name}",
            sa.MetaData(),
            sa.Column("salt", sa.Integer),
            sa.Column("place", sa.Integer),
            *(sa.Column(it.name, it.type) for it in table.c if it.name in _FORMS),
            prefixes=["TEMPORARY"],
        )
        await self._connection.run_sync(value.create)
        rows = [
            {"salt": it.salt, "place": place, "value": text, **forms(text)}
            for it in told
            for place, text in enumerate(it.values)
        ]
        await self._connection.execute(sa.insert(value), rows)
        each = [
            sa.select(
                people.c.id.label("person_id"),
                sa.literal(it.name).label("name"),
                *(value.c[form] for form in _FORMS),
                earlier(self._now, _dice(it.salt + 20, YEAR)).label("at"),
            ).where(
                _dice(it.salt, 100) < it.share,
                value.c.salt == it.salt,
                value.c.place == _dice(it.salt + 40, len(it.values)),
            )
            for it in told
        ]
        known = sa.union_all(*each).subquery("known")
        names = [it.name for it in table.c]
        by_person = sa.select(known).order_by(known.c.person_id)
        await self._connection.execute(
            sa.insert(table).from_select([names[0], names[1], *_FORMS, "at"], by_person)
        )
        await self._connection.run_sync(value.drop)

    async def _get(self, sent: Sent) -> None:
        """Nine of ten times it arrived, within two days."""
        state = sa.case(
            (_dice(sent.number + 60, 100) < 60, "delivered"),
            (_dice(sent.number + 60, 100) < 90, "accepted"),
            else_="failed",
        )
        settled = earlier(self._now, sent.days - _dice(sent.number + 80, 200) / 100.0)
        begun = earlier(self._now, sa.literal(sent.days))
        of_all = _dice(sent.number + 70, 100) < sent.share
        await self._fill(
            deliveries,
            {
                "kind": sa.literal("broadcast"),
                "person_id": people.c.id,
                "broadcast_id": sa.literal(sent.number, sa.BigInteger),
                "channel": addresses.c.channel,
                "account": addresses.c.account,
                "handle": addresses.c.handle,
                "address_id": addresses.c.id,
                "state": state,
                "best": state,
                "priority": sa.literal(PRIORITY["broadcast"]),
                "attempts": sa.literal(1),
                "due_at": begun,
                "created_at": begun,
                "updated_at": settled,
            },
            people.join(addresses, addresses.c.person_id == people.c.id),
            of_all,
        )

    async def _press(self) -> None:
        """Four of ten pressed a button within a year, and as many wrote."""
        arrived = {
            "channel": sa.literal("telegram"),
            "account": sa.literal("main"),
            "body": sa.literal(b"", sa.LargeBinary),
            "received_at": self._now,
            "read_at": self._now,
        }
        await self._connection.execute(sa.insert(inbox).values(arrived))
        first = sa.select(sa.func.min(inbox.c.id)).scalar_subquery()
        for kind, salt in (("ButtonPressed", 90), ("TextReceived", 91)):
            at = earlier(self._now, _dice(salt + 2, YEAR))
            happened = {
                "channel": sa.literal("telegram"),
                "account": sa.literal("main"),
                "external_id": sa.literal(kind).concat(sa.cast(people.c.id, sa.String)),
                "handle": sa.cast(people.c.id, sa.String),
                "kind": sa.literal(kind),
                "body": sa.literal({}, events.c.body.type),
                "at": at,
                "received_at": at,
                "inbox_id": first,
                "state": sa.literal("done"),
                "due_at": at,
                "person_id": people.c.id,
            }
            await self._fill(events, happened, people, _dice(salt, 100) < 40)

    async def _have_phones(self) -> None:
        """One of five is reached by SMS as well."""
        there = sa.exists().where(addresses.c.person_id == people.c.id, addresses.c.channel == SMS)
        phone = {
            "person_id": people.c.id,
            "channel": sa.literal(SMS),
            "account": sa.literal("main"),
            "handle": sa.literal("+").concat(sa.cast(people.c.id + 79_600_000_000, sa.String)),
            "reachable": sa.true(),
            "created_at": self._now,
        }
        await self._fill(addresses, phone, people, _dice(13, 100) < 20, ~there)

    async def _fill(self, table: sa.Table, *what: Any) -> None:
        await fill(self._connection, table, *what, by=people.c.id)


# Knuth's multiplicative hash; salts lie far apart, and each factor is odd.
_SPREAD, _APART = 2_654_435_761, 1_640_531_527
_FORMS = ("value", "folded", "number", "day")


def _dice(
    salt: int, sides: int, person: sa.ColumnElement[Any] = people.c.id
) -> sa.ColumnElement[int]:
    """A number below `sides` that looks thrown; each salt throws anew (multiplicative hashing)."""
    factor = (_SPREAD + 2 * salt * _APART) % 2**32
    mixed = person * sa.literal(factor, sa.BigInteger) % sa.literal(2**32, sa.BigInteger)
    return mixed // 4_096 % sides
