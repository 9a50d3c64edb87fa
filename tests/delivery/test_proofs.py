"""Which unknown message somebody pressed: told by its number among those of its neighbours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from delivery.proofs import proven, unaccounted
from storage.proofs import Tried
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import MINUTE, NOW, TELEGRAM, attempt, route
from vestnik.outcome import Ambiguous, Sent
from vestnik.states import AttemptState


def tried(minute: int, what: int | str, state: AttemptState = "accepted") -> Tried:
    """Tried in that minute, for some seconds: a message's number, "?" unknown, "…" being sent."""
    began = NOW + minute * MINUTE
    known = attempt(
        number=minute + 1,
        state={"?": "unknown", "…": "sending"}.get(str(what), state),
        reference=None if what in ("?", "…") else str(what),
    )
    return Tried(known, began, None if what == "…" else began + MINUTE / 6)


PRESSED = NOW + 60 * MINUTE


@pytest.mark.parametrize(
    ("number", "history", "found"),
    [
        pytest.param(12, [(0, 10), (1, "?"), (2, 15)], 1, id="between two"),
        pytest.param(12, [(0, 10), (1, "?")], 1, id="after the last"),
        pytest.param(11, [(0, 10), (1, "?"), (2, 15), (3, "?"), (4, 20)], 1, id="the first of two"),
        pytest.param(18, [(0, 10), (1, "?"), (2, 15), (3, "?"), (4, 20)], 3, id="the second"),
        pytest.param(15, [(0, 10), (1, "?"), (2, 15)], None, id="a known one"),
        pytest.param(9, [(0, 10), (1, "?"), (2, 15)], None, id="older than all"),
        pytest.param(16, [(0, 10), (1, "?"), (2, 15)], None, id="newer than all"),
        pytest.param(12, [(0, 10), (1, "?"), (2, "?"), (3, 15)], None, id="either of two"),
        pytest.param(12, [(0, "?"), (1, 15)], None, id="the first that we know of"),
        pytest.param(12, [(0, 10), (1, "?"), (2, "…")], None, id="another is being sent"),
        pytest.param(12, [(0, 10), (61, "?")], None, id="it was tried later"),
        pytest.param(12, [(0, "10a"), (1, "?")], None, id="names that are no numbers"),
        pytest.param(12, [(0, 10)], None, id="nothing is unknown"),
        pytest.param(12, [], None, id="nothing was tried"),
    ],
)
def test_proven(number: int, history: Sequence[tuple[int, int | str]], found: int | None) -> None:
    all_tried = [tried(minute, what) for minute, what in history]
    for order in (all_tried, all_tried[::-1]):
        told = proven(number, PRESSED, order)
        assert (None if told is None else told.number - 1) == found


def test_what_was_under_way_at_the_same_time_is_no_neighbour_above() -> None:
    beside = Tried(attempt(number=3, state="accepted", reference="11"), NOW + MINUTE, PRESSED)
    unsure = tried(1, "?")
    assert proven(12, PRESSED, [tried(0, 10), unsure, beside]) == unsure.attempt


async def test_over_a_ledger(ledger: Ledger) -> None:
    person = await ledger.customer(TELEGRAM)
    post = ledger.post(TELEGRAM)
    post.answer(handle(person, TELEGRAM), Sent("10"), Ambiguous("timeout"), Sent("15"))
    for _ in range(3):
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
    message = await ledger.text(person, TELEGRAM, "what is this?")
    async with ledger.database.begin() as work:
        known = await work.people.address(message.address)
        assert known is not None

        async def found(reference: str, at: datetime = message.at) -> int | None:
            told = await unaccounted(work, known.id, reference, at)
            return None if told is None else told.delivery_id

        assert await found("12") == 2
        assert [await found(it) for it in ("10", "15", "16", "x12")] == [None] * 4


async def test_an_answer_to_their_own_message_proves_nothing(ledger: Ledger) -> None:
    person = await ledger.customer(TELEGRAM)
    post = ledger.post(TELEGRAM)
    post.answer(handle(person, TELEGRAM), Sent("10"), Ambiguous("timeout"))
    for _ in range(2):
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
    theirs = replace(await ledger.text(person, TELEGRAM, "hello?"), reference="12")
    await ledger.hears(theirs)
    async with ledger.database.begin() as work:
        known = await work.people.address(theirs.address)
        assert known is not None
        assert await unaccounted(work, known.id, "12", work.now) is None
        assert await unaccounted(work, known.id, "11", work.now) is not None
