"""What was imported of a person: who is shown it, and that it goes and moves with the person."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import privacy
from dialogs.uniting import unite
from storage.database import Database
from storage.erasing import LATE
from storage.profiles import Change
from storage.tables import deliveries, profile
from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at, hears
from tests.app.conftest import SETTINGS, Furnish
from vestnik.address import Address
from vestnik.inbound import Author, TextReceived
from vestnik.outbound import Message, Text
from vestnik.record import decode

OPERATORS = at("-1001")
COLUMNS = {"birthday": ["1990-12-31"], "ltv": ["12345.5"], "tags": ["new", "vip"]}
LINES = "birthday: 31 декабря 1990\u202fг.\nltv: 12\u00a0345,5\ntags: new, vip"


async def imported(database: Database, person: int, **columns: Iterable[str]) -> None:
    async with database.begin() as work:
        await work.profiles.change(
            [Change(person, name, frozenset(), frozenset(it)) for name, it in columns.items()]
        )


async def known(database: Database, person: int) -> dict[str, list[str]]:
    async with database.read() as work:
        return await work.profiles.of(person)


async def rows(database: Database) -> int:
    async with database.read() as work:
        found = sa.select(sa.func.count()).select_from(profile)
        return (await work.connection.execute(found)).scalar_one()


async def told(api: Caller, address: Address) -> str:
    """The newest message to an address."""
    async with api.house.database.read() as work:
        found = (
            sa.select(deliveries.c.content)
            .where(deliveries.c.handle == address.handle)
            .order_by(deliveries.c.id.desc())
        )
        said: Message = decode(Message, (await work.connection.execute(found)).scalars().first())
    assert isinstance(said, Text)
    return said.body.text


def writes(address: Address, author: str, text: str) -> TextReceived:
    return TextReceived(
        event_id=text,
        address=address,
        author=Author(author),
        at=datetime.now(UTC),
        text=text,
        in_group=address == OPERATORS,
    )


async def test_the_customer_is_shown_it(both: Caller) -> None:
    person = await arrives(both.house.database, "501", city="Казань")
    await imported(both.house.database, person, **COLUMNS)
    await hears(both, writes(at("501"), "501", "/mydata"))
    assert f"Город: Казань\nИз наших записей\n{LINES}\n" in await told(both, at("501"))


async def test_operators_are_shown_it(
    database_url: str, furnish: Furnish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_OPERATORS_CHAT", OPERATORS.handle)
    api = await furnish(database_url)
    person = await arrives(api.house.database, "501")
    await imported(api.house.database, person, **COLUMNS)
    async with api.house.database.begin() as work:
        address = await work.people.address(at("501"))
        assert address is not None
        conversation = await work.conversations.of(address.id)
        assert await work.conversations.hold(conversation, "telegram:9")
    await hears(api, writes(OPERATORS, "9", "/card"))
    card = await told(api, OPERATORS)
    assert card.startswith("Аня (Telegram), № 1\n")
    assert card.endswith(f"Из наших записей\n{LINES}")


async def test_the_api_shows_it(both: Caller) -> None:
    database = both.house.database
    person, other = await arrives(database, "501"), await arrives(database, "502")
    await imported(database, person, **COLUMNS)
    assert (await both.get(f"/people/{person}")).body["profile"] == COLUMNS
    shown = {it["id"]: it["profile"] for it in (await both.get("/people")).items}
    assert shown == {person: COLUMNS, other: {}}


@pytest.fixture
def command_line(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SETTINGS, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("command_line")
async def test_it_can_be_taken_along_and_is_erased(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    person, other = await arrives(database, "501"), await arrives(database, "502")
    await imported(database, person, **COLUMNS)
    await imported(database, other, city=["Самара"])
    assert await privacy.export(person, "cli:anna") == 0
    assert json.loads(capsys.readouterr().out)["profile"] == COLUMNS
    assert await privacy.erase(person, "cli:anna", sure=True) == 0
    assert await known(database, person) == {}
    assert await known(database, other) == {"city": ["Самара"]}


async def test_nothing_is_imported_of_the_forgotten(database: Database) -> None:
    person, other = await arrives(database, "501"), await arrives(database, "502")
    async with database.begin() as work:
        await work.erasing.erase(person)
        assert await work.profiles.existing([person, other, 99]) == {other}
    # An import may have read who there is before that.
    await imported(database, person, city=["Казань"])
    await database.shift_clock((LATE + timedelta(minutes=1)).total_seconds())
    async with database.begin() as work:
        assert await work.erasing.finish(10) == 1
    assert await rows(database) == 0


async def test_uniting_keeps_the_columns_of_both_and_the_newer_value(database: Database) -> None:
    owner, newcomer = await arrives(database, "501"), await arrives(database, "502")
    await imported(database, owner, city=["Казань"], ltv=["5"])
    await imported(database, newcomer, tags=["new", "vip"])
    await database.shift_clock(60)
    await imported(database, newcomer, city=["Москва", "Тула"], note=["x"])
    await database.shift_clock(60)
    async with database.begin() as work:
        await unite(work, newcomer, owner, "proof:sms")
        assert await work.profiles.existing([newcomer, owner]) == {owner}
    assert await known(database, owner) == {
        "city": ["Москва", "Тула"],
        "ltv": ["5"],
        "note": ["x"],
        "tags": ["new", "vip"],
    }
    assert await known(database, newcomer) == {}
    async with database.read() as work:
        times = (await work.connection.execute(sa.select(profile.c.at))).scalars()
        assert max(times) < work.now - timedelta(seconds=50), "each is as old as it was"


async def test_uniting_keeps_the_owners_value_where_it_is_the_newer(database: Database) -> None:
    owner, newcomer = await arrives(database, "501"), await arrives(database, "502")
    await imported(database, newcomer, city=["Москва"], ltv=["7"])
    await database.shift_clock(60)
    await imported(database, owner, city=["Казань"])
    async with database.begin() as work:
        await unite(work, newcomer, owner, "proof:sms")
    assert await known(database, owner) == {"city": ["Казань"], "ltv": ["7"]}
    assert await rows(database) == 2
