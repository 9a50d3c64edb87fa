"""What an event does before anybody answers it: opt-outs, proofs of reading, other handles."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from storage.tables import deliveries
from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at, hears, replied, taken
from vestnik.inbound import (
    Author,
    ButtonPressed,
    Edited,
    Inbound,
    MediaReceived,
    Moved,
    TextReceived,
)

ANNA = at("1")


def told(**more: Any) -> dict[str, Any]:
    return {
        "event_id": "e1",
        "address": ANNA,
        "author": Author("1"),
        "at": datetime.now(UTC),
        **more,
    }


@pytest.mark.parametrize(
    ("inbound", "agrees"),
    [
        (TextReceived(**told(text="стоп")), False),
        (Edited(**told(reference="5", text="СТОП")), False),
        (Edited(**told(reference="5", text="не останавливайтесь")), True),
        (MediaReceived(**told(kind="image", media_id="p", caption="Стоп")), False),
        (MediaReceived(**told(kind="image", media_id="p")), True),
    ],
)
async def test_a_wish_to_stop_is_heard_however_it_is_told(
    both: Caller, inbound: Inbound, agrees: bool
) -> None:
    database = both.house.database
    person = await arrives(database, ANNA.handle, agrees=True)
    await hears(both, inbound)
    async with database.read() as work:
        standing = await work.consents.standing(person, "advertising")
        assert standing.granted is agrees


@pytest.mark.parametrize(
    ("reference", "reply_to", "state"),
    [("77", None, "read"), ("78", "77", "read"), ("78", None, "accepted")],
)
async def test_a_press_proves_that_its_message_was_read(
    both: Caller, reference: str, reply_to: str | None, state: str
) -> None:
    database = both.house.database
    person = await arrives(database, ANNA.handle)
    number = await replied(database, person, ANNA.handle, "Что вам налить?")
    await taken(database, number, "77")
    await hears(both, ButtonPressed(**told(reference=reference, reply_to=reply_to, payload="x")))
    async with database.read() as work:
        delivery = await work.deliveries.get(number)
    assert delivery is not None
    assert delivery.state == state


async def test_what_is_planned_goes_where_somebody_has_moved(both: Caller) -> None:
    database = both.house.database
    people = [await arrives(database, handle) for handle in ("1", "2")]
    sent, planned, other = [
        await replied(database, people[int(handle) - 1], handle, "Готово") for handle in "112"
    ]
    await taken(database, sent, "77")
    await hears(both, Moved(**told(to="9")))
    async with database.read() as work:
        found = sa.select(deliveries.c.handle).order_by(deliveries.c.id)
        handles = (await work.connection.execute(found)).scalars().all()
    assert (sent, planned, other) == (1, 2, 3)
    assert handles == ["1", "9", "2"]


async def test_a_message_asks_for_nothing_twice(both: Caller) -> None:
    database = both.house.database
    await arrives(database, ANNA.handle)
    asked: list[tuple[str, str]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        # The clock is asked once a transaction, and the message comes in by one of its own.
        if statement.startswith("SELECT") and "clock" not in statement:
            asked.append((statement, repr(parameters)))

    await hears(both, TextReceived(**told(text="привет")))
    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await hears(both, TextReceived(**{**told(text="привет"), "event_id": "e2"}))
    sa.event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    assert asked
    assert [it for it in asked if asked.count(it) > 1] == []
