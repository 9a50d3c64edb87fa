import asyncio
from typing import Any

import pytest

from storage.tables import audit_log
from tests.app.api_caller import Answer, Caller
from tests.app.api_people import arrives, taken

NEWS: dict[str, Any] = {"segment": {}, "text": "**Скидки** до пятницы"}


async def drafted(api: Caller, **other: Any) -> int:
    answer = await api.post("/broadcasts", {**NEWS, **other})
    assert answer.status == 201, answer
    number: int = answer.body["id"]
    return number


async def steer(api: Caller, number: int, *verbs: str) -> list[Answer]:
    return [await api.post(f"/broadcasts/{number}/{verb}") for verb in verbs]


async def test_a_draft_tells_whom_it_would_reach_and_sends_nothing(both: Caller) -> None:
    for handle, city in (("501", "Казань"), ("502", "Самара")):
        await arrives(both.house.database, handle, city=city)
    segment = {"question": "city", "in": ["Казань"]}
    answer = await both.post("/broadcasts", {**NEWS, "segment": segment, "route": "telegram > sms"})
    number = answer.body["id"]
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/broadcasts/{number}"
    assert answer.body == (await both.get(f"/broadcasts/{number}")).body
    shown = {key: answer.body[key] for key in ("state", "audience", "states", "segment", "route")}
    assert shown == {
        "state": "draft",
        "audience": 1,
        "states": {},
        "segment": segment,
        "route": "telegram > sms",
    }
    assert answer.body["text"] == "Скидки до пятницы"
    assert answer.body["created_by"] == "api"
    assert (await both.get(f"/broadcasts/{number}/deliveries")).items == []


async def test_from_draft_to_finished(both: Caller) -> None:
    people = [await arrives(both.house.database, str(it), agrees=True) for it in (501, 502)]
    refused = await arrives(both.house.database, "503")
    number = await drafted(both)
    (started,) = await steer(both, number, "start")
    assert (started.status, started.body["state"]) == (200, "running")
    assert (started.body["audience"], started.body["states"]) == (3, {"planned": 3})

    await both.house.planner.route_due()
    lines = (await both.get(f"/broadcasts/{number}/deliveries")).items
    assert {it["person"]: (it["state"], it["reason"], it["channel"]) for it in lines} == {
        people[0]: ("planned", None, "telegram"),
        people[1]: ("planned", None, "telegram"),
        refused: ("skipped", "no_consent", None),
    }
    for line in lines:
        if line["state"] == "planned":
            await taken(both.house.database, line["id"], f"ref-{line['id']}")
    finished = (await both.get(f"/broadcasts/{number}")).body
    assert (finished["state"], finished["states"]) == ("finished", {"accepted": 2, "skipped": 1})


async def test_pause_resume_cancel(both: Caller) -> None:
    await arrives(both.house.database, "501", agrees=True)
    number = await drafted(both)
    verbs = ("start", "pause", "resume", "pause", "cancel")
    answers = await steer(both, number, *verbs)
    assert [it.body["state"] for it in answers] == [
        "running",
        "paused",
        "running",
        "paused",
        "cancelled",
    ]
    assert answers[-1].body["states"] == {"cancelled": 1}


@pytest.mark.parametrize(
    ("before", "refused", "state"),
    [
        ((), ("pause", "resume"), "draft"),
        (("start",), ("start", "resume"), "running"),
        (("start", "pause"), ("start", "pause"), "paused"),
        (("start", "cancel"), ("start", "pause", "resume", "cancel"), "cancelled"),
        (("cancel",), ("start", "pause", "resume", "cancel"), "cancelled"),
    ],
)
async def test_what_does_not_follow_is_a_conflict(
    api: Caller, before: tuple[str, ...], refused: tuple[str, ...], state: str
) -> None:
    await arrives(api.house.database, "501", agrees=True)
    number = await drafted(api)
    await steer(api, number, *before)
    for answer in await steer(api, number, *refused):
        assert answer.status == 409
        assert answer.body["detail"].endswith(f"broadcast {number} is {state}.")
    assert (await api.get(f"/broadcasts/{number}")).body["state"] == state


async def test_what_is_finished_stays_finished(api: Caller) -> None:
    number = await drafted(api)
    (started,) = await steer(api, number, "start")
    assert (started.body["state"], started.body["audience"]) == ("finished", 0)
    for answer in await steer(api, number, "start", "pause", "resume", "cancel"):
        assert (answer.status, answer.body["title"]) == (409, "Conflict")
    assert (await api.get(f"/broadcasts/{number}")).body["state"] == "finished"


