"""What people and administrators do in the VK emulator besides writing, and what is told of it."""

import json
from typing import Any

import pytest
from vkbottle import Callback, Keyboard, Text, VKAPIError

from tests.emulators.vk_stage import ANNA, BORIS, business, hooked, standing


async def test_a_person_changes_a_message() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_edit")
        said = await stand.gesture("say", text="раз")
        assert "error" not in await stand.gesture("edit", message=said["message"], text="два")
        edit = (await server.got(1))[0]["object"]
        assert (edit["text"], edit["out"], edit["from_id"]) == ("два", 0, ANNA.vk)
        assert edit["update_time"] >= edit["date"]
        assert (stand.screen().bubbles[0].text, stand.screen().bubbles[0].edited) == ("два", True)
        await stand.call("messages.send", peer_id=ANNA.vk, message="?", random_id=1)
        assert (await stand.gesture("edit", message="2", text="!"))["error"]
        stand.vk.clock.advance(86_401)
        assert (await stand.gesture("edit", message=said["message"], text="три"))["error"]


async def test_reactions_of_both_sides() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_reaction_event")
        await stand.call("messages.send", peer_id=ANNA.vk, message="?", random_id=1)
        await stand.gesture("react", message="1", reaction=4)
        await stand.gesture("react", message="1", reaction=0)
        first, second = (event["object"] for event in await server.got(2))
        where = {"reacted_id": ANNA.vk, "peer_id": ANNA.vk, "cmid": 1}
        assert first == {**where, "reaction_id": 4}
        assert second == where
        assert (await stand.gesture("react", message="1", reaction=65))["error"]
        ours = {"peer_id": ANNA.vk, "cmid": 1}
        refused = await stand.refused("messages.sendReaction", **ours, reaction_id=65)
        assert refused == (1009, "Unknown reaction passed")
        assert (await stand.refused("messages.sendReaction", peer_id=777, cmid=9, reaction_id=1))[
            0
        ] == 104
        await stand.call("messages.sendReaction", **ours, reaction_id=2)
        (item,) = (await stand.call("messages.getById", message_ids=1))["response"]["items"]
        counter = {"reaction_id": 2, "count": 1, "user_ids": [-200001]}
        assert (item["reaction_id"], item["reactions"]) == (2, [counter])


async def test_an_old_app_is_told_and_shows_less() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        await stand.gesture("say", text="новое")
        await stand.gesture("client", callback=False)
        await stand.gesture("say", text="старое")
        await stand.gesture("client", inline_keyboard=False, keyboard=False)
        await stand.gesture("say", text="древнее")
        new, old, ancient = (event["object"]["client_info"] for event in await server.got(3))
        assert (new["lang_id"], new["carousel"], "callback" in new["button_actions"]) == (
            0,
            True,
            True,
        )
        assert (old["inline_keyboard"], "callback" in old["button_actions"]) == (True, False)
        assert (ancient["inline_keyboard"], ancient["keyboard"]) == (False, False)
        inline = Keyboard(inline=True).add(Callback("Да", {"k": 1})).add(Text("Нет", {"k": 0}))
        below = Keyboard().add(Text("Меню", {"k": 2}))
        sending = {"peer_id": ANNA.vk, "message": "?"}
        for number, keyboard in enumerate((inline, below), start=1):
            await stand.call(
                "messages.send", **sending, random_id=number, keyboard=keyboard.get_json()
            )
        assert (stand.screen().bubbles[-2].keys, stand.screen().keyboard) == ([], [])
        assert (await stand.gesture("tap", row=0, column=0))["error"]
        await stand.gesture("client", callback=False)
        await stand.call("messages.send", **sending, random_id=3, keyboard=inline.get_json())
        keys = stand.screen().bubbles[-1].keys
        assert [[key.label for key in row] for row in keys] == [["Нет"]]


async def test_intents_need_a_subscription() -> None:
    async with standing(intent_per_day=2) as stand:
        sending = {"peer_id": ANNA.vk, "message": "?", "intent": "promo_newsletter"}
        refused = await stand.refused("messages.send", **sending, random_id=1, subscribe_id=3)
        assert refused == (943, "Cannot use this intent")
        await stand.gesture("subscribe", intent="promo_newsletter", subscribe_id=3)
        assert (await stand.refused("messages.send", **sending, random_id=1))[0] == 943
        for number in (1, 2, 2):
            answer = await stand.call("messages.send", **sending, random_id=number, subscribe_id=3)
            assert answer == {"response": number}
        refused = await stand.refused("messages.send", **sending, random_id=3, subscribe_id=3)
        assert refused == (944, "Limits overflow for this intent")
        stand.vk.clock.advance(86_401)
        assert "response" in await stand.call(
            "messages.send", **sending, random_id=3, subscribe_id=3
        )
        await stand.gesture("unsubscribe", intent="promo_newsletter", subscribe_id=3)
        assert (await stand.refused("messages.send", **sending, random_id=4, subscribe_id=3))[
            0
        ] == 943
        assert (await stand.gesture("subscribe", intent="default"))["error"]


