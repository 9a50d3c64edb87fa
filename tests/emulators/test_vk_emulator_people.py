"""The VK emulator's people, and the events that tell the business of them."""

import asyncio
import json

from vkbottle import Callback, Keyboard, Location, OpenLink, Text
from vkbottle_types.events.bot_events import (
    MessageEvent,
    MessageNew,
    MessageReply,
)

from tests.emulators.vk_stage import ANNA, BORIS, business, hooked, standing

ALL = ("message_new", "message_reply", "message_event", "message_allow", "message_deny")


async def test_a_start_carries_its_deep_link() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        await stand.gesture("start", who="boris", payload="promo-5", source="poster")
        await stand.gesture("say", who="boris", text="что дальше?")
        await stand.gesture("follow", who="boris", payload="again")
        await stand.gesture("say", who="boris", text="я тут")
        await server.got(3)
        first, second, third = (MessageNew(**event).object.message for event in server.events)
        assert first is not None
        assert second is not None
        assert third is not None
        assert (first.text, first.payload) == ("Начать", '{"command":"start"}')
        assert (first.ref, first.ref_source) == ("promo-5", "poster")
        assert (second.ref, third.ref) == (None, "again")
        assert (first.out, first.peer_id, first.from_id) == (False, 778, 778)
        assert [m.conversation_message_id for m in (first, second, third)] == [1, 2, 3]
        assert server.events[0]["object"]["client_info"]["inline_keyboard"] is True
        assert await stand.api.messages.send(peer_id=BORIS.vk, message="ок", random_id=1) == 4


async def test_every_outgoing_message_is_told_as_a_reply() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_reply", "message_edit")
        keyboard = Keyboard(inline=True).add(Callback("Да", payload={"k": 1})).get_json()
        said = await stand.gesture("say", text="вопрос")
        forward = {"peer_id": 777, "conversation_message_ids": [1], "is_reply": True}
        await stand.api.messages.send(
            peer_id=ANNA.vk,
            message="ответ",
            random_id=9,
            keyboard=keyboard,
            forward=json.dumps(forward),
        )
        await stand.api.messages.edit(peer_id=ANNA.vk, message_id=2, message="другой")
        reply, edit = await server.got(2)
        told = MessageReply(**reply).object
        assert (told.id, told.random_id, told.from_id, told.out) == (2, 9, -200001, True)
        assert told.reply_message is not None
        assert told.reply_message.text == "вопрос"
        assert told.keyboard is not None
        assert (edit["type"], edit["object"]["text"]) == ("message_edit", "другой")
        assert stand.screen().bubbles[1].reply_to == said["message"]


async def test_a_press_is_answered_once() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, *ALL)
        keyboard = Keyboard(inline=True).add(Callback("Да", payload={"answer": 1}))
        keyboard.add(OpenLink("https://example.org/", "Сайт")).add(Text("Нет", {"answer": 0}))
        sent = await stand.api.messages.send(
            peer_id=ANNA.vk, message="?", random_id=1, keyboard=keyboard.get_json()
        )
        link = await stand.gesture("press", message=str(sent), row=0, column=1)
        assert link == {"link": "https://example.org/"}
        await stand.gesture("press", message=str(sent), row=0, column=2)
        await stand.gesture("press", message=str(sent), row=0, column=0)
        await server.got(3)
        assert [event["type"] for event in server.events] == [
            "message_reply",
            "message_new",
            "message_event",
        ]
        typed = server.of("message_new")[0]["message"]
        assert (typed["text"], json.loads(typed["payload"])) == ("Нет", {"answer": 0})
        press = MessageEvent(**server.events[2]).object
        assert (press.payload, press.conversation_message_id) == ({"answer": 1}, 1)
        answer = {
            "event_id": press.event_id,
            "user_id": press.user_id,
            "peer_id": press.peer_id,
            "event_data": json.dumps({"type": "show_snackbar", "text": "Спасибо"}),
        }
        assert await stand.api.messages.send_message_event_answer(**answer) == 1
        code, text = await stand.refused("messages.sendMessageEventAnswer", **answer)
        assert (code, text.endswith("invalid event_id")) == (100, True)
        assert (await stand.gesture("press", message="9", row=0, column=0))["error"]
        assert (await stand.gesture("press", message=str(sent), row=3, column=0))["error"]


