"""Before a wait for reading is over, the channel is asked how far people have read."""

from collections.abc import Sequence

import pytest

from delivery.marks import SOON, Marks
from delivery.reporting import take_proof
from storage.tables import attempts
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import ALL_LIMITS, TELEGRAM, VK, route
from tests.delivery.post import Post
from vestnik.address import SMS, Address, Lane
from vestnik.inbound import Author, DeliveryReported
from vestnik.outcome import Ambiguous, Sent
from vestnik.route import Step

LANE = Lane(VK, "main")
BY_READING = route(Step(VK, "read", 600), SMS)


class Library(Post):
    """Knows who has read."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(LANE, ALL_LIMITS[LANE])
        self.ledger = ledger
        self.readers: set[str] = set()
        self.asked: list[str] = []

    async def read_marks(self, addresses: Sequence[Address]) -> Sequence[DeliveryReported]:
        self.asked += [it.handle for it in addresses]
        async with self.ledger.database.read() as work:
            now = work.now
        return [
            DeliveryReported(
                event_id=f"mark:{address.handle}",
                address=address,
                author=Author(address.handle),
                at=now,
                reference=f"1{await self._newest(address)}",
                state="read",
                and_earlier=True,
            )
            for address in addresses
            if address.handle in self.readers
        ]

    async def _newest(self, address: Address) -> str:
        rows = await self.ledger.rows(attempts)
        return str(rows[-1]["handle"])


@pytest.fixture
def library(ledger: Ledger) -> Library:
    library = Library(ledger)
    ledger.posts[LANE] = library
    return library


class TestMarks:
    async def test_a_reader_gets_no_sms(self, ledger: Ledger, library: Library) -> None:
        reader, other = await ledger.customer(VK, SMS), await ledger.customer(VK, SMS)
        await ledger.broadcast(BY_READING)
        await ledger.settle()
        marks = Marks(ledger.database, ledger.posts)
        await marks.ask()
        assert library.asked == []
        library.readers.add(handle(reader, VK))
        await ledger.database.shift_clock(600 - SOON.total_seconds() + 1)
        await marks.ask()
        assert sorted(library.asked) == sorted([handle(reader, VK), handle(other, VK)])
        await ledger.pass_time(60)
        assert await ledger.ends(person_id=reader) == [("read", None)]
        assert ledger.post(SMS).said(handle(reader, SMS)) == []
        assert ledger.post(SMS).said(handle(other, SMS)) == ["Новости"]
        assert await ledger.broken() == []


class TestProof:
    async def test_what_was_pressed_was_read(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        [attempt] = await ledger.rows(attempts)
        press = await ledger.text(person, TELEGRAM, "press")
        async with ledger.database.begin() as work:
            known = await work.people.address(press.address)
            assert known is not None
            await take_proof(work, press, "of another message", known.id, ALL_LIMITS)
            await take_proof(work, press, attempt["reference"], known.id, ALL_LIMITS)
        assert await ledger.ends() == [("read", None)]
        assert await ledger.broken() == []

    async def test_an_unknown_message_that_was_pressed_has_arrived(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        post = ledger.post(TELEGRAM)
        post.answer(handle(person, TELEGRAM), Sent("10"), Ambiguous("timeout"))
        for _ in range(2):
            await ledger.broadcast(route(TELEGRAM))
            await ledger.settle()
        press = await ledger.text(person, TELEGRAM, "press")
        async with ledger.database.begin() as work:
            known = await work.people.address(press.address)
            assert known is not None
            await take_proof(work, press, "11", known.id, ALL_LIMITS)
        assert await ledger.ends() == [("accepted", None), ("read", None)]
        [_, proved] = await ledger.rows(attempts)
        assert proved["reference"] == "11"
        assert await ledger.broken() == []
