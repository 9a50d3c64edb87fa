"""Callers that keep a webhook waiting, and platforms that repeat themselves at several doors."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from app import roles
from app.discovery import switched_on
from app.settings import load
from app.wiring import build
from storage.tables import deliveries, events, inbox
from tests.journeys.doors import DOORS, TELEGRAM_SECRET
from tests.journeys.shots import raw
from tests.journeys.test_doors import hello
from tests.journeys.test_heavy import ORDINARY, seconds_of
from tests.journeys.town import Town, founded
from tests.journeys.wire import Wire

IDLE = 500
P95_SECONDS = 1.0
REPEATS = 5
WORD = b"fourteen"
HALF_SENT = (
    b"",
    b"POST /webhooks/whatsapp/main HTTP/1.1\r\nHost: a",
    b"POST /webhooks/whatsapp/main HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{",
    b"POST /webhooks/vk/main HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
)


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch, postgresql_url: str) -> AsyncIterator[Town]:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", TELEGRAM_SECRET)
    async with founded(monkeypatch, postgresql_url) as built:
        yield built


async def test_silent_and_half_sent_connections_delay_nobody(town: Town) -> None:
    """Fault case 13."""
    where = town.address.removeprefix("http://").split(":")
    idle = []
    for number in range(IDLE):
        _, writer = await asyncio.open_connection(*where)
        writer.write(HALF_SENT[number % len(HALF_SENT)])
        idle.append(writer)
    took = sorted([await seconds_of(town, hello(f"wamid.{n}")) for n in range(ORDINARY)])
    assert took[int(ORDINARY * 0.95)] < P95_SECONDS
    for writer in idle:
        writer.transport.abort()


async def texts(town: Town, messenger: str) -> list[str]:
    """What became of each text that a webhook brought."""
    async with town.ledger() as work:
        found = sa.select(events.c.state).where(
            events.c.channel == messenger, events.c.kind == "TextReceived"
        )
        return list((await work.connection.execute(found)).scalars())


async def brought(town: Town, messenger: str, word: bytes) -> bytes:
    """The body in which the platform has brought this word."""
    async with town.ledger() as work:
        bodies = sa.select(inbox.c.body).where(inbox.c.channel == messenger)
        [body] = [it for it in (await work.connection.execute(bodies)).scalars() if word in it]
        return bytes(body)


async def at_rest(town: Town) -> int:
    """How many messages the platforms have accepted once nothing is under way."""
    await town.quiet()

    async def open_ones() -> int:
        async with town.ledger() as work:
            unsent = deliveries.c.state.in_(("planned", "sending"))
            found = sa.select(sa.func.count()).where(unsent)
            left: int = (await work.connection.execute(found)).scalar_one()
            return left

    await town.until(open_ones, lambda left: left == 0)
    return town.stage.world.accepted.count()


WRITERS = {"telegram": "p000", "vk": "p001", "whatsapp": "p002", "sms": "p000"}


@pytest.mark.parametrize("name", WRITERS)
async def test_a_webhook_repeated_at_two_doors_has_one_effect(
    town: Town, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Fault case 14."""
    monkeypatch.setenv("PORT", "0")
    settings = load(None)
    async with roles.everything(build(settings, switched_on(settings, None))) as other:
        before = await at_rest(town)
        await town.phone(WRITERS[name], name).says(WORD.decode())
        await town.until(lambda: texts(town, name), bool)
        replies = await at_rest(town) - before
        heard = len(await texts(town, name))
        assert bool(replies) == (name != "sms")

        again = DOORS[name].renewed(await brought(town, name, WORD), 14)
        request = raw(DOORS[name], DOORS[name].prove(again))
        wires = [Wire(door) for door in (town.address, other) for _ in range(REPEATS)]
        answers = await asyncio.gather(*(wire.ask(request, last=True) for wire in wires))
        assert [answer.status for answer in answers] == [200] * len(wires)
        assert await at_rest(town) == before + 2 * replies
        assert await texts(town, name) == ["done"] * (heard + 1)
