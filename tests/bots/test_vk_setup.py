"""VK and its community: what is accepted as VK's, what is registered, what is fetched."""

import json
from typing import Any

import pytest

from tests.bots.tables import Answer
from tests.bots.vk.forged import DEEP, OURS, PUBLIC, TEXT, callback, hook
from tests.bots.vk.rows import FORGED
from tests.bots.vk.speaking import GROUP, SECRET, TOKEN, asked, channel, refused, speaking
from vestnik.abilities import PollFailed, SetupFailed
from vestnik.channel import Forged, Reply

CODE = Answer({"response": {"code": "e8f1c2a7"}})
DONE = Answer({"response": 1})
EVENTS = {
    "message_new",
    "message_reply",
    "message_edit",
    "message_reaction_event",
    "message_allow",
    "message_deny",
    "message_event",
    "message_read",
    "user_block",
    "user_unblock",
}


async def test_callback_with_the_secret_is_kept_as_it_came() -> None:
    async with channel("http://vk.invalid") as community:
        assert community.accept(hook(TEXT)) == Reply(200, "ok", keep=TEXT)


@pytest.mark.parametrize("label", FORGED)
async def test_forged_callback(label: str) -> None:
    forged, status = FORGED[label]
    async with channel("http://vk.invalid") as community:
        with pytest.raises(Forged) as refusal:
            community.accept(forged)
    assert refusal.value.status == status


async def test_authentic_callback_too_deep_to_read_is_kept() -> None:
    bomb = DEEP % (GROUP, b"[" * 100_000, SECRET.encode())
    async with channel("http://vk.invalid") as community:
        assert community.accept(hook(bomb)) == Reply(200, "ok", keep=bomb)


async def test_without_a_secret_of_ours_nobody_is_believed_who_does_not_know_the_token() -> None:
    async with channel("http://vk.invalid", secret="") as community:
        for guess in ("", None, TOKEN):
            with pytest.raises(Forged):
                community.accept(hook(callback(secret=guess)))


CONFIRMATION = json.dumps({"type": "confirmation", "group_id": GROUP}).encode()


async def test_confirmation_is_answered_and_not_kept() -> None:
    async with channel("http://vk.invalid", confirmation="e8f1c2a7") as community:
        assert community.accept(hook(CONFIRMATION)) == Reply(200, "e8f1c2a7")


async def test_confirmation_that_is_not_known_yet_is_put_off() -> None:
    async with channel("http://vk.invalid") as community:
        assert community.accept(hook(CONFIRMATION)) == Reply(503)


def servers(*urls: str, status: str = "ok") -> Answer:
    items = [{"id": number, "url": url, "status": status} for number, url in enumerate(urls, 1)]
    return Answer({"response": {"count": len(items), "items": items}})


async def test_setup_registers_a_callback_server_that_is_confirmed_meanwhile() -> None:
    added = Answer({"response": {"server_id": 3}})
    there = servers("https://elsewhere.example")
    async with speaking(CODE, there, added, DONE, servers(OURS)) as (vk, community):
        await community.setup(f"{PUBLIC}/")
        assert community.accept(hook(CONFIRMATION)) == Reply(200, "e8f1c2a7")
    methods = [request.path.removeprefix("/method/groups.") for request in vk.requests]
    assert methods == [
        "getCallbackConfirmationCode",
        "getCallbackServers",
        "addCallbackServer",
        "setCallbackSettings",
        "getCallbackServers",
    ]
    assert asked(vk.requests[2]) == {
        "group_id": f"{GROUP}",
        "url": OURS,
        "title": "Vestnik",
        "secret_key": SECRET,
    }
    wishes = asked(vk.requests[3])
    assert (wishes["server_id"], wishes["api_version"]) == ("3", "5.199")
    assert wishes.keys() - {"group_id", "server_id", "api_version"} == EVENTS


async def test_setup_uses_the_server_that_is_there_and_a_known_confirmation() -> None:
    there = servers("https://elsewhere.example", OURS)
    answers = (there, DONE, DONE, there)
    async with speaking(*answers, confirmation="known", secret="") as (vk, community):
        await community.setup(PUBLIC)
        (_, edit, settings, _) = map(asked, vk.requests)
        assert vk.requests[1].path == "/method/groups.editCallbackServer"
        assert edit["server_id"] == settings["server_id"] == "2"
        agreed = callback(secret=edit["secret_key"])
        assert community.accept(hook(agreed)).keep == agreed
    assert len(edit["secret_key"]) == 50


