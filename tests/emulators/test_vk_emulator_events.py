"""How the VK emulator's events reach the business: callback servers and Bots Long Poll."""

import asyncio
from email.utils import formatdate
from typing import Any

import pytest
from aiohttp import web
from vkbottle import API, AiohttpClient, BotPolling
from vkbottle_types.events import GroupEventType
from vkbottle_types.events.bot_events import MessageAllow, MessageNew

from tests.emulators.vk_stage import BORIS, SECRET, Stand, business, hooked, standing


async def servers(stand: Stand) -> list[dict[str, Any]]:
    answer = await stand.call("groups.getCallbackServers", group_id=200001)
    items: list[dict[str, Any]] = answer["response"]["items"]
    return items


async def test_the_handshake_decides_the_status() -> None:
    async with standing() as stand, business("wrong") as stranger, business("") as server:
        code = await stand.api.groups.get_callback_confirmation_code(group_id=200001)
        server.confirmation = code.code
        await hooked(stand, stranger, "message_new")
        number = await hooked(stand, server, "message_new")
        assert [each["status"] for each in await servers(stand)] == ["failed", "ok"]
        await stand.gesture("say", text="эй")
        event = (await server.got(1))[0]
        assert stranger.events == []
        assert (event["type"], event["group_id"], event["v"]) == ("message_new", 200001, "5.199")
        assert event["secret"] == SECRET
        assert len(bytes.fromhex(event["event_id"])) == 20
        await stand.call("groups.deleteCallbackServer", group_id=200001, server_id=number)
        assert [each["status"] for each in await servers(stand)] == ["failed"]


async def test_only_ticked_events_come() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        number = await hooked(stand, server, "message_allow")
        settings = await stand.api.groups.get_callback_settings(group_id=200001, server_id=number)
        assert (settings.events.message_allow, settings.events.message_new) == (True, False)
        await stand.gesture("say", who="boris", text="раз")
        await stand.api.groups.set_callback_settings(
            group_id=200001, server_id=number, message_new=True, message_allow=False
        )
        await stand.gesture("deny", who="boris")
        await stand.gesture("say", who="boris", text="два")
        kinds = [event["type"] for event in await server.got(2)]
        assert kinds == ["message_allow", "message_new"]
        allow = MessageAllow(**server.events[0])
        assert (allow.object.user_id, allow.object.key) == (BORIS.vk, "")


async def test_an_event_comes_again_until_it_is_taken() -> None:
    async with (
        standing(callback_retries=(0.05, 0.05)) as stand,
        business(stand.vk.settings.confirmation) as server,
    ):
        await hooked(stand, server, "message_new")
        server.replies = [lambda: web.Response(status=500), lambda: web.Response(text="ok\n")]
        await stand.gesture("say", text="раз")
        await stand.gesture("say", text="два")
        await server.got(4)
        texts = [each["message"]["text"] for each in server.of("message_new")]
        assert texts == ["раз", "раз", "раз", "два"]
        assert server.retries == [None, "1", "2", None]
        assert len({event["event_id"] for event in server.events}) == 2


@pytest.mark.parametrize("ahead", [40, None])
async def test_a_busy_business_names_the_time(ahead: int | None) -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        when = formatdate(stand.vk.clock.now() + 40, usegmt=True) if ahead is None else str(ahead)
        server.replies = [lambda: web.Response(status=503, headers={"Retry-After": when})]
        await stand.gesture("say", text="раз")
        await server.got(1)
        await asyncio.sleep(0.1)
        stand.vk.clock.advance(30)
        await asyncio.sleep(0.1)
        assert len(server.events) == 1
        stand.vk.clock.advance(11)
        await server.got(2)


async def test_remove_takes_the_server_away() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        server.replies = [lambda: web.Response(text="remove")]
        await stand.gesture("say", text="раз")
        await server.got(1)
        await stand.gesture("say", text="два")
        for _ in range(10):
            left = await servers(stand)
        assert left == []
        assert len(server.events) == 1


async def test_an_event_may_come_twice() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        assert (await stand.gesture("repeat"))["error"]
        await stand.gesture("say", text="раз")
        await stand.gesture("repeat")
        first, second = await server.got(2)
        assert first == second


async def test_several_errors_in_a_row_pause_the_server() -> None:
    settings = {"callback_errors": 3, "callback_pause": 600.0, "callback_retries": (0.01,) * 5}
    async with (
        standing(**settings) as stand,
        business(stand.vk.settings.confirmation) as server,
    ):
        await hooked(stand, server, "message_new")
        server.replies = [lambda: web.Response(status=500)] * 3
        await stand.gesture("say", text="раз")
        await server.got(3)
        await becomes(stand, "failed")
        await stand.gesture("say", who="boris", text="два")
        stand.vk.clock.advance(590)
        await asyncio.sleep(0.1)
        assert len(server.events) == 3
        stand.vk.clock.advance(20)
        texts = {event["object"]["message"]["text"] for event in (await server.got(5))[3:]}
        assert texts == {"раз", "два"}
        await becomes(stand, "ok")


async def becomes(stand: Stand, status: str) -> None:
    """Wait until the servers have this status."""
    async with asyncio.timeout(10):
        while {each["status"] for each in await servers(stand)} != {status}:  # noqa: ASYNC110 - VK tells nobody
            await asyncio.sleep(0.01)


