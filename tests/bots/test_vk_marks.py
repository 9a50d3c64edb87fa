"""VK is asked how far people have read, and for a link that brings a payload along."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bots.vk import NAME
from tests.bots.tables import Answer
from tests.bots.vk.speaking import GROUP, TOKEN, asked, channel, refused, speaking
from vestnik.abilities import BadPayload
from vestnik.address import Address
from vestnik.inbound import Author, DeliveryReported


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


def at(handle: int | str) -> Address:
    return Address(NAME, "main", str(handle))


def conversations(*marks: tuple[int, int]) -> Answer:
    items = [{"peer": {"id": peer, "type": "user"}, "out_read": read} for peer, read in marks]
    return Answer({"response": {"count": len(items), "items": items}})


async def test_marks_are_told_as_read_and_all_before() -> None:
    before = datetime.now(UTC)
    async with speaking(conversations((5001, 17), (5002, 0), (5003, 4))) as (vk, community):
        first, second = await community.read_marks([at(5001), at(5002), at(5003)])
        again, _ = await community.read_marks([at(5001)] * 2 + [at(5003)])
    assert before <= first.at <= datetime.now(UTC)
    assert first == DeliveryReported(
        event_id="out_read:5001:17",
        address=at(5001),
        author=Author("5001"),
        at=first.at,
        reference="17",
        state="read",
        and_earlier=True,
    )
    assert (second.address, second.reference) == (at(5003), "4")
    assert again.event_id == first.event_id
    request = vk.requests[0]
    assert request.path == "/method/messages.getConversationsById"
    assert asked(request) == {"peer_ids": "5001,5002,5003", "group_id": f"{GROUP}"}


async def test_a_hundred_are_asked_for_at_once() -> None:
    async with speaking(conversations()) as (vk, community):
        assert await community.read_marks([at(n) for n in range(1, 151)]) == []
    sizes = [len(asked(request)["peer_ids"].split(",")) for request in vk.requests]
    assert sizes == [100, 50]


async def test_chats_and_what_is_no_peer_are_not_asked_for() -> None:
    async with speaking(conversations()) as (vk, community):
        assert await community.read_marks([at(2_000_000_005), at("+7916")]) == []
    assert vk.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        refused(6),
        Answer("<html>", 502),
        Answer({"response": []}),
        Answer({"response": {"items": "?"}}),
        Answer({"response": {"items": [None, {}, {"peer": {"id": "x"}, "out_read": 3}]}}),
        Answer({"response": {"items": [{"peer": {"id": 5001}, "out_read": "3"}]}}),
        conversations((7777, 3)),
    ],
)
async def test_marks_that_cannot_be_told_are_none(answer: Answer) -> None:
    async with speaking(answer) as (_, community):
        assert await community.read_marks([at(5001)]) == []


async def test_what_was_told_before_a_failure_stays_told() -> None:
    people = [at(n) for n in range(1, 151)]
    async with speaking(conversations((1, 3)), refused(6)) as (_, community):
        (report,) = await community.read_marks(people)
    assert report.reference == "3"


async def test_link_brings_its_payload() -> None:
    async with channel("http://vk.invalid") as community:
        assert await community.link("spring-26") == "https://vk.me/club200001?ref=spring-26"
        with pytest.raises(BadPayload):
            await community.link("весна")
