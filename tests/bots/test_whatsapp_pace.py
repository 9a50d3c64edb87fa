"""How fast one person is written to: one message in six seconds, and bursts that are paid back."""

from dataclasses import dataclass

from bots.whatsapp.pairs import BURST, EVERY_SECONDS, FEW, Pairs
from tests.bots.tables import Answer
from tests.bots.whatsapp_business import BY_NUMBER, HIDDEN, SCOPED, talking, text
from vestnik.outbound import Recipient, Seen, Send
from vestnik.outcome import Sent, Throttled

TAKEN = Answer({"messages": [{"id": "wamid.OUT"}], "success": True})


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_free_and_then_everyone_waits_six_seconds() -> None:
    clock = Clock()
    pairs = Pairs(clock)
    for _ in range(BURST):
        assert pairs.wait("+1") == 0
        pairs.count("+1")
    assert pairs.wait("+1") == EVERY_SECONDS
    assert pairs.wait("+2") == 0
    clock.now += EVERY_SECONDS - 1
    assert pairs.wait("+1") == 1
    clock.now += 1
    assert pairs.wait("+1") == 0
    pairs.count("+1")
    assert pairs.wait("+1") == EVERY_SECONDS


def test_what_was_borrowed_is_paid_back_in_time() -> None:
    clock = Clock()
    pairs = Pairs(clock)
    for _ in range(20):
        pairs.count("+1")
    clock.now += 20 * EVERY_SECONDS
    for _ in range(BURST):
        assert pairs.wait("+1") == 0
        pairs.count("+1")
    assert pairs.wait("+1") > 0


def test_who_owes_nothing_is_forgotten() -> None:
    clock = Clock()
    pairs = Pairs(clock)
    for number in range(20 * FEW):
        pairs.count(f"+{number}")
        clock.now += 1.0
    assert len(pairs) <= 2 * FEW


async def test_a_message_too_many_is_held_back_without_a_call() -> None:
    batch = [Send(SCOPED, text(f"{number}")) for number in range(BURST + 1)]
    async with talking(TAKEN) as (channel, stub):
        *sent, held = await channel.send(batch)
        assert sent == [Sent("wamid.OUT")] * BURST
        assert isinstance(held, Throttled)
        assert held.scope == "address"
        assert 0 < held.retry_after <= EVERY_SECONDS
        assert len(stub.requests) == BURST
        seen, other = await channel.send([Send(SCOPED, Seen("wamid.IN")), Send(HIDDEN, text("a"))])
        assert isinstance(seen, Sent)
        assert isinstance(other, Sent)


async def test_a_person_is_one_by_number_whichever_way_they_are_known() -> None:
    known = Recipient(phone=BY_NUMBER.handle)
    batch = [Send(SCOPED, text(f"{number}"), recipient=known) for number in range(BURST)]
    async with talking(TAKEN) as (channel, stub):
        await channel.send(batch)
        (held,) = await channel.send([Send(BY_NUMBER, text("ещё"))])
    assert isinstance(held, Throttled)
    assert len(stub.requests) == BURST
