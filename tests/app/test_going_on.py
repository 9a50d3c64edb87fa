"""Events told over the API, and dialogs that go on by themselves: once, and disturbing nobody."""

import asyncio
from datetime import UTC, datetime
from typing import TypedDict

import pytest

from delivery import hints
from storage.conversations import WAITING
from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at, hears
from tests.app.conftest import Furnish
from vestnik.address import Address
from vestnik.inbound import Author, ButtonPressed, Closed, Inbound, Started, TextReceived

HOUR = 3600.0
SOME_TIME = datetime(2026, 3, 1, tzinfo=UTC)
DOCTOR = {"doctor": "хирург", "at": "2026-03-05T18:30:00+03:00"}


class Happening(TypedDict):
    event_id: str
    address: Address
    author: Author
    at: datetime


@pytest.fixture
async def clinic(database_url: str, furnish: Furnish, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """A house that plays the clinic, on both databases; its chores are run by hand."""
    monkeypatch.setenv("SCENARIO", "clinic")
    monkeypatch.setenv("TELEGRAM_OPERATORS_CHAT", "-1001")
    return await furnish(database_url)


@pytest.fixture
async def anna(clinic: Caller) -> int:
    return await arrives(clinic.house.database, "1")


async def told(clinic: Caller, person: int, key: str = "a-1") -> int:
    body = {"person": person, "event": "appointment", "values": DOCTOR}
    answer = await clinic.post("/events", body, Idempotency_Key=key)
    assert answer.status == 202, answer
    number: int = answer.body["id"]
    return number


async def goes_on(clinic: Caller) -> None:
    """Four workers look at once, until nothing is left."""
    chore = clinic.house.chores[hints.CONTINUE]
    while any(it is not None for it in await asyncio.gather(*(chore() for _ in range(4)))):
        pass


async def said(clinic: Caller, person: int) -> list[str]:
    """What the bot said to a person, the first first."""
    messages = await clinic.get(f"/people/{person}/messages")
    return [it["text"] for it in reversed(messages.items) if it["direction"] == "out"]


async def test_an_event_is_spoken_of_once(clinic: Caller, anna: int) -> None:
    first = await told(clinic, anna)
    assert await told(clinic, anna) == first
    await goes_on(clinic)
    [text] = await said(clinic, anna)
    assert text.startswith("Вы записаны: хирург, 05.03 в 18:30.")
    assert await told(clinic, anna) == first
    await goes_on(clinic)
    assert len(await said(clinic, anna)) == 1


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"event": "birthday"}, ["body:event"]),
        ({"values": {"place": "7"}}, ["body:values"]),
        ({"values": {"doctor": "a\0b"}}, ["body:values.doctor"]),
        ({"person": 99}, ["body:person"]),
    ],
)
async def test_what_the_scenario_does_not_know_is_refused(
    clinic: Caller, anna: int, change: dict[str, object], wrong: list[str]
) -> None:
    body = {"person": anna, "event": "appointment", "values": DOCTOR, **change}
    answer = await clinic.post("/events", body, Idempotency_Key="a-1")
    assert answer.wrong == wrong
    await goes_on(clinic)
    assert await said(clinic, anna) == []


async def test_who_talks_to_an_operator_is_not_disturbed(clinic: Caller, anna: int) -> None:
    database = clinic.house.database
    async with database.begin() as work:
        [known] = await work.people.addresses(anna)
        await work.conversations.hold(await work.conversations.of(known.id), "telegram:7")
    await told(clinic, anna)
    await goes_on(clinic)
    assert await said(clinic, anna) == []
    async with database.begin() as work:
        await work.conversations.hand_back(await work.conversations.of(known.id))
    await goes_on(clinic)
    assert await said(clinic, anna) == []
    await database.shift_clock(HOUR)
    await goes_on(clinic)
    assert len(await said(clinic, anna)) == 1


