import base64

import pytest

from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at


async def test_nobody(both: Caller) -> None:
    assert (await both.get("/people")).body == {"items": [], "next": None}


async def test_a_person_is_shown_whole(both: Caller) -> None:
    person = await arrives(
        both.house.database, "501", city="Казань", agrees=True, phone="+79161234567"
    )
    answer = await both.get(f"/people/{person}")
    assert answer.status == 200
    shown = answer.body
    assert (shown["id"], shown["name"], shown["language"]) == (person, "Аня", "ru")
    assert shown["answers"] == {"city": ["Казань"]}
    assert [(it["channel"], it["account"], it["handle"]) for it in shown["addresses"]] == [
        ("telegram", "main", "501"),
        ("sms", "main", "+79161234567"),
    ]
    assert all(it["reachable"] for it in shown["addresses"])
    assert shown["addresses"][0]["window_until"] > shown["seen_at"]
    (consent,) = shown["consents"]
    assert consent.pop("at") == shown["created_at"]
    assert consent == {
        "purpose": "advertising",
        "granted": True,
        "channels": ["messengers", "sms"],
        "text_version": "2026-10",
    }


async def test_a_withdrawal_and_a_block_show(both: Caller) -> None:
    person = await arrives(both.house.database, "501", agrees=True)
    async with both.house.database.begin() as work:
        await work.consents.withdraw(person, "advertising", actor="test", evidence=None)
        known = await work.people.address(at("501"))
        assert known is not None
        await work.people.close(known.id, "blocked")
    shown = (await both.get(f"/people/{person}")).body
    assert [it["granted"] for it in shown["consents"]] == [False]
    assert [it["reachable"] for it in shown["addresses"]] == [False]


async def test_pages_go_on_where_they_ended(both: Caller) -> None:
    people = [await arrives(both.house.database, str(number)) for number in range(500, 505)]
    found = await both.everything("/people", limit=2)
    assert [it["id"] for it in found] == people


async def test_a_last_page_that_is_full_has_no_next(api: Caller) -> None:
    for number in (500, 501):
        await arrives(api.house.database, str(number))
    assert (await api.get("/people", limit=2)).body["next"] is None


async def test_filters_hold_on_every_page(both: Caller) -> None:
    database = both.house.database
    wanted = []
    for number in range(3):
        await arrives(database, f"50{number}")
        wanted.append(await arrives(database, f"90{number}", channel="vk"))
    found = await both.everything("/people", limit=1, channel="vk")
    assert [it["id"] for it in found] == wanted


async def test_by_address(both: Caller) -> None:
    await arrives(both.house.database, "501")
    other = await arrives(both.house.database, "502", phone="+79161234567")
    found = (await both.get("/people", channel="sms", handle="+79161234567")).items
    assert [it["id"] for it in found] == [other]
    unescaped = await both.ask("GET", "/people?channel=sms&handle=+79161234567")
    assert unescaped.items == found
    # The handle of one channel or account is nothing on another.
    assert (await both.get("/people", channel="vk", handle="502")).items == []
    elsewhere = await both.get("/people", channel="telegram", handle="502", account="second")
    assert elsewhere.items == []


async def test_a_handle_is_one_of_a_channel(api: Caller) -> None:
    await arrives(api.house.database, "501")
    assert (await api.get("/people", handle="501")).wrong == ["query:channel"]


async def test_who_has_no_address_left_is_not_listed(api: Caller) -> None:
    gone = await arrives(api.house.database, "501")
    stays = await arrives(api.house.database, "502")
    async with api.house.database.begin() as work:
        await work.people.move_addresses(gone, stays)
    assert [it["id"] for it in (await api.get("/people")).items] == [stays]
    assert (await api.get(f"/people/{gone}")).body["addresses"] == []


@pytest.mark.parametrize("path", ["/people/7", "/people/7/messages"])
async def test_an_unknown_person(api: Caller, path: str) -> None:
    answer = await api.get(path)
    assert (answer.status, answer.body["detail"]) == (404, "There is no person 7.")


@pytest.mark.parametrize("number", ["abc", "-1", "1.5", "9" * 19, "%D9%A1"])
async def test_what_is_no_number_names_nothing(api: Caller, number: str) -> None:
    answer = await api.get(f"/people/{number}")
    assert answer.status == 404


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["", "%", "ы", "!!!!", "AAAA", packed("[1]"), packed('"x"'), packed("-1"), packed("9" * 30)],
)
async def test_garbage_is_no_cursor(api: Caller, cursor: str) -> None:
    answer = await api.get("/people", cursor=cursor)
    assert answer.status == 400
    assert "cursor" in answer.body["detail"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5"])
async def test_limits_have_limits(api: Caller, limit: str) -> None:
    assert (await api.get("/people", limit=limit)).wrong == ["query:limit"]


@pytest.mark.parametrize("query", ["handle=%00", "channel=%00", "handle=", "handle=" + "1" * 256])
async def test_handles_that_no_database_holds(both: Caller, query: str) -> None:
    answer = await both.ask("GET", f"/people?{query}")
    assert answer.wrong == [f"query:{query.partition('=')[0]}"]
