"""Outcomes in bulk: only those are stored that the claim still holds, each beside its attempt."""

import sqlalchemy as sa

from delivery.beginning import Beginning
from delivery.preparing import Ready
from delivery.sending import LEASE
from storage.tables import attempts, deliveries
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM, route
from vestnik.changing import changed
from vestnik.delivery import Attempt, Delivery


async def begun(ledger: Ledger, people: int) -> list[Ready]:
    """Messages that are being sent."""
    for _ in range(people):
        await ledger.customer(TELEGRAM)
    broadcast_id = await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()
    post = ledger.post(TELEGRAM)
    async with ledger.database.begin() as work:
        claimed = await work.claims.bulk(post.lane, broadcast_id, people)
        requests = await Beginning(post.lane, post, "one", LEASE).begin(work, claimed, None)
    return [it for request in requests for it in request]


def accepted(ready: Ready) -> tuple[Delivery, Delivery, Attempt]:
    before, attempt, _ = ready
    after = changed(before, state="accepted", best="accepted", reached="telegram")
    return before, after, changed(attempt, state="accepted", reference=f"r{before.id}")


async def test_only_what_is_still_held_and_as_it_was_is_stored(ledger: Ledger) -> None:
    ready = await begun(ledger, 5)
    mine, taken, heard, ended, also = (it[0].id for it in ready)
    changes: dict[int, dict[str, object]] = {
        taken: {"fence": deliveries.c.fence + 1},
        heard: {"best": "delivered"},
        ended: {"state": "waiting"},
    }
    async with ledger.database.begin() as work:
        for id_, values in changes.items():
            change = sa.update(deliveries).where(deliveries.c.id == id_).values(**values)
            await work.connection.execute(change)
    async with ledger.database.begin() as work:
        # As they landed, not as they stand in the ledger.
        outcomes = [accepted(it) for it in reversed(ready)]
        assert await work.ledger.settle(outcomes) == {mine, also}
    states = [row["state"] for row in await ledger.rows(deliveries)]
    assert states == ["accepted", "sending", "sending", "waiting", "accepted"]
    noted = [(row["state"], row["reference"]) for row in await ledger.rows(attempts)]
    unheard = ("sending", None)
    assert noted == [
        ("accepted", f"r{mine}"),
        *[unheard] * 3,
        ("accepted", f"r{also}"),
    ]


async def test_nothing_to_settle_is_nothing(ledger: Ledger) -> None:
    async with ledger.database.begin() as work:
        assert await work.ledger.settle([]) == set()
