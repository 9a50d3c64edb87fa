"""Which question of the bot's gives its place to what is said next."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from dialogs.session import Session
from storage.tables import deliveries
from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at, hears, replied, taken
from vestnik.inbound import Author, ButtonPressed
from vestnik.outbound import Button, Message, Text
from vestnik.record import decode, encode

ANNA = at("1")


async def talks(api: Caller, step: str, payload: str, *said: str) -> None:
    """Somebody is asked at this step; these messages have gone out, with these references."""
    database = api.house.database
    person = await arrives(database, ANNA.handle)
    now = datetime.now(UTC)
    scenario = api.house.scenario
    session = Session(
        scenario=scenario.name,
        version=scenario.version,
        started_at=now,
        heard_at=now,
        expires_at=now.replace(year=now.year + 1),
        step=step,
        shown_in="ru",
    )
    async with database.begin() as work:
        known = await work.people.address(ANNA)
        assert known is not None
        await work.conversations.keep_session(known.id, encode(session))
    for reference in said:
        # What came after the question has no buttons of it.
        own = [Button("!", payload)] if reference == "7" else []
        number = await replied(database, person, ANNA.handle, "?", *own)
        await taken(database, number, reference)


@pytest.mark.parametrize(
    ("step", "payload", "said", "replaced"),
    [
        ("city", "city:msk", ["7"], "7"),
        ("phone", "phone:_skip", ["7"], "7"),
        # A broadcast, or an operator's message, came after it.
        ("city", "city:msk", ["7", "8"], None),
        ("advertising", "advertising:agree", ["7"], None),
        ("interests", "interests:_done", ["7"], None),
    ],
)
async def test_the_question_gives_its_place(
    both: Caller, step: str, payload: str, said: list[str], replaced: str | None
) -> None:
    await talks(both, step, payload, *said)
    press = ButtonPressed(
        event_id="e1",
        address=ANNA,
        author=Author("1"),
        at=datetime.now(UTC),
        reference="7",
        payload=payload,
        press="p1",
    )
    await hears(both, press)
    async with both.house.database.read() as work:
        found = sa.select(deliveries.c.content).where(deliveries.c.state == "planned")
        answers = (await work.connection.execute(found)).scalars().all()
    first: Message = decode(Message, answers[0])
    assert isinstance(first, Text)
    assert first.replaces == replaced
