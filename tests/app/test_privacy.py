"""`vestnik privacy`: proofs that can be checked, data that can be taken along, forgetting."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app import privacy
from storage.database import Database
from storage.inbox import Reading
from storage.tables import audit_log, consent_texts
from tests.app.api_people import arrives
from tests.app.conftest import SETTINGS
from vestnik.address import Address, ChannelName, Lane
from vestnik.consent import MESSENGERS, ConsentEntry, fingerprint
from vestnik.inbound import Author, ButtonPressed

WORDS = "Можно присылать вам рекламу?"
LANE = Lane(ChannelName("telegram"), "main")

Said = Callable[[], Any]


@pytest.fixture
async def person(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Somebody who agreed by a press, whose bytes are kept."""
    for name, value in {**SETTINGS, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    person_id: int = await arrives(database, "501", city="Казань", phone="+79990000001")
    async with database.begin() as work:
        await work.inbox.keep(LANE, [b'{"update_id": 77}'])
        [unread] = await work.inbox.unread(1)
        pressed = ButtonPressed(
            event_id="77",
            address=Address(LANE.channel, LANE.account, "501"),
            author=Author("501"),
            at=work.now,
            payload="advertising:agree",
        )
        await work.inbox.were_read([Reading(unread, [pressed])])
        [event] = await work.inbox.due(10)
        entry = ConsentEntry(
            person_id=person_id,
            purpose="advertising",
            action="grant",
            at=work.now,
            actor="customer:telegram:main",
            channels=(MESSENGERS,),
            text_version="1",
            text_hash=fingerprint(WORDS),
            evidence=event.id,
        )
        await work.consents.record(entry, text=WORDS)
        await work.inbox.done([event], person_id)
    return person_id


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The JSON that was printed last."""
    return lambda: json.loads(capsys.readouterr().out)


async def test_a_consent_is_proved_by_words_and_bytes(person: int, said: Said) -> None:
    assert await privacy.prove(person, as_json=True) == 0
    [entry] = said()
    assert (entry["purpose"], entry["action"], entry["text"]) == ("advertising", "grant", WORDS)
    assert entry["intact"] is True
    assert entry["message"]["raw"] == '{"update_id": 77}'
    assert entry["message"]["body"]["payload"] == "advertising:agree"


async def test_other_words_than_those_agreed_to_are_found_out(
    person: int, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database.begin() as work:
        await work.connection.execute(sa.update(consent_texts).values(text="Можно всё?"))
    assert await privacy.prove(person, as_json=False) == 1
    assert "DOES NOT MATCH" in capsys.readouterr().out


async def test_everything_can_be_taken_along(person: int, database: Database, said: Said) -> None:
    assert await privacy.export(person, "cli:anna") == 0
    told = said()
    assert told["answers"] == {"city": ["Казань"]}
    assert {it["address"]["handle"] for it in told["addresses"]} == {"501", "+79990000001"}
    assert [it["text"] for it in told["consents"]] == [WORDS]
    assert [it["content"]["payload"] for it in told["messages"]] == ["advertising:agree"]
    async with database.read() as work:
        logged = await work.connection.execute(sa.select(audit_log.c.action, audit_log.c.subject))
        assert logged.all()[-1] == ("privacy.export", f"person:{person}")


async def test_erasing_is_said_for_sure(
    person: int, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await privacy.erase(person, "cli:anna", sure=False) == 1
    assert "--yes" in capsys.readouterr().err
    async with database.read() as work:
        assert (await work.consents.standing(person, "advertising")).granted
    assert await privacy.erase(person, "cli:anna", sure=True) == 0
    async with database.read() as work:
        assert not (await work.consents.standing(person, "advertising")).granted
        assert await work.people.answers(person) == {}
    assert await privacy.prove(person, as_json=False) == 0
    out = capsys.readouterr().out
    assert WORDS in out
    assert "as it came: erased" in out


@pytest.mark.parametrize("person_id", [999, 2**62])
@pytest.mark.usefixtures("person")
async def test_nobody(person_id: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert await privacy.erase(person_id, "cli:anna", sure=True) == 1
    assert await privacy.export(person_id, "cli:anna") == 1
    assert await privacy.prove(person_id, as_json=False) == 1
    assert f"no person {person_id}" in capsys.readouterr().err