async def test_a_press_waits_a_minute_for_its_answer() -> None:
    async with standing() as stand:
        keyboard = Keyboard(inline=True).add(Callback("Да", payload={"k": 1})).get_json()
        await stand.call("messages.send", peer_id=777, message="?", random_id=1, keyboard=keyboard)
        event_id = (await stand.gesture("press", message="1", row=0, column=0))["event"]
        data = {"event_id": event_id, "user_id": 777, "peer_id": 777}
        bad = await stand.refused(
            "messages.sendMessageEventAnswer", **data, event_data='{"type":"dance"}'
        )
        assert bad[0] == 100
        stand.vk.clock.advance(61)
        assert (await stand.refused("messages.sendMessageEventAnswer", **data))[0] == 100


async def test_keys_below_the_conversation_are_tapped() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        keyboard = Keyboard(one_time=True).add(Text("Да", {"k": 1})).row().add(Location({"k": 2}))
        await stand.call(
            "messages.send", peer_id=777, message="?", random_id=1, keyboard=keyboard.get_json()
        )
        assert stand.screen().keyboard[0][0].label == "Да"
        await stand.gesture("tap", row=0, column=0)
        assert stand.screen().keyboard == []
        assert (await stand.gesture("tap", row=0, column=0))["error"]
        message = (await server.got(1))[0]["object"]["message"]
        assert (message["text"], json.loads(message["payload"])) == ("Да", {"k": 1})


async def test_reading_moves_out_read() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_read")
        for number in (1, 2):
            await stand.api.messages.send(peer_id=ANNA.vk, message="?", random_id=number)
        before = (await stand.api.messages.get_conversations_by_id(peer_ids=[777])).items[0]
        assert await stand.gesture("read") == {"read": 2}
        assert await stand.gesture("read") == {"read": 0}
        await stand.api.messages.send(peer_id=ANNA.vk, message="!", random_id=3)
        after = (await stand.api.messages.get_conversations_by_id(peer_ids=[777])).items[0]
        assert (before.out_read, after.out_read, after.last_message_id) == (0, 2, 3)
        assert (await server.got(1))[0]["object"] == {
            "from_id": 777,
            "peer_id": 777,
            "read_message_id": 2,
            "conversation_message_id": 2,
        }
        assert [bubble.status for bubble in stand.screen().bubbles] == ["read", "read", "sent"]


async def test_the_community_reads_too() -> None:
    async with standing() as stand:
        for text in ("раз", "два"):
            await stand.gesture("say", text=text)
        peer = {"peer_ids": "777"}
        before = (await stand.call("messages.getConversationsById", **peer))["response"]["items"][0]
        assert (before["in_read"], before["unread_count"], before["unanswered"]) == (0, 2, True)
        assert await stand.api.messages.mark_as_read(peer_id=777, mark_conversation_as_read=True)
        after = (await stand.call("messages.getConversationsById", **peer))["response"]["items"][0]
        assert (after["in_read"], after["unread_count"]) == (2, 0)
        assert [bubble.status for bubble in stand.screen().bubbles] == ["read", "read"]
        assert await stand.api.messages.set_activity(peer_id=777, type="typing") == 1


async def test_people_read_by_themselves_when_told_to() -> None:
    async with standing(reads_after=30.0) as stand:
        await stand.api.messages.send(peer_id=ANNA.vk, message="?", random_id=1)
        assert stand.screen().bubbles[0].status == "sent"
        stand.world.clock.advance(30)
        for _ in range(10):
            await asyncio.sleep(0)
        assert stand.screen().bubbles[0].status == "read"


async def test_an_administrator_answers_by_hand() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_reply")
        await stand.gesture("answer", text="Сейчас посмотрю")
        reply = (await server.got(1))[0]["object"]
        assert (reply["admin_author_id"], reply["out"]) == (stand.vk.settings.admin_id, 1)
        assert stand.screen().bubbles[0].text == "Сейчас посмотрю"
        assert stand.accepted() == []
        assert (await stand.gesture("answer", who="boris", text="?"))["error"]
