"""Pausing, resuming and cancelling a broadcast while it is under way."""

from collections.abc import Sequence

import pytest

from broadcast import campaign
from delivery.sending import LEASE
from storage.broadcasts import Broadcast
from storage.tables import deliveries
from storage.unit_of_work import UnitOfWork
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, WHATSAPP, route
from vestnik.address import SMS
from vestnik.outbound import Send
from vestnik.outcome import Ambiguous, Temporary
from vestnik.route import Step


async def steer(ledger: Ledger, how: str, broadcast: int) -> bool:
    move = {"pause": campaign.pause, "resume": campaign.resume, "cancel": campaign.cancel}[how]
    async with ledger.database.begin() as work:
        return bool(await move(work, broadcast, "telegram:1"))


async def read(ledger: Ledger, broadcast: int) -> Broadcast:
    async with ledger.database.read() as work:
        found = await work.broadcasts.get(broadcast)
    assert found is not None
    return found


async def test_paused_nothing_more_goes_out(ledger: Ledger) -> None:
    for _ in range(3):
        await ledger.customer(TELEGRAM)
    broadcast = await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()
    assert await steer(ledger, "pause", broadcast)
    await ledger.pass_time(3600)
    assert ledger.post(TELEGRAM).taken == []
    assert not (await read(ledger, broadcast)).finished
    assert await steer(ledger, "resume", broadcast)
    await ledger.settle()
    assert len(ledger.post(TELEGRAM).taken) == 3
    assert (await read(ledger, broadcast)).finished
    assert await ledger.broken() == []


async def test_paused_between_claim_and_send(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    broadcast = await ledger.broadcast(route(TELEGRAM), text=await ledger.shown())
    await ledger.planner.route_due()

    async def claimed(_: UnitOfWork) -> None:
        ledger.database.on_commit = None
        await steer(ledger, "pause", broadcast)

    ledger.database.on_commit = claimed
    await ledger.send(TELEGRAM)
    assert ledger.post(TELEGRAM).taken == []
    [row] = await ledger.rows(deliveries)
    assert (row["state"], row["lease_until"]) == ("planned", None)
    await steer(ledger, "resume", broadcast)
    await ledger.settle()
    assert ledger.post(TELEGRAM).said() == ["Новости"]


async def test_paused_while_sending_what_is_on_its_way_arrives(ledger: Ledger) -> None:
    await ledger.customer(WHATSAPP, SMS)
    await ledger.writes(1, WHATSAPP, "привет")
    broadcast = await ledger.broadcast(route(WHATSAPP, SMS))

    async def pause(_: Sequence[Send]) -> None:
        await steer(ledger, "pause", broadcast)

    ledger.post(WHATSAPP).while_sending = pause
    await ledger.settle()
    assert await ledger.ends() == [("waiting", None)]
    await ledger.pass_time(61)
    assert ledger.post(SMS).taken == []
    await steer(ledger, "resume", broadcast)
    await ledger.settle()
    assert ledger.post(SMS).said() == ["Новости"]
    assert await ledger.broken() == []


async def test_paused_and_nothing_is_left_it_is_finished(ledger: Ledger) -> None:
    await ledger.customer(VK)
    broadcast = await ledger.broadcast(route(Step(VK, "read", 60)))
    await ledger.settle()
    await steer(ledger, "pause", broadcast)
    await ledger.pass_time(61)
    assert await ledger.ends() == [("accepted", None)]
    assert (await read(ledger, broadcast)).finished


async def test_cancelled_nothing_goes_out_ever(ledger: Ledger) -> None:
    sent, held = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
    ledger.post(TELEGRAM).answer(handle(held, TELEGRAM), Temporary("503"))
    broadcast = await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    assert await steer(ledger, "cancel", broadcast)
    assert not await steer(ledger, "resume", broadcast)
    await ledger.pass_time(3600)
    assert await ledger.ends(person_id=sent) == [("accepted", None)]
    assert await ledger.ends(person_id=held) == [("cancelled", "cancelled")]
    assert (await read(ledger, broadcast)).finished
    assert await ledger.broken() == []


async def test_cancelled_between_claim_and_send(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    broadcast = await ledger.broadcast(route(TELEGRAM), text=await ledger.shown())
    await ledger.planner.route_due()

    async def claimed(_: UnitOfWork) -> None:
        ledger.database.on_commit = None
        await steer(ledger, "cancel", broadcast)

    ledger.database.on_commit = claimed
    await ledger.pass_time(2 * LEASE.total_seconds())
    assert ledger.post(TELEGRAM).taken == []
    assert await ledger.ends() == [("cancelled", "cancelled")]
    assert await ledger.broken() == []


async def test_cancelled_while_sending_no_step_follows(ledger: Ledger) -> None:
    tried = await ledger.customer(TELEGRAM, SMS)
    ledger.post(TELEGRAM).answer(handle(tried, TELEGRAM), Temporary("503"))
    broadcast = await ledger.broadcast(route(TELEGRAM, SMS))

    async def cancel(_: Sequence[Send]) -> None:
        await steer(ledger, "cancel", broadcast)

    ledger.post(TELEGRAM).while_sending = cancel
    await ledger.settle()
    assert not (await read(ledger, broadcast)).finished  # until the sweep sees what came back
    await ledger.pass_time(61)
    assert await ledger.ends() == [("cancelled", "cancelled")]
    assert ledger.post(SMS).taken == []
    assert await ledger.broken() == []


@pytest.mark.parametrize(
    ("unsure", "end"),
    [(False, ("accepted", None)), (True, ("unknown", "cancelled"))],
)
async def test_cancelled_who_was_reached_stays_reached(
    ledger: Ledger, unsure: bool, end: tuple[str, str | None]
) -> None:
    person = await ledger.customer(WHATSAPP, SMS)
    await ledger.writes(person, WHATSAPP, "привет")
    if unsure:
        ledger.post(WHATSAPP).answer(handle(person, WHATSAPP), Ambiguous("timeout"))
    broadcast = await ledger.broadcast(route(WHATSAPP, SMS))
    await ledger.settle()
    await ledger.database.shift_clock(61)
    await ledger.planner.end_waits()
    await steer(ledger, "cancel", broadcast)
    assert await ledger.ends() == [end]
    assert await ledger.broken() == []


async def test_only_one_start_of_all_that_race(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    broadcast = await ledger.broadcast(route(TELEGRAM))
    async with ledger.database.begin() as work:
        assert await campaign.start(work, broadcast, "vk:7") == "not_draft"
    assert len(await ledger.ends()) == 1


async def test_an_audience_of_nobody_is_finished_at_once(ledger: Ledger) -> None:
    broadcast = await ledger.broadcast(route(TELEGRAM))
    started = await read(ledger, broadcast)
    assert (started.audience, started.finished) == (0, True)
    assert await ledger.broken() == []


async def test_the_audience_is_frozen(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    broadcast = await ledger.broadcast(route(TELEGRAM))
    late = await ledger.customer(TELEGRAM)
    await ledger.settle()
    assert (await read(ledger, broadcast)).audience == 1
    assert await ledger.ends(person_id=late) == []
