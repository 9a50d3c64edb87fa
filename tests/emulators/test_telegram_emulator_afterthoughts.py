"""Edits, reactions and what is taken back, on both sides of the Telegram emulator."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import ReactionTypeEmoji, Update

from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS, Stage, stage

ASKED = ["message", "message_reaction", "edited_message"]


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    """The bot wants to hear of reactions."""
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        await ready.bot.get_updates(offset=1, allowed_updates=ASKED)
        yield ready


def emoji(update: Update) -> tuple[list[str], list[str]]:
    """Old and new of a message_reaction."""
    change = update.message_reaction
    assert change is not None
    sides = change.old_reaction, change.new_reaction
    old, new = ([it.emoji for it in side if isinstance(it, ReactionTypeEmoji)] for side in sides)
    return old, new


async def test_reactions_replace_each_other_and_go(scene: Stage) -> None:
    sent = await scene.bot.send_message(ANNA, "Спасибо!")
    for left in ("👍", "❤️", "❤️", None):
        await scene.does("react", message=sent.message_id, emoji=left)
        shown = [left.replace("\ufe0f", "")] if left else []
        assert scene.last_bubble().reactions == shown
    assert [emoji(update) for update in await scene.heard()] == [
        ([], ["👍"]),
        (["👍"], ["❤"]),
        (["❤"], []),
    ]
    status, _ = await scene.tries("react", message=sent.message_id, emoji="🧿")
    assert status == 400


async def test_the_bot_reacts_beside_people(scene: Stage) -> None:
    said = int((await scene.does("say", text="Заказ пришёл"))["message"])
    await scene.does("react", message=said, emoji="🎉")
    assert await scene.bot.set_message_reaction(ANNA, said, [ReactionTypeEmoji(emoji="👌")])
    assert scene.last_bubble().reactions == ["🎉", "👌"]
    assert await scene.bot.set_message_reaction(ANNA, said, [])
    assert scene.last_bubble().reactions == ["🎉"]
    kinds = [update.event_type for update in await scene.heard()]
    assert kinds == ["message", "message_reaction"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"message_id": 5}, "message to react not found"),
        ({"reaction": "["}, "can't parse reaction types JSON object"),
        ({"reaction": {}}, "expected an Array of ReactionType"),
        ({"reaction": ["👍"]}, "can't parse ReactionType: expected an Object"),
        ({"reaction": [{"emoji": "👍"}]}, "can't parse ReactionType: Can't find field \"type\""),
        (
            {"reaction": [{"type": "paid"}]},
            "can't parse ReactionType: invalid reaction type specified",
        ),
        (
            {"reaction": [{"type": "emoji"}]},
            "can't parse ReactionType: Can't find field \"emoji\"",
        ),
        ({"reaction": [{"type": "emoji", "emoji": "🧿"}]}, "REACTION_INVALID"),
        ({"reaction": [{"type": "custom_emoji", "custom_emoji_id": "5"}]}, "REACTION_INVALID"),
        ({"reaction": [{"type": "emoji", "emoji": "👍"}] * 2}, "REACTIONS_TOO_MANY"),
    ],
)
async def test_reactions_that_cannot_be(scene: Stage, told: dict[str, Any], why: str) -> None:
    sent = await scene.bot.send_message(ANNA, "Спасибо!")
    body = {"chat_id": ANNA, "message_id": sent.message_id} | told
    status, answer = await scene.calls("setMessageReaction", **body)
    assert (status, answer["description"]) == (400, f"Bad Request: {why}")


async def test_a_person_changes_a_message(scene: Stage) -> None:
    said = int((await scene.does("say", text="привет"))["message"])
    await scene.does("edit", message=said, text="/start заново")
    sent, edited = await scene.heard()
    assert sent.message is not None
    assert edited.edited_message is not None
    assert (edited.edited_message.message_id, edited.edited_message.text) == (said, "/start заново")
    assert edited.edited_message.edit_date
    assert (scene.last_bubble().text, scene.last_bubble().edited) == ("/start заново", True)

    photo = int((await scene.does("photo", caption="чек"))["message"])
    await scene.does("edit", message=photo, text="чек за май")
    _, edited = await scene.heard()
    assert edited.edited_message is not None
    assert edited.edited_message.caption == "чек за май"
    assert edited.edited_message.photo


async def test_changes_that_people_cannot_make(scene: Stage) -> None:
    sent = await scene.bot.send_message(ANNA, "привет")
    card = (await scene.does("contact"))["message"]
    said = (await scene.does("say", text="привет"))["message"]
    for message in (sent.message_id, card, 5):
        assert (await scene.tries("edit", message=message, text="иначе"))[0] == 400
    assert (await scene.tries("unsend", message=sent.message_id))[0] == 400
    scene.world.clock.advance(49 * 3600)
    assert (await scene.tries("edit", message=said, text="поздно"))[0] == 400


async def test_what_is_taken_back_cannot_be_answered(scene: Stage) -> None:
    said = int((await scene.does("say", text="ой"))["message"])
    await scene.does("unsend", message=said)
    assert scene.screen().bubbles == []
    assert len(await scene.heard()) == 1
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await scene.bot.send_message(ANNA, "что?", reply_to_message_id=said)
    reply = {"message_id": said, "allow_sending_without_reply": True}
    status, _ = await scene.calls("sendMessage", chat_id=ANNA, text="что?", reply_parameters=reply)
    assert status == 200


async def test_an_emptied_chat_is_still_open(scene: Stage) -> None:
    sent = await scene.bot.send_message(ANNA, "привет")
    await scene.does("delete_chat")
    assert scene.screen().bubbles == []
    assert await scene.heard() == []
    await scene.bot.edit_message_text("снова", chat_id=ANNA, message_id=sent.message_id)
    await scene.bot.send_message(ANNA, "мы ещё здесь")
    assert [bubble.text for bubble in scene.screen().bubbles] == ["мы ещё здесь"]


async def test_members_hear_no_reactions_and_only_what_is_theirs(scene: Stage) -> None:
    await scene.does("demote", chat=str(OPERATORS))
    sent = await scene.bot.send_message(OPERATORS, "кто возьмёт?")
    await scene.does("react", chat=str(OPERATORS), message=sent.message_id, emoji="👍")
    await scene.does("say", chat=str(OPERATORS), text="между собой")
    said = await scene.does("say", chat=str(OPERATORS), text="я", reply_to=sent.message_id)
    await scene.does("say", chat=str(OPERATORS), text="/take")
    await scene.does("edit", chat=str(OPERATORS), message=said["message"], text="я беру")
    messages = [(it.event_type, it.message or it.edited_message) for it in await scene.heard()]
    texts = [(kind, message and message.text) for kind, message in messages]
    assert texts == [("message", "я"), ("message", "/take"), ("edited_message", "я беру")]


async def test_several_messages_are_deleted_at_once(scene: Stage) -> None:
    numbers = [(await scene.bot.send_message(ANNA, text)).message_id for text in "абв"]
    assert await scene.bot.delete_messages(ANNA, [*numbers[:2], 5])
    assert [bubble.text for bubble in scene.screen().bubbles] == ["в"]
    scene.world.clock.advance(49 * 3600)
    for chat, status in ((ANNA, 400), (ADMINS, 400), (OPERATORS, 200)):
        _, sent = await scene.calls("sendMessage", chat_id=chat, text="х")
        scene.world.clock.advance(49 * 3600)
        number = sent["result"]["message_id"]
        answer = await scene.calls("deleteMessages", chat_id=chat, message_ids=[number])
        assert answer[0] == status
        if status == 400:
            why = "Bad Request: message can't be deleted for everyone"
            assert answer[1]["description"] == why
