"""People and operators against the sender, at the same instant, on PostgreSQL. Cases 20 and 21."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import sqlalchemy as sa

from delivery.pace import Grant, LocalPace
from delivery.sending import Sender
from storage.conversations import Conversation
from storage.database import Database
from storage.tables import attempts, consents, deliveries
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, route
from vestnik.address import Lane

TAKE_OVERS = 20
LANE = Lane(TELEGRAM, "main")


class OneByOne(LocalPace):
    """One message at a time."""

    async def take(self, lane: Lane, most: int, rate: float, ahead: float = 0.0) -> Grant:
        return Grant(1)


@pytest.fixture
async def ledger(postgresql_url: str) -> AsyncIterator[Ledger]:
    database = Database(postgresql_url)
    ledger = Ledger(database)
    ledger.sender = Sender(database, ledger.posts, OneByOne(), "one")
    yield ledger
    await database.aclose()


async def _at_once(
    sender: Sender, other: Callable[[], Awaitable[None]], chance: random.Random
) -> None:
    """Both, either of them a little earlier, or long before the other."""

    async def later(turns: int, what: Callable[[], Awaitable[object]]) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await what()

    async def send() -> None:
        await sender.send_due(LANE)

    first, second = (send, other) if chance.random() < 0.5 else (other, send)
    if chance.random() < 0.1:
        await first()
        await second()
    else:
        await asyncio.gather(later(0, first), later(chance.randrange(40), second))
    # A call goes on beside the batch that began it.
    await sender.landed()


@pytest.mark.parametrize("times", [100, pytest.param(1_000, marks=pytest.mark.chaos)])
async def test_opting_out_at_the_moment_of_the_send(ledger: Ledger, times: int) -> None:
    """Fault case 20: whose withdrawal was committed before the attempt gets nothing."""
    people = [await ledger.customer(TELEGRAM) for _ in range(times)]
    await ledger.broadcast(route(TELEGRAM))
    while await ledger.planner.route_due() is not None:
        pass
    chance = random.Random(20)  # noqa: S311 - the same race in every run
    for person in people:

        async def stop(person: int = person) -> None:
            async with ledger.database.begin() as work:
                await work.consents.withdraw(person, "advertising", actor="x", evidence=None)

        await _at_once(ledger.sender, stop, chance)
    await ledger.settle()
    assert await ledger.broken() == []

    reached = {it.address.handle for it in ledger.post(TELEGRAM).taken}
    rows = await ledger.rows(deliveries)
    assert {row["state"] for row in rows} == {"accepted", "skipped"}
    assert {row["handle"] for row in rows if row["state"] == "accepted"} == reached
    late = (
        sa.select(sa.func.count())
        .join_from(attempts, deliveries, attempts.c.delivery_id == deliveries.c.id)
        .join(consents, consents.c.person_id == deliveries.c.person_id)
        .where(consents.c.action == "withdraw", consents.c.at <= attempts.c.started_at)
    )
    async with ledger.database.read() as work:
        assert (await work.connection.execute(late)).scalar_one() == 0


async def test_taking_over_at_the_moment_of_the_answer(ledger: Ledger) -> None:
    """Fault case 21: an answer of the bot goes out before the dialog is taken over, or never."""
    chance = random.Random(21)  # noqa: S311 - the same race in every run
    ends = set()
    for _ in range(TAKE_OVERS):
        person = await ledger.customer(TELEGRAM)
        await ledger.writes(person, TELEGRAM, "say привет")

        async def take_over(person: int = person) -> None:
            await ledger.writes(person, TELEGRAM, "person")

        await _at_once(ledger.sender, take_over, chance)
        await ledger.settle()
        [end] = await ledger.ends(person_id=person)
        said = ledger.post(TELEGRAM).said(handle(person, TELEGRAM))
        assert (end, len(said)) in ((("accepted", None), 1), (("skipped", "taken_over"), 0))
        ends.add(end)
    assert len(ends) == 2
    assert await ledger.broken() == []


async def test_nobody_takes_over_between_the_look_and_the_commit(ledger: Ledger) -> None:
    """I11: as for consents, the sender's look at the version holds until its commit."""
    person = await ledger.customer(TELEGRAM)
    async with ledger.database.begin() as work:
        [known] = await work.people.addresses(person)
        conversation = await work.conversations.of(known.id)
        assert await work.conversations.hold(conversation, "telegram:9")
        assert await work.conversations.hand_back(await work.conversations.of(known.id))
    await ledger.writes(person, TELEGRAM, "say привет")

    async def take_over() -> None:
        async with ledger.database.begin() as work:
            conversation = await work.conversations.of(known.id)
            assert await work.conversations.hold(conversation, "telegram:9")

    async with ledger.database.begin() as blocking:
        # The sender has looked and waits to write its attempt.
        await blocking.connection.execute(sa.text("LOCK TABLE attempts IN EXCLUSIVE MODE"))
        sending = asyncio.create_task(ledger.send(TELEGRAM))
        await _waits_for_attempts(ledger)
        taking = asyncio.create_task(take_over())
        done, _ = await asyncio.wait([taking], timeout=1.0)
    await asyncio.gather(sending, taking)
    if done:
        # It was taken over before the attempt was committed.
        assert ledger.post(TELEGRAM).taken == []


async def test_two_operators_one_owner(ledger: Ledger) -> None:
    """Fault case 21: both look at the same version, one of them takes it."""
    for _ in range(TAKE_OVERS):
        person = await ledger.customer(TELEGRAM)
        async with ledger.database.begin() as work:
            [known] = await work.people.addresses(person)
            seen = await work.conversations.of(known.id)

        async def take(operator: str, seen: Conversation = seen) -> bool:
            async with ledger.database.begin() as work:
                return await work.conversations.hold(seen, operator)

        assert sorted(await asyncio.gather(*map(take, ("a", "b", "c")))) == [False, False, True]


async def _waits_for_attempts(ledger: Ledger) -> None:
    """Until a transaction waits for the table of attempts."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'attempts'::regclass"
    found = 0
    async with asyncio.timeout(60):
        while not found:
            async with ledger.database.read() as work:
                found = (await work.connection.execute(sa.text(waiting))).scalar_one()
            await asyncio.sleep(0.01)
