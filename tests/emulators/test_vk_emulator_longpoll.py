"""How the VK emulator's events reach those who poll: Bots Long Poll and its failure codes."""

import asyncio
from typing import Any

from vkbottle import API, AiohttpClient, BotPolling
from vkbottle_types.events import GroupEventType
from vkbottle_types.events.bot_events import MessageNew

from tests.emulators.vk_stage import Stand, business, hooked, standing


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