async def test_setup_tells_when_vk_cannot_reach_us() -> None:
    there = servers(OURS, status="failed")
    async with speaking(there, DONE, DONE, there, confirmation="known") as (_, community):
        with pytest.raises(SetupFailed, match=OURS):
            await community.setup(PUBLIC)


async def test_setup_for_polling_switches_long_poll_on() -> None:
    async with speaking(DONE, mode="longpoll") as (vk, community):
        await community.setup(PUBLIC)
        (request,) = vk.requests
    assert request.path == "/method/groups.setLongPollSettings"
    assert asked(request) == {
        "group_id": f"{GROUP}",
        "enabled": "1",
        "api_version": "5.199",
        **dict.fromkeys(EVENTS, "1"),
    }


async def test_probe_tells_the_community() -> None:
    named = Answer({"response": {"groups": [{"id": GROUP, "name": "Кофейня"}], "profiles": []}})
    async with speaking(named) as (_, community):
        assert await community.probe() == "Кофейня"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (refused(5, "User authorization failed"), "VK error 5: User authorization failed; check"),
        (refused(15, "Access denied"), "VK_TOKEN"),
        (Answer("<html>", 502), "ClientResponseError"),
        (Answer({"response": {"groups": []}}), "VK's answer has no name"),
        (Answer({"response": []}), "VK's answer has no groups"),
    ],
)
async def test_probe_says_what_is_wrong(answer: Answer, why: str) -> None:
    async with speaking(answer) as (_, community):
        with pytest.raises(SetupFailed, match=why) as failure:
            await community.probe()
    assert TOKEN not in str(failure.value)


def place(server: str, ts: str, key: str = "k1") -> str:
    return json.dumps({"server": server, "key": key, "ts": ts})


async def test_first_poll_asks_where_to_poll_and_brings_bodies_like_callbacks() -> None:
    update = json.loads(TEXT)
    async with speaking(Answer()) as (vk, community):
        where = Answer({"response": {"server": f"{vk.url}/wh", "key": "k1", "ts": "5"}})
        vk.answers = [where, Answer({"ts": "6", "updates": [update, {"type": "?"}]})]
        polled = await community.poll(None)
    assert [json.loads(body) for body in polled.bodies] == [update, {"type": "?"}]
    assert polled.cursor == place(f"{vk.url}/wh", "6")
    assert dict(vk.requests[1].query) == {"act": "a_check", "key": "k1", "ts": "5", "wait": "25"}


@pytest.mark.parametrize(
    ("failure", "key", "ts"),
    [
        ({"failed": 1, "ts": 9}, "k1", "9"),
        ({"failed": 2}, "k2", "5"),
        ({"failed": 3}, "k2", "30"),
        ({"failed": 4, "min_version": 0, "max_version": 3}, "k2", "30"),
    ],
)
async def test_poll_goes_on_after_a_refusal(failure: dict[str, Any], key: str, ts: str) -> None:
    async with speaking(Answer()) as (vk, community):
        fresh = Answer({"response": {"server": f"{vk.url}/wh", "key": "k2", "ts": "30"}})
        vk.answers = [Answer(failure), fresh]
        polled = await community.poll(place(f"{vk.url}/wh", "5"))
    assert polled.bodies == ()
    assert polled.cursor == place(f"{vk.url}/wh", ts, key)


@pytest.mark.parametrize(
    "answer",
    [
        Answer("<html>", 502),
        Answer("not JSON"),
        Answer([]),
        Answer({"updates": []}),
        Answer({"ts": "6", "updates": 7}),
        Answer("[" * 100_000),
        Answer(fault="close"),
    ],
)
async def test_poll_that_fails_says_so(answer: Answer) -> None:
    async with speaking(answer) as (vk, community):
        with pytest.raises(PollFailed):
            await community.poll(place(f"{vk.url}/wh", "5"))


async def test_poll_waits_as_long_as_vk_asks() -> None:
    async with speaking(refused(29)) as (_, community):
        with pytest.raises(PollFailed) as failure:
            await community.poll("a cursor of something else")
    assert failure.value.wait == 3600