async def test_each_server_has_events_and_a_secret_of_its_own() -> None:
    async with (
        standing() as stand,
        business(stand.vk.settings.confirmation) as first,
        business(stand.vk.settings.confirmation) as second,
    ):
        await hooked(stand, first, "message_new", "message_reply")
        number = await hooked(stand, second, "message_reply")
        told = {"group_id": 200001, "server_id": number, "url": second.url, "title": "two"}
        await stand.call("groups.editCallbackServer", **told, secret_key="other")
        await stand.gesture("say", text="раз")
        await stand.call("messages.send", peer_id=777, message="два", random_id=1)
        assert [event["type"] for event in await first.got(2)] == ["message_new", "message_reply"]
        (reply,) = await second.got(1)
        assert (reply["type"], reply["secret"]) == ("message_reply", "other")
        assert reply["event_id"] == first.events[1]["event_id"]
        assert {event["secret"] for event in first.events} == {SECRET}


async def test_a_late_event_comes_after_the_next_one() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        await stand.gesture("late")
        for text in ("раз", "два", "три"):
            await stand.gesture("say", text=text)
        texts = [event["object"]["message"]["text"] for event in await server.got(3)]
        assert texts == ["два", "раз", "три"]
        await stand.gesture("late")
        await stand.gesture("say", text="четыре")
        stand.vk.clock.advance(2)
        assert (await server.got(4))[3]["object"]["message"]["text"] == "четыре"


async def test_events_are_doubled_and_swapped_as_often_as_told() -> None:
    async with (
        standing(duplicates=0.5, reordering=0.5) as stand,
        business(stand.vk.settings.confirmation) as server,
    ):
        await hooked(stand, server, "message_new")
        for number in range(1, 7):
            await stand.gesture("say", text=str(number))
        events = await server.got(9)
        texts = [event["object"]["message"]["text"] for event in events]
        assert [text for place, text in enumerate(texts) if text not in texts[:place]] != sorted(
            texts
        )
        assert (len(texts), set(texts)) == (9, {str(number) for number in range(1, 7)})
        assert len({event["event_id"] for event in events}) == 6


async def test_there_are_ten_servers_at_most() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        for _ in range(10):
            await hooked(stand, server)
        refused = await stand.refused(
            "groups.addCallbackServer", group_id=200001, url=server.url, title="test"
        )
        assert refused == (2000, "Servers number limit is reached")


async def long_poll(stand: Stand, **asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The server's parameters, and its answer to a request with some of them changed."""
    params = (await stand.call("groups.getLongPollServer", group_id=200001))["response"]
    query = {"act": "a_check", "key": params["key"], "ts": params["ts"], "wait": "0", **asked}
    async with stand.web.get(params["server"], params=query) as answer:
        told: dict[str, Any] = await answer.json()
    return params, told


async def test_long_poll_is_off_until_switched_on() -> None:
    async with standing() as stand:
        code, text = await stand.refused("groups.getLongPollServer", group_id=200001)
        assert (code, text.split(": ")[1]) == (100, "longpoll for this group is not enabled")
        await stand.api.groups.set_long_poll_settings(
            group_id=200001, enabled=True, message_new=True, api_version="5.199"
        )
        settings = await stand.api.groups.get_long_poll_settings(group_id=200001)
        assert (settings.is_enabled, settings.events.message_new) == (True, True)
        assert (await long_poll(stand))[1] == {"ts": "0", "updates": []}


async def test_long_poll_tells_what_failed() -> None:
    async with standing(long_poll=True) as stand:
        assert (await long_poll(stand, key="stale"))[1] == {"failed": 2}
        assert (await long_poll(stand, ts="5"))[1] == {"failed": 3}
        assert (await long_poll(stand, version="9"))[1]["failed"] == 4
        await stand.gesture("say", text="раз")
        params, told = await long_poll(stand, ts="0")
        assert (params["ts"], told["ts"], told["updates"][0]["type"]) == ("1", "1", "message_new")
        await stand.call("groups.setLongPollSettings", group_id=200001, message_typing_state=1)
        for _ in range(10_000):
            await stand.vk.gestures["typing"]({"who": "anna"})
        assert (await long_poll(stand, ts="0"))[1] == {"failed": 1, "ts": 10_001}
        await stand.fault(kind="error", method="a_check", failed=1, ts=1)
        assert (await long_poll(stand))[1] == {"failed": 1, "ts": 1}


async def test_vkbottle_polls() -> None:
    async with standing(long_poll=True) as stand:
        client = AiohttpClient()
        api = API(stand.vk.settings.token, http_client=client)
        api.API_URL = f"{stand.base}/vk/method/"
        polling = BotPolling(api, group_id=200001, wait=5)
        server = await polling.get_server()
        waiting = asyncio.create_task(polling.get_event(server))
        await asyncio.sleep(0.05)
        await stand.gesture("start", who="boris", payload="abc")
        update = (await waiting)["updates"][0]
        await client.close()
        assert GroupEventType(update["type"]) == GroupEventType.MESSAGE_NEW
        message = MessageNew(**update).object.message
        assert message is not None
        assert (message.text, message.ref) == ("Начать", "abc")


async def test_both_ways_tell_of_one_event() -> None:
    async with (
        standing(long_poll=True) as stand,
        business(stand.vk.settings.confirmation) as server,
    ):
        await hooked(stand, server, "message_new")
        await stand.gesture("say", text="эй")
        _, told = await long_poll(stand, ts="0")
        assert told["updates"][0]["event_id"] == (await server.got(1))[0]["event_id"]
