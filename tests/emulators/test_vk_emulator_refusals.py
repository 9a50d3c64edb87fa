"""How strict the VK emulator is: limits, refusals, and faults on demand."""

import json
from typing import Any

import pytest
from vkbottle import VKAPIError

from tests.emulators.vk_stage import ANNA, BORIS, rows, standing

SENDING = {"peer_id": ANNA.vk, "random_id": 1, "message": "?"}


BAD_KEYBOARDS = [
    ("[]", ": keyboard should be array"),
    ({"buttons": [["да"]]}, ": button [0][0] should be array"),
    (
        {"inline": True, "one_time": True, "buttons": rows(1)},
        ": one_time property is not supported for inline keyboard",
    ),
    ({"buttons": rows(11)}, ": buttons contain too much rows"),
    ({"inline": True, "buttons": rows(7)}, ": buttons contain too much rows"),
    ({"buttons": [*rows(4), *rows(1, width=6)]}, ": row 4 contains too much columns"),
    ({"buttons": rows(9, width=5)}, ": keyboard contains too much buttons"),
    ({"inline": True, "buttons": rows(3, width=4)}, ": keyboard contains too much buttons"),
    ({"inline": 1, "buttons": rows(1)}, ": inline property should be boolean"),
    (
        {"buttons": rows(1, label="")},
        ": button [0][0] label should be at least 1 letters length",
    ),
    (
        {"buttons": rows(1, label="я" * 41)},
        ": button [0][0] label should be not more than 40 letters length",
    ),
    (
        {"buttons": rows(1, payload='"' + "x" * 254 + '"')},
        ": button [0][0] payload should be not more than 255 letters length",
    ),
    ({"buttons": rows(1, payload="{")}, ": button [0][0] has invalid payload"),
    ({"buttons": rows(1, payload=None)}, ": button [0][0] has invalid payload"),
    ({"buttons": rows(1, colour="red")}, ": action contains unknown fields"),
    (
        {"buttons": rows(1, type="open_link", link="{signup_link}")},
        ": button [0][0] has invalid link",
    ),
    ({"buttons": [[{"action": {"type": ["text"]}}]]}, ": button [0][0] action has unknown type"),
]


@pytest.mark.parametrize(("keyboard", "detail"), BAD_KEYBOARDS)
async def test_keyboards_are_held_to_their_limits(keyboard: Any, detail: str) -> None:
    async with standing() as stand:
        told = keyboard if isinstance(keyboard, str) else json.dumps(keyboard)
        refused = await stand.refused(
            "messages.send", peer_id=ANNA.vk, message="?", random_id=1, keyboard=told
        )
        assert refused == (911, f"Keyboard format is invalid{detail}")
        assert stand.accepted() == []


BAD_PARAMETERS = [
    ({"random_id": ""}, "random_id is a required parameter"),
    ({"random_id": "x"}, "random_id not integer"),
    ({"peer_id": ""}, "you should specify peer_id, user_id, domain, chat_id or user_ids param"),
    ({"peer_id": "anna"}, "peer_id not integer"),
    ({"message": ""}, "message is empty or invalid"),
    ({"keyboard": "buttons"}, "keyboard contains incorrect JSON"),
    ({"intent": "advert"}, "intent is invalid"),
    ({"dont_parse_links": "yes"}, "dont_parse_links not boolean"),
    ({"attachment": "cat.jpg"}, "attachment is invalid"),
    ({"payload": "{"}, "payload is invalid"),
    (
        {"format_data": '{"items":[{"type":"bold","offset":0,"length":9}]}'},
        "format_data is invalid",
    ),
    ({"template": '{"type":"list"}'}, "template is invalid"),
    (
        {"peer_ids": ",".join(map(str, range(1, 102)))},
        "peer_ids should contain no more than 100 items",
    ),
]


@pytest.mark.parametrize(("changed", "detail"), BAD_PARAMETERS)
async def test_bad_parameters_are_named(changed: dict[str, Any], detail: str) -> None:
    async with standing() as stand:
        refused = await stand.refused("messages.send", **{**SENDING, **changed})
        text = "One of the parameters specified was missing or invalid"
        assert refused == (100, f"{text}: {detail}")


@pytest.mark.parametrize(
    "code", ["", "[1]", "return [", "return " + "[" * 500, "return 'a", "return #"]
)
async def test_unreadable_code_is_refused(code: str) -> None:
    async with standing() as stand:
        assert (await stand.refused("execute", code=code))[0] in (12, 100)


async def test_who_may_knock() -> None:
    async with standing() as stand:
        assert (await stand.refused("messages.send", v=""))[0] == 8
        assert (await stand.refused("messages.send", v="5.80"))[0] == 8
        assert (await stand.refused("messages.sned")) == (3, "Unknown method passed")
        code, text = await stand.refused("users.get", access_token="wrong")
        assert (code, text) == (5, "User authorization failed: invalid access_token (4).")
        assert (await stand.refused("users.get", access_token=""))[0] == 5
        async with stand.web.get(
            f"{stand.base}/vk/method/groups.getById?v=5.199",
            headers={"Authorization": f"Bearer {stand.vk.settings.token}"},
        ) as answer:
            assert (await answer.json())["response"]["groups"][0]["id"] == 200001


async def test_secrets_are_not_echoed() -> None:
    async with standing() as stand:
        answer = await stand.call(
            "groups.addCallbackServer", group_id=1, url="x", title="t", secret_key="hush"
        )
        told = {each["key"]: each["value"] for each in answer["error"]["request_params"]}
        assert told["method"] == "groups.addCallbackServer"
        assert told["group_id"] == "1"
        assert not {"access_token", "secret_key"} & set(told)


async def test_one_request_more_than_the_rate_is_refused() -> None:
    async with standing(rate=4.0, rate_multiplier=0.5) as stand:
        answers = [await stand.call("users.get", user_ids="777") for _ in range(3)]
        assert ["error" in answer for answer in answers] == [False, False, True]
        assert answers[2]["error"]["error_code"] == 6
        stand.vk.clock.advance(0.5)
        assert "response" in await stand.call("users.get", user_ids="777")


async def test_a_person_is_not_flooded() -> None:
    async with standing(flood_per_hour=2) as stand:
        send = stand.api.messages.send
        assert [await send(peer_id=ANNA.vk, message="?", random_id=n) for n in (1, 2)] == [1, 2]
        with pytest.raises(VKAPIError[9], match="too much messages sent to user"):
            await send(peer_id=ANNA.vk, message="?", random_id=3)
        assert await send(peer_id=ANNA.vk, message="?", random_id=2) == 2
        stand.world.clock.advance(3_600)
        assert await send(peer_id=ANNA.vk, message="?", random_id=3) == 3


async def test_a_fault_meets_one_peer_of_many() -> None:
    async with standing() as stand:
        stand.vk.opened(BORIS.vk)
        peers = {"peer_ids": f"{ANNA.vk},{BORIS.vk}", "message": "?", "random_id": 1}
        await stand.fault(kind="error", code=9, to="778")
        first, second = (await stand.call("messages.send", **peers))["response"]
        assert (first["message_id"], second["error"]["code"]) == (1, 9)
        await stand.fault(kind="error", code=10, to="778", method="messages.send")
        calls = [
            f"API.messages.send({{peer_id: {peer}, message: 'x', random_id: 3}})"
            for peer in (777, 778)
        ]
        answer = await stand.call("execute", code=f"return [{','.join(calls)}];")
        assert answer["response"] == [2, False]
