"""What only happens when several workers are at it at once, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from broadcast import campaign
from delivery.pace import LocalPace
from delivery.sending import LEASE, Sender
from storage.auditing import Deed
from storage.database import Database
from storage.tables import attempts, deliveries
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM, VK, route
from tests.delivery.test_crashes import dies_sending
from vestnik.consent import MESSENGERS, Action, ConsentEntry
from vestnik.segment import EVERYONE

PEOPLE = 30


@pytest.fixture
async def ledger(postgresql_url: str) -> AsyncIterator[Ledger]:
    database = Database(postgresql_url, pool_size=20)
    yield Ledger(database)
    await database.aclose()


async def work_off(ledger: Ledger, workers: int) -> None:
    """Several workers send on the same lane at once until nothing is due."""
    pace, lane = LocalPace(), ledger.post(TELEGRAM).lane

    async def one(number: int) -> None:
        sender = Sender(ledger.database, ledger.posts, pace, f"worker {number}")
        while await sender.send_due(lane) is not None or await sender.landed():
            pass

    await asyncio.gather(*[one(number) for number in range(workers)])


async def test_one_delivery_is_never_sent_twice(ledger: Ledger) -> None:
    for _ in range(PEOPLE):
        await ledger.customer(TELEGRAM)
    await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()
    await work_off(ledger, 6)
    sent = [it.address.handle for it in ledger.post(TELEGRAM).taken]
    assert len(sent) == len(set(sent)) == PEOPLE
    assert set(await ledger.ends()) == {("accepted", None)}
    assert await ledger.broken() == []


async def test_opting_out_against_sending(ledger: Ledger) -> None:
    people = [await ledger.customer(TELEGRAM) for _ in range(PEOPLE)]
    await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()

    async def stop(person: int) -> None:
        async with ledger.database.begin() as work:
            await asyncio.sleep(person % 5 / 200)
            assert await work.consents.withdraw(person, "advertising", actor="x", evidence=None)

    await asyncio.gather(work_off(ledger, 3), *[stop(person) for person in people])
    await ledger.settle()
    assert {end for end, _ in await ledger.ends()} <= {"accepted", "skipped"}
    assert await ledger.broken() == []


async def test_who_opts_out_waits_for_the_send_that_relies_on_the_consent(ledger: Ledger) -> None:
    person = await ledger.customer(TELEGRAM)
    async with ledger.database.begin() as sending:
        await sending.standings.of_people([person], until_commit=True)

        async def stop() -> None:
            async with ledger.database.begin() as work:
                await work.consents.withdraw(person, "advertising", actor="x", evidence=None)

        stopping = asyncio.create_task(stop())
        await asyncio.sleep(0.1)
        assert not stopping.done()
        async with ledger.database.read() as work:
            committed = work.now
    await stopping
    async with ledger.database.read() as work:
        [_, withdrawal] = await work.consents.entries(person)
    assert withdrawal.at > committed


async def test_nobody_opts_out_between_the_look_and_the_commit(ledger: Ledger) -> None:
    person = await ledger.customer(TELEGRAM)
    await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()
    async with ledger.database.begin() as blocking:
        # The sender has looked at the consent and waits to write its attempt.
        await blocking.connection.execute(sa.text("LOCK TABLE attempts IN EXCLUSIVE MODE"))
        sending = asyncio.create_task(ledger.send(TELEGRAM))
        await asyncio.sleep(0.1)
        stopping = asyncio.create_task(ledger.writes(person, TELEGRAM, "stop"))
        await asyncio.sleep(0.1)
        assert not stopping.done()
    await asyncio.gather(sending, stopping)
    assert await ledger.ends() == [("accepted", None)]
    assert await ledger.broken() == []


async def test_of_two_entries_at_once_the_later_stands(ledger: Ledger) -> None:
    people = [await ledger.customer(TELEGRAM, covers=()) for _ in range(PEOPLE)]

    async def record(person_id: int, action: Action) -> None:
        async with ledger.database.begin() as work:
            entry = ConsentEntry(
                person_id=person_id,
                purpose="advertising",
                action=action,
                at=work.now,
                actor="customer",
                channels=(MESSENGERS,) if action == "grant" else (),
            )
            await work.consents.record(entry)

    actions: list[Action] = ["grant", "withdraw"]
    await asyncio.gather(*[record(person, action) for person in people for action in actions])
    assert await ledger.broken() == []


async def test_cancelling_against_sending(ledger: Ledger) -> None:
    for _ in range(PEOPLE):
        await ledger.customer(TELEGRAM)
    broadcasts = [await ledger.broadcast(route(TELEGRAM)) for _ in range(3)]
    await ledger.planner.route_due()

    async def cancel(broadcast: int) -> None:
        async with ledger.database.begin() as work:
            await campaign.cancel(work, broadcast, "telegram:1")

    await asyncio.gather(work_off(ledger, 4), *[cancel(it) for it in broadcasts])
    await ledger.settle()
    assert {end for end, _ in await ledger.ends()} <= {"accepted", "cancelled"}
    assert await ledger.broken() == []


async def test_only_one_of_all_starts_begins(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    first = await ledger.broadcast(route(TELEGRAM))
    async with ledger.database.begin() as work:
        found = await work.broadcasts.get(first)
        assert found is not None
        plan = campaign.plan_of(found)
        broadcast = await campaign.draft(work, plan, "telegram:1")

    async def start(actor: str) -> str:
        async with ledger.database.begin() as work:
            return await campaign.start(work, broadcast, actor)

    told = await asyncio.gather(*[start(f"telegram:{number}") for number in range(5)])
    assert sorted(told) == ["not_draft"] * 4 + ["started"]
    assert len(await ledger.rows(deliveries, broadcast_id=broadcast)) == 1


async def test_only_one_of_two_operators_takes_a_dialog(ledger: Ledger) -> None:
    for person in [await ledger.customer(TELEGRAM) for _ in range(5)]:
        async with ledger.database.read() as work:
            [known] = await work.people.addresses(person)

        async def take(operator: str, address_id: int = known.id) -> bool:
            async with ledger.database.begin() as work:
                conversation = await work.conversations.of(address_id)
                return await work.conversations.hold(conversation, operator)

        async def both() -> int:
            return sum(await asyncio.gather(take("telegram:8"), take("telegram:9")))

        assert await both() in (1, 2)  # one after the other is a take-over of a take-over
        async with ledger.database.begin() as work:
            conversation = await work.conversations.of(known.id)
        assert conversation.holder in ("telegram:8", "telegram:9")


async def test_the_staffs_log_is_one_chain(ledger: Ledger) -> None:
    async def note(number: int) -> None:
        async with ledger.database.begin() as work:
            deed = Deed(actor=f"telegram:{number}", action="x", subject="y", after={"n": number})
            await work.audit.record(deed)

    await asyncio.gather(*[note(number) for number in range(20)])
    async with ledger.database.read() as work:
        assert await work.audit.broken_at() is None
    assert await ledger.broken() == []


async def test_a_lost_worker_is_settled_once(ledger: Ledger) -> None:
    for _ in range(10):
        await ledger.customer(VK)
    await ledger.broadcast(route(VK))
    await dies_sending(ledger, VK)
    await ledger.database.shift_clock(LEASE.total_seconds() + 1)
    await asyncio.gather(*[ledger.planner.sweep() for _ in range(4)])
    rows = await ledger.rows(deliveries)
    assert {(row["state"], row["tries"]) for row in rows} == {("planned", 1)}
    assert {row["state"] for row in await ledger.rows(attempts)} == {"unknown"}
    await ledger.pass_time(10)
    assert {end for end, _ in await ledger.ends()} == {"accepted"}
    assert await ledger.broken() == []


async def test_an_audience_is_frozen_at_one_moment(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)

    async def arrive() -> None:
        for _ in range(10):
            await ledger.customer(TELEGRAM)

    broadcast, _ = await asyncio.gather(ledger.broadcast(route(TELEGRAM)), arrive())
    async with ledger.database.read() as work:
        found = await work.broadcasts.get(broadcast)
        assert found is not None
        assert found.audience == (await work.reports.of(broadcast)).audience
        assert await work.audiences.count(EVERYONE) == 11
    assert await ledger.broken() == []
