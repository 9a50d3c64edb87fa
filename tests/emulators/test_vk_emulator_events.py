"""How the VK emulator's events reach callback servers: ticks, retries, pauses, disorder."""

import asyncio
import itertools
from email.utils import formatdate
from typing import Any

import pytest
from aiohttp import web
from vkbottle_types.events.bot_events import MessageAllow

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


async def test_the_pauses_grow_and_then_the_event_is_given_up() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        came: list[float] = []

        def refuse() -> web.Response:
            came.append(stand.vk.clock.now())
            return web.Response(text="no")

        server.replies = [refuse] * 6
        await stand.gesture("say", text="раз")
        await stand.gesture("say", text="два")
        async with asyncio.timeout(30):
            while len(server.events) < 7:
                await asyncio.sleep(0.005)
                stand.vk.clock.advance(60)
        pauses = [after - before for before, after in itertools.pairwise(came)]
        schedule = (10, 180, 600, 1_800, 3_600)
        assert all(pause >= least for pause, least in zip(pauses, schedule, strict=True))
        assert server.retries == [None, "1", "2", "3", "4", "5", None]
        assert server.of("message_new")[-1]["message"]["text"] == "два"


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