async def test_who_was_promised_an_operator_that_never_came_is_the_bots_again(
    clinic: Caller, anna: int
) -> None:
    database = clinic.house.database
    async with database.begin() as work:
        [known] = await work.people.addresses(anna)
        await work.conversations.hold(await work.conversations.of(known.id), WAITING)
    await database.shift_clock(1.1 * HOUR)
    await told(clinic, anna)
    await goes_on(clinic)
    assert len(await said(clinic, anna)) == 1


async def test_what_is_a_day_late_is_not_said(clinic: Caller, anna: int) -> None:
    database = clinic.house.database
    async with database.begin() as work:
        [known] = await work.people.addresses(anna)
        await work.conversations.hold(await work.conversations.of(known.id), WAITING)
    await told(clinic, anna)
    await database.shift_clock(25 * HOUR)
    await goes_on(clinic)
    async with database.begin() as work:
        await work.conversations.hand_back(await work.conversations.of(known.id))
    await database.shift_clock(HOUR)
    await goes_on(clinic)
    assert await said(clinic, anna) == []
    async with database.read() as work:
        assert await work.continuations.of(anna) == []


async def test_who_cannot_be_written_to_is_left_alone(clinic: Caller, anna: int) -> None:
    database = clinic.house.database
    async with database.begin() as work:
        [known] = await work.people.addresses(anna)
        await work.people.close(known.id, "blocked")
    await told(clinic, anna)
    await goes_on(clinic)
    assert await said(clinic, anna) == []
    async with database.read() as work:
        assert await work.continuations.of(anna) == []


async def test_outside_a_window_nothing_plain_is_begun(clinic: Caller) -> None:
    database = clinic.house.database
    boris = await arrives(database, "79161234567", channel="whatsapp")
    await database.shift_clock(25 * HOUR)
    await told(clinic, boris)
    await goes_on(clinic)
    assert await said(clinic, boris) == []


def event(number: int) -> Happening:
    return {"event_id": str(number), "address": at("1"), "author": Author("1"), "at": SOME_TIME}


async def asked(clinic: Caller) -> int:
    """Somebody is asked a question, of which they are to be reminded; gives the person's id."""
    anna = await arrives(clinic.house.database, "1")
    await hears(clinic, Started(**event(1)))
    await hears(clinic, ButtonPressed(**event(2), payload="personal_data:agree"))
    assert (await said(clinic, anna))[-1].startswith("Кого записываем")
    return anna


async def reminds(clinic: Caller, hours: float = 2.1) -> None:
    """Time passes, and four workers look at once, until nothing is left."""
    await clinic.house.database.shift_clock(hours * HOUR)
    chore = clinic.house.chores[hints.REMIND]
    while any(it is not None for it in await asyncio.gather(*(chore() for _ in range(4)))):
        pass


def reminders(texts: list[str]) -> list[str]:
    return [text for text in texts if "на полпути" in text]


async def test_a_reminder_comes_once_with_the_question(clinic: Caller) -> None:
    anna = await asked(clinic)
    await reminds(clinic, hours=1.9)
    assert reminders(await said(clinic, anna)) == []
    await reminds(clinic)
    texts = await said(clinic, anna)
    assert len(reminders(texts)) == 1
    assert texts[-1].startswith("Кого записываем")
    await reminds(clinic, hours=20)
    assert len(reminders(await said(clinic, anna))) == 1


@pytest.mark.parametrize(
    "done",
    [
        ButtonPressed(**event(3), payload="patient:adult"),
        TextReceived(**event(3), text="СТОП"),
        TextReceived(**event(3), text="оператор"),
        Closed(**event(3)),
    ],
    ids=["an answer", "a stop", "a wish for a human", "a block"],
)
async def test_a_reminder_falls_away(clinic: Caller, done: Inbound) -> None:
    anna = await asked(clinic)
    await hears(clinic, done)
    await reminds(clinic)
    assert reminders(await said(clinic, anna)) == []


async def test_a_chore_with_nothing_to_do_rests(clinic: Caller) -> None:
    for name in (hints.REMIND, hints.CONTINUE, hints.CALL):
        assert await clinic.house.chores[name]() is None
