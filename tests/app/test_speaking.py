"""A customer's language: the messenger's at first, and their own choice from then on."""

from datetime import UTC, datetime
from typing import TypedDict

import pytest

from dialogs.wishes import speak
from tests.app.api_caller import Caller
from tests.app.api_people import at, hears
from vestnik.address import Address
from vestnik.inbound import Author, ButtonPressed, Personal, Started, TextReceived

SOME_TIME = datetime(2026, 3, 1, tzinfo=UTC)


class Around(TypedDict):
    address: Address
    author: Author
    at: datetime


async def answer(api: Caller, inbound: Personal) -> str:
    """What is said to the person after this, the last of it."""
    await hears(api, inbound)
    async with api.house.database.read() as work:
        known = await work.people.address(inbound.address)
        assert known is not None
    messages = await api.get(f"/people/{known.person_id}/messages")
    return str(next(it["text"] for it in messages.items if it["direction"] == "out"))


@pytest.mark.parametrize(
    ("tag", "first", "chosen", "then"),
    [
        ("en-GB", "we need your consent", "ru", "нужно ваше согласие"),
        ("ru", "нужно ваше согласие", "en", "we need your consent"),
        ("kk", "нужно ваше согласие", "en", "we need your consent"),
    ],
)
async def test_it_is_the_messengers_until_they_choose(
    both: Caller, tag: str, first: str, chosen: str, then: str
) -> None:
    address, author = at("501"), Author("501", name="Anna", language=tag)
    around: Around = {"address": address, "author": author, "at": SOME_TIME}
    assert first in await answer(both, Started(event_id="1", **around))
    pressed = ButtonPressed(event_id="2", payload=speak(chosen), **around)
    assert then in await answer(both, pressed), "the question comes again in that language"
    typed = TextReceived(event_id="3", text="?", **around)
    assert then in await answer(both, typed), "what the messenger says does not count any more"
