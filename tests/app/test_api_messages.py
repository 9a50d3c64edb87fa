import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from storage.tables import audit_log, deliveries
from storage.unit_of_work import UnitOfWork
from tests.app.api_caller import Caller
from tests.app.api_people import arrives

RECEIPT: dict[str, Any] = {"text": "Заказ **готов**", "ground": "order 1017"}


async def planned(api: Caller) -> list[dict[str, Any]]:
    async with api.house.database.read() as work:
        rows = await work.connection.execute(sa.select(deliveries).order_by(deliveries.c.id))
        return [dict(row) for row in rows.mappings()]


async def test_a_message_is_kept_with_its_ground(both: Caller) -> None:
    person = await arrives(both.house.database, "501")
    answer = await both.post("/messages", {**RECEIPT, "person": person}, Idempotency_Key="1017")
    assert answer.status == 202
    (row,) = await planned(both)
    assert (row["kind"], row["person_id"], row["state"]) == ("transactional", person, "planned")
    assert row["ground"] == {"by": "api", "why": "order 1017"}
    (told,) = (await both.get(f"/people/{person}/messages")).items
    assert (told["id"], told["text"]) == (answer.body["id"], "Заказ готов")


async def test_it_finds_its_way_and_the_sender_is_woken(both: Caller) -> None:
    woken: set[str] = set()

    async def committed(work: UnitOfWork) -> None:
        woken.update(work.hints)

    both.house.database.on_commit = committed
    await arrives(both.house.database, "501")
    named = {"channel": "telegram", "handle": "501"}
    await both.post("/messages", {**RECEIPT, **named}, Idempotency_Key="1")
    assert woken == {"route"}
    await both.house.planner.route_due()
    (row,) = await planned(both)
    assert (row["state"], row["channel"], row["handle"]) == ("planned", "telegram", "501")
    assert woken == {"route", "lane:telegram:main"}


@pytest.mark.parametrize("named", ["person", "address"])
async def test_without_a_route_it_takes_the_channel_that_was_named(api: Caller, named: str) -> None:
    person = await arrives(api.house.database, "501", phone="+79161234567")
    address = {"channel": "sms", "handle": "+79161234567"}
    whom = {"person": person} if named == "person" else address
    await api.post("/messages", {**RECEIPT, **whom}, Idempotency_Key="1")
    (row,) = await planned(api)
    steps = [step["channel"] for step in row["route"]]
    assert steps == (["last", "sms"] if named == "person" else ["sms"])


async def test_the_same_key_sends_nothing_more(both: Caller) -> None:
    person = await arrives(both.house.database, "501")
    key = "ключ" * 32  # 128 characters
    given = {**RECEIPT, "person": person}
    first = await both.post("/messages", given, Idempotency_Key=key)
    again = await both.post("/messages", given, Idempotency_Key=key)
    assert (again.status, again.body) == (first.status, first.body)
    other = await both.post("/messages", given, Idempotency_Key="another")
    assert other.body != first.body
    assert len(await planned(both)) == 2
    async with both.house.database.read() as work:
        rows = await work.connection.execute(sa.select(audit_log.c.actor, audit_log.c.action))
        assert [tuple(row) for row in rows] == [("api", "message.send")] * 2


async def test_ten_at_once_with_one_key_are_one_message(both: Caller) -> None:
    person = await arrives(both.house.database, "501")
    given = {**RECEIPT, "person": person}
    posts = (both.post("/messages", given, Idempotency_Key="1017") for _ in range(10))
    answers = await asyncio.gather(*posts)
    assert {it.status for it in answers} == {202}
    assert len({it.body["id"] for it in answers}) == 1
    assert len(await planned(both)) == 1


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": ""}, {"Idempotency_Key": "k" * 129}])
async def test_a_key_is_required(api: Caller, headers: dict[str, str]) -> None:
    person = await arrives(api.house.database, "501")
    answer = await api.post("/messages", {**RECEIPT, "person": person}, **headers)
    assert answer.wrong == ["header:Idempotency-Key"]


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"person": 1, "ground": ""}, "ground"),
        ({"person": 1, "ground": "  "}, "ground"),
        ({"person": 1, "text": "**"}, None),
        ({"person": 1, "text": " "}, "text"),
        ({"person": 1, "route": "pigeon"}, "route"),
        ({"person": 1, "text": "ы" * 671, "route": "sms"}, "text"),
        ({"person": 1, "text": "ы" * 4097, "route": "last"}, "text"),
        ({"person": 7}, "person"),
        ({"person": 0}, "person"),
        ({"person": 2**63}, "person"),
        ({"person": "1"}, "person"),
        ({"person": True}, "person"),
        ({"channel": "telegram", "handle": "502"}, "handle"),
        ({"channel": "vk", "handle": "501"}, "handle"),
        ({}, ""),
        ({"channel": "telegram"}, ""),
        ({"person": 1, "channel": "telegram", "handle": "501"}, ""),
        ({"person": 1, "to": "501"}, "to"),
    ],
)
async def test_what_is_wrong_is_told_where(
    api: Caller, given: dict[str, Any], at: str | None
) -> None:
    await arrives(api.house.database, "501")
    answer = await api.post("/messages", {**RECEIPT, **given}, Idempotency_Key="1")
    if at is None:
        assert answer.status == 202
    else:
        assert set(answer.wrong) == {f"body:{at}"}
        assert await planned(api) == []


async def test_a_refused_message_leaves_its_key_free(api: Caller) -> None:
    person = await arrives(api.house.database, "501")
    given = {**RECEIPT, "person": person}
    refused = await api.post("/messages", {**given, "route": "pigeon"}, Idempotency_Key="1017")
    assert refused.status == 422
    assert (await api.post("/messages", given, Idempotency_Key="1017")).status == 202
