"""Erasing a person finds them where others wrote of them, and nobody else."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from delivery.outbox import post
from storage.database import Database
from storage.erasing import LATE
from storage.inbox import Reading
from storage.tables import inbox
from storage.traces import traces_of
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM
from vestnik.address import SMS, Address, Lane
from vestnik.inbound import Author
from vestnik.outbound import Text
from vestnik.richtext import RichText

LANE = Lane(TELEGRAM, "main")
ADDRESS = Address(TELEGRAM, "main", "700001")
STAFF = Address(TELEGRAM, "main", "-100")


async def met(database: Database, address: Address, name: str) -> int:
    async with database.begin() as work:
        known = await work.people.meet(address, Author(address.handle, name=name))
        await work.people.confirm_phone(known.person_id, f"+79160{address.handle}")
        return known.person_id


async def kept(database: Database, *bodies: str) -> None:
    """Bodies that came in, and told nothing."""
    async with database.begin() as work:
        await work.inbox.keep(LANE, [body.encode() for body in bodies])
        unread = await work.inbox.unread(len(bodies))
        await work.inbox.were_read([Reading(it) for it in unread])


async def erased(database: Database, person_id: int) -> None:
    async with database.begin() as work:
        await work.erasing.erase(person_id, spellings=["+7 916 070-00-01"])
    await database.shift_clock((LATE + timedelta(minutes=1)).total_seconds())
    async with database.begin() as work:
        assert await work.erasing.finish(10) == 1
        assert await work.erasing.finish(10) == 0


async def test_bodies_go_that_tell_of_the_person_alone(database: Database) -> None:
    person = await met(database, ADDRESS, "Анна Громова")
    theirs = (
        '{"user_id": 700001}',
        '{"peer": "700001"}',
        json.dumps({"name": "Анна Громова"}),
        '{"name": "Анна Громова"}',
        '{"phone": "79160700001"}',
        "700001",
    )
    others = ('{"date": 1700001}', '{"id": 7000012}', '{"name": "Анна Громовая"}', '"АННА"')
    await kept(database, *theirs, *others)
    await erased(database, person)
    async with database.read() as work:
        rows = await work.connection.execute(sa.select(inbox.c.body).order_by(inbox.c.id))
        assert [row.body.decode() for row in rows] == [*[""] * len(theirs), *others]


async def test_staff_are_not_shown_the_person_any_more(database: Database) -> None:
    ledger = Ledger(database)
    person = await met(database, ADDRESS, "Анна Громова")
    said = ("Telegram: 700001", "SMS: +7 916 070-00-01", "Анна Громова, № 1", "Громова звонила")
    async with database.begin() as work:
        for text in said:
            await post(work, STAFF, Text(RichText(text)), ground={"role": "owner"})
    await ledger.settle()
    await erased(database, person)
    async with database.read() as work:
        left = [await work.deliveries.get(number) for number in range(1, len(said) + 1)]
    told = [it.content.body.text for it in left if it and isinstance(it.content, Text)]
    assert told == ["", "", "", "Громова звонила"]


async def test_others_keep_everything(database: Database) -> None:
    person = await met(database, ADDRESS, "Анна Громова")
    other = await met(database, Address(TELEGRAM, "main", "700002"), "Анна Громова")
    async with database.begin() as work:
        await work.people.answer(other, "city", ["Казань"])
    await erased(database, person)
    async with database.read() as work:
        assert await work.people.answers(other) == {"city": ["Казань"]}
        kept_person = await work.people.person(other)
        addresses = {it.address.channel for it in await work.people.addresses(other)}
        assert await work.people.address(ADDRESS) is None
    assert kept_person is not None
    assert kept_person.name == "Анна Громова"
    assert addresses == {TELEGRAM, SMS}


@pytest.mark.parametrize(
    ("name", "handles", "traces"),
    [
        ("Анна", ["700001", "+79160000000"], ["700001", "79160000000"]),
        ("Анна Громова", ["77"], ['"77"', "Анна Громова"]),
        ("", [], []),
    ],
)
def test_what_is_looked_for(name: str, handles: list[str], traces: list[str]) -> None:
    assert traces_of(name, handles) == traces