async def test_of_ten_starts_one_succeeds(both: Caller) -> None:
    await arrives(both.house.database, "501", agrees=True)
    number = await drafted(both)
    path = f"/broadcasts/{number}/start"
    answers = await asyncio.gather(*(both.post(path) for _ in range(10)))
    assert sorted(it.status for it in answers) == [200] + [409] * 9
    assert (await both.get(f"/broadcasts/{number}")).body["states"] == {"planned": 1}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/broadcasts/7"),
        ("GET", "/broadcasts/7/report"),
        ("GET", "/broadcasts/7/deliveries"),
        *(("POST", f"/broadcasts/7/{verb}") for verb in ("start", "pause", "resume", "cancel")),
    ],
)
async def test_an_unknown_broadcast(api: Caller, method: str, path: str) -> None:
    answer = await api.ask(method, path)
    assert (answer.status, answer.body["detail"]) == (404, "There is no broadcast 7.")


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "\0"}, "text"),
        ({"text": "ы" * 10_001}, "text"),
        ({"route": "pigeon > sms"}, "route"),
        ({"route": "telegram 60 parsecs"}, "route"),
        ({"route": "telegram 169h delivered"}, "route"),
        ({"route": "telegram > " * 5 + "sms"}, "route"),
        ({"route": ""}, "route"),
        ({"segment": {"city": "Казань"}}, "segment.city"),
        ({"template": ""}, "template"),
        ({"send_at": "2030-01-01T10:00:00Z"}, "send_at"),
        ({"send_at": "tomorrow"}, "send_at"),
        ({"subject": "?"}, "subject"),
    ],
)
async def test_what_is_wrong_is_told_where(api: Caller, given: dict[str, Any], at: str) -> None:
    assert (await api.post("/broadcasts", {**NEWS, **given})).wrong == [f"body:{at}"]
    assert (await api.get("/broadcasts")).items == []


async def test_what_is_missing_is_told(api: Caller) -> None:
    assert (await api.post("/broadcasts", {})).wrong == ["body:segment", "body:text"]


@pytest.mark.parametrize(
    ("route", "length", "channels"),
    [
        ("telegram", 4097, ["telegram"]),
        ("last", 4097, ["telegram", "whatsapp"]),
        ("telegram > sms", 1000, ["sms"]),
        ("sms", 660, []),
        ("telegram", 4096, []),
    ],
)
async def test_a_text_that_does_not_fit_names_the_channels(
    api: Caller, route: str, length: int, channels: list[str]
) -> None:
    given = {**NEWS, "text": "ы" * length, "route": route, "template": None}
    answer = await api.post("/broadcasts", given)
    if channels:
        assert answer.body["detail"] == f"The text does not fit {', '.join(channels)}."
        named = [error["detail"].partition(":")[0] for error in answer.body["errors"]]
        assert named == channels
    else:
        assert answer.status == 201


async def test_the_template_is_the_houses_unless_told(both: Caller) -> None:
    text = "**Скидки**\nдо [пятницы](https://example.org)"
    shown = {}
    for given in ({}, {"template": "sale"}, {"template": None}):
        number = await drafted(both, text=text, **given)
        async with both.house.database.read() as work:
            stored = await work.broadcasts.get(number)
        assert stored is not None
        shown[str(given)] = stored.templates
    house, named, none = shown.values()
    assert {it.name for it in house.values()} == {"news"}
    assert list(named) == ["whatsapp"]
    told = next(iter(named.values()))
    assert (told.name, told.language) == ("sale", "ru")
    # A template's variable takes no line breaks.
    assert told.values == ("Скидки до пятницы (https://example.org)",)
    assert none == {}


async def test_the_newest_come_first(both: Caller) -> None:
    numbers = [await drafted(both) for _ in range(5)]
    found = await both.everything("/broadcasts", limit=2)
    assert [it["id"] for it in found] == numbers[::-1]


async def test_every_act_is_in_the_audit_log(both: Caller) -> None:
    await arrives(both.house.database, "501", agrees=True)
    number = await drafted(both)
    await steer(both, number, "start", "start", "pause", "pause", "resume", "cancel")
    async with both.house.database.read() as work:
        columns = (audit_log.c.actor, audit_log.c.action, audit_log.c.subject)
        rows = await work.connection.execute(audit_log.select().with_only_columns(*columns))
        logged = [tuple(row) for row in rows]
        assert await work.audit.broken_at() is None
    acts = ("draft", "start", "pause", "resume", "cancel")
    assert logged == [("api", f"broadcast.{act}", f"broadcast:{number}") for act in acts]


async def test_its_buttons_open_the_scenario(both: Caller) -> None:
    asked = [{"opens": "profile"}, {"opens": "profile", "label": "Рассказать о себе"}]
    number = await drafted(both, buttons=asked)
    shown = (await both.get(f"/broadcasts/{number}")).body["buttons"]
    assert shown == [
        {"opens": "profile", "label": "Обновить анкету"},
        {"opens": "profile", "label": "Рассказать о себе"},
    ]
    refused = await both.post("/broadcasts", {**NEWS, "buttons": [{"opens": "nothing"}]})
    assert refused.wrong == ["body:buttons"]
