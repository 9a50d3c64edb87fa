"""The VK emulator's methods, called by the real vkbottle and by plain HTTP."""

import json
from typing import Any

import pytest
from vkbottle import (
    Callback,
    Keyboard,
    KeyboardButtonColor,
    OpenLink,
    PhotoMessageUploader,
    TemplateElement,
    Text,
    VKAPIError,
    bold,
)

from tests.emulators.vk_stage import ANNA, BORIS, rows, standing


async def test_a_text_is_sent_accepted_and_shown() -> None:
    async with standing() as stand:
        sent = await stand.api.messages.send(peer_id=ANNA.vk, message="Привет", random_id=7)
        again = await stand.api.messages.send(user_id=ANNA.vk, message="Привет", random_id=8)
        entries = list(stand.world.accepted.find(platform="vk"))
        assert (sent, again) == (1, 2)
        assert [(e.to, e.text, e.reference, e.opaque) for e in entries] == [
            ("777", "Привет", "1", "7"),
            ("777", "Привет", "2", "8"),
        ]
        assert [bubble.text for bubble in stand.screen().bubbles] == ["Привет", "Привет"]


async def test_a_repeated_random_id_sends_nothing_within_the_hour() -> None:
    async with standing() as stand:
        send = stand.api.messages.send
        first = await send(peer_id=ANNA.vk, message="раз", random_id=5)
        assert await send(peer_id=ANNA.vk, message="раз", random_id=5) == first
        items = await send(peer_ids=[ANNA.vk], message="раз", random_id=5)
        assert [item.message_id for item in items] == [first]
        assert stand.accepted() == ["раз"]
        stand.vk.clock.advance(3_601)
        assert await send(peer_id=ANNA.vk, message="раз", random_id=5) != first
        zero = [await send(peer_id=ANNA.vk, message="ноль", random_id=0) for _ in range(2)]
        assert zero[0] != zero[1]


async def test_several_peers_get_an_item_each() -> None:
    async with standing() as stand:
        items = await stand.api.messages.send(
            peer_ids=[ANNA.vk, BORIS.vk, 999_999, 2_000_000_001], message="всем", random_id=3
        )
        told = [(item.peer_id, item.message_id, item.error and item.error.code) for item in items]
        assert told == [(777, 1, None), (778, 0, 901), (999_999, 0, 936), (2_000_000_001, 0, 917)]
        assert items[1].error.description == "Can't send messages for users without permission"


@pytest.mark.parametrize(
    ("gesture", "back", "code"),
    [
        ("block", ("unblock", {}), 901),
        ("deny", ("allow", {}), 901),
        ("blacklist", ("pardon", {}), 900),
        ("privacy", ("privacy", {"closed": False}), 902),
    ],
)
async def test_what_stands_in_the_way(
    gesture: str, back: tuple[str, dict[str, Any]], code: int
) -> None:
    async with standing() as stand:
        await stand.gesture(gesture)
        assert stand.screen().note
        with pytest.raises(VKAPIError[code]):
            await stand.api.messages.send(peer_id=ANNA.vk, message="?", random_id=1)
        conversations = await stand.api.messages.get_conversations_by_id(peer_ids=[ANNA.vk])
        assert conversations.items[0].can_write.allowed is False
        assert conversations.items[0].can_write.reason == code
        await stand.gesture(back[0], **back[1])
        assert not stand.screen().note
        assert await stand.api.messages.send(peer_id=ANNA.vk, message="!", random_id=1)


async def test_permission_as_vkbottle_reads_it() -> None:
    async with standing() as stand:
        allowed = [
            await stand.api.messages.is_messages_from_group_allowed(
                group_id=stand.vk.settings.group_id, user_id=user_id
            )
            for user_id in (ANNA.vk, BORIS.vk, 999_999)
        ]
        assert [bool(answer.is_allowed) for answer in allowed] == [True, False, False]


async def test_keyboards_at_their_limits_are_shown() -> None:
    async with standing() as stand:
        inline = Keyboard(inline=True)
        inline.add(Callback("я" * 40, payload={"k": "x" * 200}), KeyboardButtonColor.POSITIVE)
        inline.add(OpenLink("https://example.org/", "Сайт")).row().add(Text("Текст"))
        below = {"buttons": rows(8, width=5)}
        for number, keyboard in enumerate((inline.get_json(), json.dumps(below)), start=1):
            await stand.api.messages.send(
                peer_id=ANNA.vk, message="?", random_id=number, keyboard=keyboard
            )
        shown = stand.screen().bubbles[0].keys
        assert [[key.kind for key in row] for row in shown] == [["press", "link"], ["text"]]
        assert shown[0][1].url == "https://example.org/"
        assert [len(row) for row in stand.screen().keyboard] == [5] * 8
        await stand.api.messages.send(
            peer_id=ANNA.vk, message="!", random_id=3, keyboard='{"buttons":[]}'
        )
        assert stand.screen().keyboard == []


async def test_the_longest_text_passes_and_one_more_character_does_not() -> None:
    async with standing() as stand:
        send = stand.api.messages.send
        assert await send(peer_id=ANNA.vk, message="щ" * 4096, random_id=1)
        with pytest.raises(VKAPIError[914], match="Message is too long"):
            await send(peer_id=ANNA.vk, message="щ" * 4097, random_id=2)


