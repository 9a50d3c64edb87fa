"""A webhook of 3 MB with many updates: answered at once, and each takes effect once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence

import pytest
import sqlalchemy as sa

from app.inspection import check_ledger
from storage.tables import conversations, deliveries, events, inbox, quarantine
from tests.journeys.heavy import BODY_BYTES, MANY, heavy
from tests.journeys.test_doors import WHATSAPP, counted, hello, post, signed
from tests.journeys.town import Town, founded

ANSWER_SECONDS = 1.0
HANDLED_SECONDS = 300.0
ORDINARY = 30


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[Town]:
    async with founded(monkeypatch, database_url) as built:
        yield built


async def seconds_of(town: Town, body: bytes) -> float:
    """How long the webhook takes that brings this."""
    loop = asyncio.get_running_loop()
    headers = signed(body)
    began = loop.time()
    assert await post(town, "whatsapp/main", body, headers) == 200
    return loop.time() - began


async def all_handled(town: Town) -> None:
    async with asyncio.timeout(HANDLED_SECONDS):
        calm = False
        while not calm:
            await asyncio.sleep(0.1)
            calm = not await left(town)


async def left(town: Town) -> int:
    async with town.ledger() as work:
        return await work.inbox.waiting()


async def taken(town: Town) -> list[str]:
    """The ids of the heavy bodies' events that took effect."""
    async with town.ledger() as work:
        found = (
            sa.select(events.c.external_id)
            .join_from(events, inbox)
            .where(events.c.state == "done", sa.func.length(inbox.c.body) == BODY_BYTES)
        )
        return list((await work.connection.execute(found)).scalars())


async def written(town: Town) -> Sequence[int]:
    """How often each conversation went on; every event of a person's moves it on."""
    async with town.ledger() as work:
        found = sa.select(conversations.c.version).order_by(conversations.c.address_id)
        return (await work.connection.execute(found)).scalars().all()


@pytest.mark.parametrize("updates", [100, pytest.param(MANY, marks=pytest.mark.chaos)])
async def test_all_take_effect_once_and_the_answer_waits_for_none(town: Town, updates: int) -> None:
    brought = heavy(WHATSAPP.phone_id, time.time(), updates)
    assert len(brought.body) == BODY_BYTES
    assert await seconds_of(town, brought.body) < ANSWER_SECONDS
    await all_handled(town)
    told = await taken(town)
    assert len(told) == len(set(told))
    assert set(told) == brought.events
    assert await counted(town, quarantine) == brought.malformed
    assert not [it for it in await check_ledger(town.house.database, {"whatsapp": 24}) if it.broken]

    before = await counted(town, deliveries), await written(town)
    assert await seconds_of(town, brought.body) < ANSWER_SECONDS
    await all_handled(town)
    assert sorted(await taken(town)) == sorted(told)
    assert (await counted(town, deliveries), await written(town)) == before


async def test_ordinary_webhooks_do_not_wait_for_it(town: Town) -> None:
    """Fault case 13's figure holds while the heavy one is read and handled."""
    brought = heavy(WHATSAPP.phone_id, time.time())
    await seconds_of(town, brought.body)
    took = []
    for number in range(ORDINARY):
        took.append(await seconds_of(town, hello(f"wamid.ORDINARY{number}")))
        await asyncio.sleep(0.02)
    assert sorted(took)[int(ORDINARY * 0.95)] < ANSWER_SECONDS
    assert await left(town)


async def test_one_malformed_item_of_thirty_costs_no_other(town: Town) -> None:
    """Fault case 16: 3 entries with 2 changes with 5 items each."""
    told = json.loads(hello("wamid.0"))
    [change] = told["entry"][0]["changes"]
    [message] = change["value"]["messages"]
    items = [message | {"id": f"wamid.{number}"} for number in range(30)]
    items[17]["timestamp"] = "yesterday"
    changes = [
        change | {"value": change["value"] | {"messages": items[at : at + 5]}}
        for at in range(0, 30, 5)
    ]
    told["entry"] = [{"id": "1", "changes": changes[at : at + 2]} for at in range(0, 6, 2)]
    await seconds_of(town, json.dumps(told).encode())
    await all_handled(town)
    assert await counted(town, quarantine) == 1
    async with town.ledger() as work:
        mine = sa.select(events.c.state).where(events.c.kind == "TextReceived")
        states = list((await work.connection.execute(mine)).scalars())
    assert states == ["done"] * 29
