"""The consent ledger over the database, and what staff did."""

from typing import Any, get_args

import pytest
import sqlalchemy as sa

from storage.auditing import Deed
from storage.database import Database
from storage.drafts import NONCE_LIVES
from storage.tables import audit_log, consent_texts
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS
from vestnik.consent import (
    MESSENGERS,
    NEVER_ASKED,
    Action,
    ConsentEntry,
    Purpose,
    Standing,
    fingerprint,
    fold,
)

WORDS = "Согласен на рекламу в мессенджерах и по SMS"
BOTH = (MESSENGERS, SMS)


def entry(
    work: UnitOfWork, person_id: int, action: Action = "grant", purpose: Purpose = "advertising"
) -> ConsentEntry:
    return ConsentEntry(
        person_id=person_id,
        purpose=purpose,
        action=action,
        at=work.now,
        actor="customer:telegram",
        channels=BOTH if action == "grant" else (),
        text_version="1",
        text_hash=fingerprint(WORDS),
    )


class TestConsents:
    async def test_nobody_has_agreed_to_anything(self, database: Database) -> None:
        async with database.begin() as work:
            person = await work.people.add_person("Анна", "ru")
            assert await work.consents.standing(person, "advertising") == NEVER_ASKED
            assert await work.consents.entries(person) == []
            seen = (await work.standings.of_people([person]))[person]
            assert (seen.advertising, seen.advertising_entry) == (NEVER_ASKED, None)

    async def test_it_is_granted_and_withdrawn(self, database: Database) -> None:
        async with database.begin() as work:
            person = await work.people.add_person("Анна", "ru")
            granted = entry(work, person)
            number = await work.consents.record(granted, text=WORDS)
            [kept] = await work.consents.entries(person)
            assert kept == granted
            seen = (await work.standings.of_people([person]))[person]
            assert seen.advertising == Standing(True, frozenset(BOTH))
            assert seen.advertising_entry == number
        async with database.begin() as work:
            assert await work.consents.withdraw(person, "advertising", actor="x", evidence=None)
            assert not await work.consents.withdraw(person, "advertising", actor="x", evidence=None)
            assert await work.consents.standing(person, "advertising") == Standing(False)
            _, last = await work.consents.entries(person)
            assert (last.action, last.channels, last.actor) == ("withdraw", (), "x")
            assert kept.at < last.at

    @pytest.mark.parametrize("purpose", get_args(Purpose))
    async def test_each_purpose_stands_by_itself(
        self, database: Database, purpose: Purpose
    ) -> None:
        async with database.begin() as work:
            person = await work.people.add_person("Анна", "ru")
            for each in get_args(Purpose):
                await work.consents.record(entry(work, person, purpose=each))
            await work.consents.withdraw(person, purpose, actor="x", evidence=None)
            standings = await work.consents.standings(person)
            assert [name for name, it in standings.items() if not it.granted] == [purpose]
            seen = (await work.standings.of_people([person]))[person]
            assert seen.service_withdrawn is (purpose == "service")

    async def test_the_words_are_kept_once(self, database: Database) -> None:
        async with database.begin() as work:
            for _ in range(3):
                person = await work.people.add_person("Анна", "ru")
                await work.consents.record(entry(work, person), text=WORDS)
            rows = (await work.connection.execute(sa.select(consent_texts))).all()
            assert [(row.hash, row.text) for row in rows] == [(fingerprint(WORDS), WORDS)]

    async def test_the_present_is_the_fold(self, database: Database) -> None:
        actions: list[Action] = ["grant", "withdraw", "grant", "grant", "withdraw", "grant"]
        async with database.begin() as work:
            person = await work.people.add_person("Анна", "ru")
            for action in actions:
                await work.consents.record(entry(work, person, action))
                ledger = await work.consents.entries(person)
                assert await work.consents.standings(person) == fold(ledger)


class TestStaffLog:
    async def test_it_is_a_chain(self, database: Database) -> None:
        befores: list[dict[str, Any] | None] = [None, {"б": 1, "а": [1.5, "x"]}, {}]
        for number, before in enumerate(befores):
            async with database.begin() as work:
                deed = Deed(
                    actor="telegram:1",
                    action="broadcast.start",
                    subject=f"broadcast:{number}",
                    before=before,
                    after={"at": work.now, "audience": 2**40},
                )
                await work.audit.record(deed)
        async with database.read() as work:
            assert await work.audit.broken_at() is None

    @pytest.mark.parametrize(
        "change",
        [
            {"actor": "telegram:2"},
            {"after": {"audience": 3}},
            {"subject": "broadcast:9"},
            {"previous": "0" * 64},
            {"hash": "f" * 64},
        ],
        ids=lambda it: next(iter(it)),
    )
    async def test_a_change_is_seen(self, database: Database, change: dict[str, Any]) -> None:
        for _ in range(3):
            async with database.begin() as work:
                await work.audit.record(
                    Deed(actor="telegram:1", action="x", subject="y", after={"audience": 2})
                )
        async with database.begin() as work:
            tampered = audit_log.update().where(audit_log.c.id == 2)
            await work.connection.execute(tampered.values(**change))
        async with database.read() as work:
            assert await work.audit.broken_at() == 2

    async def test_a_gap_is_seen(self, database: Database) -> None:
        for _ in range(3):
            async with database.begin() as work:
                await work.audit.record(Deed(actor="telegram:1", action="x", subject="y"))
        async with database.begin() as work:
            await work.connection.execute(audit_log.delete().where(audit_log.c.id == 2))
        async with database.read() as work:
            assert await work.audit.broken_at() == 3


class TestNonces:
    async def test_it_is_used_once(self, database: Database) -> None:
        async with database.begin() as work:
            value = await work.drafts.new_nonce("start", "broadcast:7")
            assert await work.drafts.use_nonce(value, "cancel", "telegram:1") == ("unknown", "")
            first = await work.drafts.use_nonce(value, "start", "telegram:1")
            again = await work.drafts.use_nonce(value, "start", "telegram:2")
            assert (first, again) == (("first", "broadcast:7"), ("used", "broadcast:7"))
            assert await work.drafts.user_of(value) == "telegram:1"
            assert await work.drafts.use_nonce("made up", "start", "telegram:1") == ("unknown", "")

    async def test_it_lives_for_an_hour(self, database: Database) -> None:
        async with database.begin() as work:
            value = await work.drafts.new_nonce("start", "broadcast:7")
        await database.shift_clock(NONCE_LIVES.total_seconds() + 1)
        async with database.begin() as work:
            assert await work.drafts.use_nonce(value, "start", "telegram:1") == ("unknown", "")

    async def test_a_draft_is_its_owners(self, database: Database) -> None:
        async with database.begin() as work:
            await work.drafts.put("telegram:1", {"text": "Привет"})
            await work.drafts.put("telegram:1", {"text": "Пока"})
            await work.drafts.put("telegram:2", {"text": "Нет"})
            assert await work.drafts.get("telegram:1") == {"text": "Пока"}
            await work.drafts.drop("telegram:1")
            assert await work.drafts.get("telegram:1") is None
            assert await work.drafts.get("telegram:2") == {"text": "Нет"}