async def test_a_community_may_have_no_intents() -> None:
    async with standing(intents=frozenset({"default"})) as stand:
        for intent in ("promo_newsletter", "customer_support"):
            refused = await stand.refused(
                "messages.send", peer_id=ANNA.vk, message="?", random_id=1, intent=intent
            )
            assert refused[0] == 943
        assert (await stand.refused("messages.getIntentUsers", intent="promo_newsletter"))[0] == 943


async def test_an_administrator_changes_what_was_said() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_edit")
        await stand.call("messages.send", peer_id=ANNA.vk, message="Завтра", random_id=1)
        await stand.gesture("amend", message="1", text="Послезавтра")
        edit = (await server.got(1))[0]["object"]
        assert (edit["text"], edit["out"], edit["admin_author_id"]) == ("Послезавтра", 1, 100)
        own = await stand.gesture("say", text="спасибо")
        assert (await stand.gesture("amend", message=own["message"], text="?"))["error"]


async def test_keyboards_need_the_capabilities_of_bots() -> None:
    async with standing() as stand:
        await stand.gesture("capabilities", on=False)
        keyboard = Keyboard(inline=True).add(Text("Да", {"k": 1})).get_json()
        sending = {"peer_id": ANNA.vk, "message": "?", "random_id": 1}
        refused = await stand.refused("messages.send", **sending, keyboard=keyboard)
        assert refused == (912, "This is a chat bot feature, change this status in settings")
        assert (await stand.call("messages.send", **sending)) == {"response": 1}
        await stand.gesture("capabilities", on=True)
        again = {**sending, "random_id": 2, "keyboard": keyboard}
        assert (await stand.call("messages.send", **again)) == {"response": 2}


async def test_a_deleted_page_is_dead() -> None:
    async with standing() as stand:
        await stand.gesture("delete_account")
        with pytest.raises(VKAPIError[18], match="deleted or banned"):
            await stand.api.messages.send(peer_id=ANNA.vk, message="?", random_id=1)
        (user,) = (await stand.call("users.get", user_ids="777"))["response"]
        assert (user["first_name"], user["deactivated"]) == ("DELETED", "deleted")
        assert stand.screen().note
        await stand.gesture("delete_account", deleted=False)
        assert await stand.api.messages.send(peer_id=ANNA.vk, message="?", random_id=1)


SCOPELESS: list[tuple[str, dict[str, Any]]] = [
    ("messages.send", {"peer_id": 777, "message": "?", "random_id": 1}),
    ("photos.getMessagesUploadServer", {}),
    ("docs.getMessagesUploadServer", {}),
    ("groups.getCallbackServers", {"group_id": 200001}),
]


@pytest.mark.parametrize(("method", "params"), SCOPELESS)
async def test_a_token_without_the_right_is_refused(method: str, params: dict[str, Any]) -> None:
    async with standing(scopes=frozenset()) as stand:
        denied = (7, "Permission to perform this action is denied")
        assert await stand.refused(method, **params) == denied
        answer = await stand.call("execute", code=f"return API.{method}({json.dumps(params)});")
        assert answer["execute_errors"][0]["error_code"] == 7
        assert "response" in await stand.call("groups.getById")
        rights = (await stand.call("groups.getTokenPermissions"))["response"]
        assert rights == {"mask": 0, "permissions": []}


async def test_peers_that_are_no_people() -> None:
    async with standing() as stand:
        sending = {"message": "?", "random_id": 1}
        codes = [
            (await stand.refused("messages.send", peer_id=peer, **sending))[0]
            for peer in (-5, 2_000_000_001, 12)
        ]
        assert codes == [932, 917, 936]
        await stand.call("messages.send", peer_id=ANNA.vk, **sending)
        edit = {"peer_id": BORIS.vk, "message_id": 1, "message": "!"}
        assert (await stand.refused("messages.edit", **edit))[0] == 100
