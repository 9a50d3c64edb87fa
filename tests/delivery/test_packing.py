"""A channel whose requests carry several messages: they share a handle, the ledger and a pace."""

from collections.abc import Sequence
from dataclasses import replace

from storage.tables import attempts
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import LIMITS, VK, route
from tests.delivery.post import Post
from vestnik.abilities import Pack
from vestnik.address import Lane
from vestnik.outbound import Send
from vestnik.outcome import Ambiguous, SendResult, Temporary, Throttled

LANE = Lane(VK, "main")


class Wagon(Post):
    """One request for everybody; those who came with one handle go together again."""

    def __init__(self) -> None:
        super().__init__(LANE, replace(LIMITS[VK], batch=100, rate=20.0))
        self.batches: list[list[str]] = []

    def pack(self, batch: Sequence[Send]) -> Sequence[Pack]:
        return [Pack(tuple(range(len(batch))), one_handle=True)] if batch else []

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        self.batches.append([it.handle for it in batch])
        return await super().send(batch)


def loaded(ledger: Ledger) -> Wagon:
    wagon = Wagon()
    ledger.posts[LANE] = wagon
    return wagon


class TestPacking:
    async def test_a_request_has_one_handle_in_the_ledger_too(self, ledger: Ledger) -> None:
        wagon = loaded(ledger)
        for _ in range(3):
            await ledger.customer(VK)
        await ledger.broadcast(route(VK))
        await ledger.settle()
        [batch] = wagon.batches
        assert len(batch) == 3
        assert len(set(batch)) == 1
        rows = await ledger.rows(attempts)
        assert [row["handle"] for row in rows] == batch
        assert await ledger.ends() == [("accepted", None)] * 3
        assert await ledger.broken() == []

    async def test_who_shared_a_lost_request_shares_its_repetition(self, ledger: Ledger) -> None:
        wagon = loaded(ledger)
        people = [await ledger.customer(VK) for _ in range(3)]
        for person in people:
            wagon.answer(handle(person, VK), Ambiguous("timeout"))
        await ledger.broadcast(route(VK))
        await ledger.settle()
        late = await ledger.customer(VK)
        await ledger.writes(late, VK, "say привет")
        await ledger.pass_time(6)
        first, again = wagon.batches[0], wagon.batches[1]
        assert again == first
        assert await ledger.ends(person_id=people[0]) == [("accepted", None)]
        assert await ledger.broken() == []

    async def test_a_throttled_request_keeps_its_handle(self, ledger: Ledger) -> None:
        wagon = loaded(ledger)
        people = [await ledger.customer(VK) for _ in range(2)]
        for person in people:
            wagon.answer(handle(person, VK), Throttled(30))
        await ledger.broadcast(route(VK))
        await ledger.settle()
        await ledger.pass_time(31)
        assert wagon.batches == [wagon.batches[0]] * 2

    async def test_who_alone_was_throttled_leaves_the_handle_to_the_others(
        self, ledger: Ledger
    ) -> None:
        wagon = loaded(ledger)
        people = [await ledger.customer(VK) for _ in range(2)]
        for person in people:
            await ledger.broadcast(route(VK))
            wagon.answer(handle(person, VK), Throttled(30, "address"))
            await ledger.settle()
            first = wagon.batches[-1]
            await ledger.pass_time(31)
            [again] = wagon.batches[-1]
            assert len(set(first)) == 1
            assert again not in first
        assert await ledger.broken() == []

    async def test_who_alone_failed_for_now_gets_a_handle_of_their_own(
        self, ledger: Ledger
    ) -> None:
        wagon = loaded(ledger)
        people = [await ledger.customer(VK) for _ in range(2)]
        wagon.answer(handle(people[1], VK), Temporary("503"))
        await ledger.broadcast(route(VK))
        await ledger.settle()
        await ledger.pass_time(3)
        assert len(wagon.batches) == 2
        assert wagon.batches[1] != wagon.batches[0][:1]
        assert await ledger.ends() == [("accepted", None)] * 2

    async def test_the_pace_counts_requests(self, ledger: Ledger) -> None:
        wagon = loaded(ledger)
        for _ in range(60):
            await ledger.customer(VK)
        await ledger.broadcast(route(VK))
        await ledger.settle()
        # Were it messages that are counted, the first burst would be of two.
        assert len(wagon.batches[0]) == 60
