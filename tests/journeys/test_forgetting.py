"""Whoever asks to be forgotten is: nothing in the whole database tells who they were."""

import json
from collections.abc import Iterable

import sqlalchemy as sa

from dialogs.forgetting import forget
from emulators.world import Human
from storage.invariants import Invariants
from storage.profiles import Change
from storage.tables import metadata
from storage.unit_of_work import UnitOfWork
from tests.journeys.test_subscribing import MESSENGER, PEOPLE, subscribed
from tests.journeys.town import Town

NOTE = "любит сидеть у окна"
"""What the company's own systems know of somebody."""


async def dump(work: UnitOfWork) -> dict[str, list[str]]:
    """Every value of every table, as text; JSON with its letters spelt out."""
    told: dict[str, list[str]] = {}
    for table in metadata.sorted_tables:
        rows = await work.connection.execute(sa.select(table))
        told[table.name] = [_spelt(value) for row in rows for value in row]
    return told


def _spelt(value: object) -> str:
    if not isinstance(value, bytes):
        return value if isinstance(value, str) else _json(value)
    text = value.decode("utf-8", "replace")
    try:
        return _json(json.loads(text))
    except ValueError:
        return text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def identity(human: Human, messenger: str) -> set[str]:
    handles = {"telegram": human.telegram, "vk": human.vk, "whatsapp": human.bsuid}
    return {human.name, human.phone.lstrip("+"), str(handles[messenger])}


async def found(town: Town, traces: Iterable[str]) -> dict[str, set[str]]:
    async with town.ledger() as work:
        told = await dump(work)
    return {
        trace: tables
        for trace in traces
        if (tables := {name for name, values in told.items() if any(trace in it for it in values)})
    }


async def lives(town: Town, messenger: str) -> int:
    """Somebody joins, talks to an operator, and is looked for: all of it leaves traces."""
    person_id = await subscribed(town, messenger)
    async with town.house.database.begin() as work:
        imported = Change(person_id, "note", frozenset(), frozenset((NOTE,)))
        await work.profiles.change([imported])
    human = town.human(PEOPLE[messenger])
    phone, oleg = town.phone(human.id, messenger), town.operator()
    await phone.says("оператор")
    await oleg.sees("просит человека")
    await phone.says(f"Я {human.name}, мой номер {human.phone}")
    await oleg.sees(human.phone)
    await oleg.says("/take")
    await oleg.sees("бот молчит")
    await oleg.says("/card")
    await oleg.sees(NOTE)
    await oleg.says("/close")
    await oleg.sees("снова говорит бот")
    marina = town.staff("marina")
    await marina.says(f"/find {human.phone}")
    assert NOTE in (await marina.sees("Персональные данные"))["text"]
    await phone.says("/mydata")
    await phone.sees(NOTE)
    return person_id


@MESSENGER
async def test_nothing_tells_who_it_was(town: Town, messenger: str) -> None:
    person_id = await lives(town, messenger)
    human = town.human(PEOPLE[messenger])
    traces = identity(human, messenger) | {NOTE}
    assert set(await found(town, traces)) == traces, "there is something to erase"
    phone = town.phone(human.id, messenger)
    await phone.says("/forget")
    await phone.presses("Да, удалить")
    await phone.sees("удалены")
    await town.quiet()
    async with town.ledger() as work:
        assert await work.people.answers(person_id) == {}
        person = await work.people.person(person_id)
    assert person is not None
    assert (person.name, person.language) == ("", None)
    await town.hours_pass(25)
    await town.quiet()  # late reports tell of the person once more
    await town.house.planner.tidy()
    assert await found(town, traces) == {}
    async with town.ledger() as work:
        entries = await work.consents.entries(person_id)
        checks = await Invariants.of(work.connection, work.now, town.house.limits).check()
    assert {it.purpose for it in entries if it.action == "withdraw"} == {
        "advertising",
        "personal_data",
    }
    assert [it for it in checks if it.broken] == []


async def test_whoever_comes_back_is_new(town: Town) -> None:
    before = await subscribed(town, "telegram")
    async with town.house.database.begin() as work:
        await forget(work, before, "test", None)
    after = await subscribed(town, "telegram")
    assert after != before
    await town.hours_pass(25)
    await town.house.planner.tidy()
    async with town.ledger() as work:
        assert (await work.consents.standing(after, "advertising")).granted
        assert await work.people.answers(after)
        assert not await work.people.answers(before)
