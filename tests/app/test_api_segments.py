from typing import Any

import pytest

from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at


@pytest.fixture
async def town(both: Caller) -> Caller:
    """Anya in Kazan, Boris in Kazan without consent, Vera in Samara in VK with a phone."""
    database = both.house.database
    await arrives(database, "501", city="Казань", agrees=True)
    await arrives(database, "502", city="Казань")
    await arrives(database, "503", channel="vk", city="Самара", agrees=True, phone="+79161234567")
    return both


@pytest.mark.parametrize(
    ("segment", "total", "channels"),
    [
        ({}, 3, {"telegram": 2, "vk": 1, "sms": 1}),
        ({"question": "city", "in": ["Казань"]}, 2, {"telegram": 2}),
        ({"question": "city", "in": ["Казань", "Самара"]}, 3, {"telegram": 2, "vk": 1, "sms": 1}),
        ({"question": "city"}, 3, {"telegram": 2, "vk": 1, "sms": 1}),
        ({"question": "city", "in": ["Казань"], "consent": "advertising"}, 1, {"telegram": 1}),
        ({"channel": "sms"}, 1, {"vk": 1, "sms": 1}),
        ({"not": {"channel": "vk"}, "seen_within_days": 30}, 2, {"telegram": 2}),
        ({"any": [{"channel": "vk"}, {"not": {"consent": "advertising"}}]}, 2, None),
        ({"all": [{"consent": "advertising"}, {"not": {"channel": "vk"}}]}, 1, None),
        ({"any": []}, 0, {}),
        ({"not": {}}, 0, {}),
        ({"question": "нет такого"}, 0, {}),
    ],
)
async def test_counts(
    town: Caller, segment: dict[str, Any], total: int, channels: dict[str, int] | None
) -> None:
    answer = await town.post("/segments/count", {"segment": segment})
    assert answer.status == 200
    assert answer.body["total"] == total
    if channels is not None:
        assert answer.body["channels"] == channels


async def test_a_closed_address_reaches_nobody(town: Caller) -> None:
    async with town.house.database.begin() as work:
        known = await work.people.address(at("501"))
        assert known is not None
        await work.people.close(known.id, "blocked")
    answer = await town.post("/segments/count", {"segment": {}})
    assert answer.body["total"] == 3
    assert answer.body["channels"] == {"sms": 1, "telegram": 1, "vk": 1}


async def test_a_query_says_the_same_in_words(town: Caller) -> None:
    query = 'city = "Казань" and not consent = advertising'
    answer = await town.post("/segments/count", {"query": query})
    assert answer.status == 200
    assert answer.body == {
        "total": 1,
        "channels": {"telegram": 1},
        "sample": [2],
        "query": 'city = "Казань" and consent != "advertising"',
    }
    within = {"channel": "telegram", "query": query}
    answer = await town.post("/segments/count", {"segment": within})
    assert answer.body["total"] == 1


@pytest.mark.parametrize(
    ("body", "at", "why"),
    [
        ({"query": "city ="}, "query", "Line 1, column 7: the query ends too early; a text"),
        ({"query": "city = \0"}, "query", ""),
        ({"segment": {"query": "city ~ 3"}}, "segment.query", "Line 1, column 6: here should be"),
        ({"segment": {}, "query": "everyone"}, "", "`segment` or `query`, one of them"),
        ({}, "", "`segment` or `query`, one of them"),
    ],
)
async def test_a_mistake_in_a_query_is_told_where(
    api: Caller, body: dict[str, Any], at: str, why: str
) -> None:
    answer = await api.post("/segments/count", body)
    assert answer.wrong == [f"body:{at}"]
    assert why in answer.body["errors"][0]["detail"]


def nested(depth: int) -> dict[str, Any]:
    return {"not": nested(depth - 1)} if depth > 1 else {}


@pytest.mark.parametrize(
    ("segment", "at"),
    [
        ({"sity": "Казань"}, "segment.sity"),
        ({"in": ["Казань"]}, "segment"),
        ({"question": "city", "in": []}, "segment.in"),
        ({"question": "city", "in": "Казань"}, "segment.in"),
        ({"question": "\0"}, "segment.question"),
        ({"consent": "spam"}, "segment.consent"),
        ({"seen_within_days": 0}, "segment.seen_within_days"),
        ({"seen_within_days": "30"}, "segment.seen_within_days"),
        ({"seen_within_days": True}, "segment.seen_within_days"),
        ({"all": [{}, {"any": [{"channel": 1}]}]}, "segment.all.1.any.0.channel"),
        (nested(11), "segment"),
        ({"all": [{}] * 100}, "segment"),
        ([], "segment"),
        (None, ""),
    ],
)
async def test_what_is_no_segment_is_told_where(api: Caller, segment: object, at: str) -> None:
    answer = await api.post("/segments/count", {"segment": segment})
    assert answer.wrong == [f"body:{at}"]


async def test_the_largest_segments_are_counted(both: Caller) -> None:
    answers = [str(number) for number in range(100)]
    wide = [{"question": "city", "in": answers}] * 99
    for segment in (nested(10), {"any": wide}):
        answer = await both.post("/segments/count", {"segment": segment})
        assert answer.status == 200
