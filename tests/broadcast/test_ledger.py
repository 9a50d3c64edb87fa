"""What the ledger offers the desk, on both kinds of database."""

import asyncio
from datetime import timedelta

import pytest

from storage.auditing import Deed
from storage.database import Database
from vestnik.address import SMS, Address, ChannelName
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.route import Step
from vestnik.segment import EVERYONE, answered

TELEGRAM = ChannelName("telegram")


async def person(database: Database, name: str, city: str = "", phone: str = "") -> int:
    async with database.begin() as work:
        number = await work.people.add_person(name, "ru")
        await work.people.add_address(number, Address(TELEGRAM, "main", f"9{number:04}"))
        if city:
            await work.people.answer(number, "city", [city])
        if phone:
            await work.people.confirm_phone(number, phone)
    return number


async def campaign(database: Database) -> int:
    async with database.begin() as work:
        return await work.broadcasts.draft(
            segment=EVERYONE,
            content=Text(RichText("Привет")),
            templates={},
            route=(Step(SMS),),
            content_hash="",
            created_by="test",
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Анна Белова", ["Анна Белова"]),
        ("анна", ["Анна Белова", "Анна Чернова"]),
        ("БЕЛОВА", ["Анна Белова"]),
        ("ernova", []),
        ("100%", ["100% скидка"]),
        ("0%_", []),
        ("+7 (916) 000-00-02", ["Анна Чернова"]),
        ("89160000002", ["Анна Чернова"]),
        ("60000002", []),
        ("90001", ["Анна Белова"]),
        ("№ 1", ["Анна Белова"]),
        ("9" * 40, []),
        ("'; DROP TABLE people; --", []),
        ("   ", []),
    ],
)
async def test_search(database: Database, text: str, found: list[str]) -> None:
    names = {
        await person(database, "Анна Белова"): "Анна Белова",
        await person(database, "Анна Чернова", phone="+79160000002"): "Анна Чернова",
        await person(database, "100% скидка"): "100% скидка",
    }
    async with database.read() as work:
        assert [names[number] for number in await work.search.people(text, 5)] == found
        assert len(await work.search.people(text, 1)) == min(1, len(found))


async def test_somebody_without_an_address_is_found_no_more(database: Database) -> None:
    old = await person(database, "Анна")
    new = await person(database, "Анна Белова")
    async with database.begin() as work:
        await work.people.move_addresses(old, new)
        assert await work.search.people("Анна", 5) == [new]
        assert await work.search.people(str(old), 5) == []


async def test_an_audience_page_by_page(database: Database) -> None:
    numbers = [await person(database, f"№ {it}", city="Москва") for it in range(5)]
    await person(database, "Казанец", city="Казань")
    segment = answered("city", ("Москва",))
    async with database.read() as work:
        first = await work.audiences.page(segment, after=0, limit=3)
        rest = await work.audiences.page(segment, after=first[-1], limit=3)
        assert [first, rest] == [numbers[:3], numbers[3:]]
        assert await work.audiences.page(segment, after=rest[-1], limit=3) == []


async def test_answers_are_counted_among_a_segment(database: Database) -> None:
    for name, city in (("а", "Москва"), ("б", "Москва"), ("в", "Казань")):
        number = await person(database, name, city)
        async with database.begin() as work:
            await work.people.answer(number, "likes", ["Чай", *(["Кофе"] if name == "а" else [])])
    async with database.read() as work:
        count = work.audiences.answer_values
        assert await count("likes", 9) == [("Чай", 3), ("Кофе", 1)]
        assert await count("likes", 1) == [("Чай", 3)]
        assert await count("likes", 9, answered("city", ("Казань",))) == [("Чай", 1)]


async def test_only_begun_campaigns_are_the_latest(database: Database) -> None:
    first, _, third = [await campaign(database) for _ in range(3)]
    async with database.begin() as work:
        for number in (first, third):
            await work.broadcasts.note(number, started_at=work.now)
    async with database.read() as work:
        assert [it.id for it in await work.broadcasts.started(9)] == [third, first]
        assert [it.id for it in await work.broadcasts.started(1)] == [third]


async def test_a_report_is_closed_by_one(database: Database) -> None:
    number = await campaign(database)

    async def close() -> bool:
        async with database.begin() as work:
            return await work.broadcasts.close_report(number)

    assert sorted(await asyncio.gather(*(close() for _ in range(4)))) == [False, False, False, True]


async def test_progress_is_told_by_who_knows_what_was_told(database: Database) -> None:
    number = await campaign(database)
    async with database.begin() as work:
        assert not await work.broadcasts.retell(number, "5 %", was="0 %")
        assert await work.broadcasts.retell(number, "0 %", was=None)
        assert not await work.broadcasts.retell(number, "7 %", was=None)
        assert await work.broadcasts.retell(number, "5 %", was="0 %")


async def test_a_nonce_remembers_who_used_it_and_what_for(database: Database) -> None:
    async with database.begin() as work:
        nonce = await work.drafts.new_nonce("start", "12")
        assert await work.drafts.user_of(nonce) == ""
        assert await work.drafts.use_nonce(nonce, "end", "Ольга") == ("unknown", "")
        assert await work.drafts.use_nonce(nonce, "start", "Марина") == ("first", "12")
        assert await work.drafts.use_nonce(nonce, "start", "Ольга") == ("used", "12")
        assert await work.drafts.use_nonce(nonce, "end", "Ольга") == ("unknown", "")
        assert await work.drafts.user_of(nonce) == "Марина"


async def test_the_log_knows_what_somebody_did_lately(database: Database) -> None:
    async with database.begin() as work:
        await work.audit.record(Deed(actor="telegram:666", action="refused", subject="/find"))
    hour = timedelta(hours=1)
    async with database.read() as work:
        assert await work.audit.did("telegram:666", "refused", within=hour)
        assert not await work.audit.did("telegram:667", "refused", within=hour)
        assert not await work.audit.did("telegram:666", "other", within=hour)
    await database.shift_clock(3601)
    async with database.read() as work:
        assert not await work.audit.did("telegram:666", "refused", within=hour)