async def test_marked_up_text_and_carousels_reach_the_phone() -> None:
    async with standing() as stand:
        await stand.gesture("subscribe", intent="promo_newsletter")
        text = "Скидка " + bold("20 %")
        card = TemplateElement(
            "Платье", "Летнее", buttons=[{"action": {"type": "text", "label": "Беру"}}]
        )
        await stand.api.request(
            "messages.send",
            {
                "peer_id": ANNA.vk,
                "random_id": 1,
                "message": str(text),
                "format_data": json.dumps(text.as_data()),
                "template": json.dumps({"type": "carousel", "elements": [card.raw]}),
                "disable_mentions": 1,
                "payload": '{"a":1}',
                "intent": "promo_newsletter",
            },
        )
        bubble = stand.screen().bubbles[0]
        assert stand.accepted() == ["Скидка 20 %\nПлатье\nЛетнее"]
        assert bubble.spans == [{"offset": 7, "length": 4, "style": "bold"}]
        assert [[key.label for key in row] for row in bubble.keys] == [["Беру"]]


async def test_edit_and_delete_change_the_phone() -> None:
    async with standing() as stand:
        keyboard = Keyboard(inline=True).add(Callback("Да", payload={"k": 1})).get_json()
        sent = await stand.api.messages.send(
            peer_id=ANNA.vk, message="раз", random_id=1, keyboard=keyboard
        )
        assert await stand.api.messages.edit(peer_id=ANNA.vk, cmid=1, message="два")
        bubble = stand.screen().bubbles[0]
        assert (bubble.text, bubble.keys, bubble.edited) == ("два", [], True)
        found = await stand.api.messages.get_by_id(message_ids=[sent])
        assert (found.count, found.items[0].text, found.items[0].out) == (1, "два", True)
        stand.vk.clock.advance(86_401)
        edit = {"peer_id": ANNA.vk, "message_id": sent, "message": "три"}
        assert (await stand.refused("messages.edit", **edit))[0] == 909
        late = await stand.api.messages.delete(message_ids=[sent], delete_for_all=True)
        assert late[0].error.code == 924
        fresh = await stand.api.messages.send(peer_id=ANNA.vk, message="ой", random_id=2)
        gone = await stand.api.messages.delete(message_ids=[fresh], delete_for_all=True)
        assert gone[0].response is True
        assert [bubble.text for bubble in stand.screen().bubbles] == ["два"]


async def test_photos_are_uploaded_by_vkbottle_and_shown() -> None:
    async with standing() as stand:
        attachment = await PhotoMessageUploader(stand.api).upload(b"\x89PNG", peer_id=ANNA.vk)
        await stand.api.messages.send(peer_id=ANNA.vk, random_id=1, attachment=attachment)
        image = stand.screen().bubbles[0].image
        assert image is not None
        async with stand.web.get(image) as picture:
            assert await picture.read() == b"\x89PNG"


async def test_execute_runs_a_list_of_calls() -> None:
    async with standing() as stand:
        code = (
            r'return [API.messages.send({"peer_id": 777, "message": "a\n\u0431\"",'
            ' "random_id": 1}),'
            " API.messages.send({peer_id: 778, message: 'б', random_id: 2}),"
            " API.messages.isMessagesFromGroupAllowed({group_id: 200001, user_id: 777}).is];"
        )
        assert (await stand.refused("execute", code=code))[0] == 12
        answer = await stand.call("execute", code=code.replace(".is]", "]"))
        assert answer["response"] == [1, False, {"is_allowed": 1}]
        assert answer["execute_errors"] == [
            {
                "method": method,
                "error_code": 901,
                "error_msg": "Can't send messages for users without permission",
            }
            for method in ("messages.send", "execute")
        ]
        assert stand.accepted() == ['a\nб"']
        whole = await stand.api.execute(code="return API.users.get({user_ids: [777, 1]});")
        assert [user["first_name"] for user in whole.response["response"]] == ["Анна"]


async def test_execute_takes_twenty_five_calls_at_most() -> None:
    async with standing() as stand:
        call = "API.messages.send({peer_id: 777, message: 'x', random_id: 0})"
        assert (await stand.refused("execute", code=f"return [{','.join([call] * 26)}];"))[0] == 13
        assert stand.accepted() == []
        answer = await stand.call("execute", code=f"return [{','.join([call] * 25)}];")
        assert answer == {"response": list(range(1, 26))}


async def test_people_and_the_community_as_vkbottle_reads_them() -> None:
    async with standing() as stand:
        users = await stand.api.users.get(user_ids=["777", "id778", "12345"])
        assert [(user.id, user.first_name, user.last_name) for user in users] == [
            (777, "Анна", "Смирнова"),
            (778, "Борис", "Котов"),
        ]
        groups = (await stand.api.groups.get_by_id()).groups
        assert [(group.id, group.name) for group in groups] == [(200001, "Вестник")]
        group_id = stand.vk.settings.group_id
        assert not await stand.api.groups.is_member(group_id=group_id, user_id=ANNA.vk)
        await stand.gesture("join")
        assert await stand.api.groups.is_member(group_id=group_id, user_id=ANNA.vk)
        assert (await stand.refused("groups.isMember", group_id=5, user_id=1))[0] == 203
