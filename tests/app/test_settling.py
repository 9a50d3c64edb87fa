"""Which message of consent is redrawn after a press, and what it says then."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from dialogs.placing import LOOKED_BACK
from storage.inbox import Reading
from storage.tables import deliveries
from tests.app.api_caller import Caller
from tests.app.api_people import replied, taken
from tests.app.test_in_place import ANNA, talks
from vestnik.inbound import Author, ButtonPressed, Personal, TextReceived
from vestnik.outbound import Button, Edit, Text
from vestnik.record import encode
from vestnik.richtext import RichText, Span

AGREE, DECLINE = "advertising:agree", "advertising:decline"
EVENT = {"event_id": "e1", "address": ANNA, "author": Author("1"), "at": datetime.now(UTC)}


def press(payload: str = AGREE, reference: str = "7", by: str | None = "p1") -> ButtonPressed:
    return ButtonPressed(**EVENT, reference=reference, payload=payload, press=by)  # type: ignore[arg-type]


async def edits(api: Caller, inbound: Personal) -> list[Edit]:
    """The event takes effect; gives what is redrawn."""
    async with api.house.database.begin() as work:
        await work.inbox.keep(inbound.address.lane, [b"{}"])
        (unread,) = await work.inbox.unread(1)
        await work.inbox.were_read([Reading(unread, [inbound])])
        (event,) = await work.inbox.due(1)
        await work.inbox.done([event], await api.house.router(work, event))
        return [it.outbound for it in work.courtesies if isinstance(it.outbound, Edit)]


@pytest.mark.parametrize(
    ("payload", "line"), [(AGREE, "✓ Согласие дано, "), (DECLINE, "✗ Согласие не дано")]
)
@pytest.mark.parametrize(
    ("said", "reference"),
    [
        (["7"], "7"),
        # Something else came below it meanwhile.
        (["7", "8", "9"], "7"),
        # VK names a pressed message by its place, not as it did when it was sent.
        (["6", "7", "8"], "cmid:3"),
    ],
)
async def test_the_pressed_message_says_what_was_chosen(
    both: Caller, payload: str, line: str, said: list[str], reference: str
) -> None:
    await talks(both, "advertising", payload, *said)
    [edit] = await edits(both, press(payload, reference))
    assert edit.reference == "7"
    assert edit.text.buttons == ()
    words, _, told = edit.text.body.text.partition("\n\n")
    assert words == "?"
    assert told.startswith(line)


async def test_the_words_are_those_that_were_sent_with_their_styles(both: Caller) -> None:
    await talks(both, "advertising", AGREE)
    known = await replied(both.house.database, 1, ANNA.handle, "Old words?", Button("!", AGREE))
    styled = RichText("Old words?", (Span(0, 3, "bold"),))
    async with both.house.database.begin() as work:
        content = encode(Text(styled, (Button("!", AGREE),)))
        await work.connection.execute(sa.update(deliveries).values(content=content))
    await taken(both.house.database, known, "7")
    [edit] = await edits(both, press())
    assert edit.text.body.text.startswith("Old words?\n\n✓")
    assert edit.text.body.spans == (Span(0, 3, "bold"),)


@pytest.mark.parametrize(
    ("step", "inbound"),
    [
        ("advertising", TextReceived(**EVENT, text="да")),  # type: ignore[arg-type]
        # A key below the field wrote its label: there is no button at the question.
        ("advertising", press(by=None)),
        # The question does not wait any more.
        ("city", press()),
    ],
)
async def test_nothing_is_redrawn_without_a_pressed_answer(
    both: Caller, step: str, inbound: Personal
) -> None:
    await talks(both, step, AGREE, "7")
    assert await edits(both, inbound) == []


async def test_a_message_that_nobody_knows_any_more_stays(both: Caller) -> None:
    await talks(both, "advertising", AGREE, "7", *(str(it) for it in range(20, 20 + LOOKED_BACK)))
    assert await edits(both, press()) == []
    async with both.house.database.read() as work:
        assert (await work.consents.standing(1, "advertising")).granted


async def test_words_that_leave_no_room_keep_their_buttons(both: Caller) -> None:
    await talks(both, "advertising", AGREE)
    long = await replied(both.house.database, 1, ANNA.handle, "ж" * 4090, Button("!", AGREE))
    await taken(both.house.database, long, "7")
    assert await edits(both, press()) == []
    async with both.house.database.read() as work:
        assert (await work.consents.standing(1, "advertising")).granted


@pytest.mark.parametrize(("by", "redrawn"), [("p1", True), (None, False)])
async def test_ticks_are_redrawn_where_the_message_is_ours(
    both: Caller, by: str | None, *, redrawn: bool
) -> None:
    """A key below VK's input field writes a message of the customer's."""
    ticking = "interests:+coffee"
    await talks(both, "interests", ticking, "7")
    told = await edits(both, press(ticking, by=by))
    assert bool(told) is redrawn
