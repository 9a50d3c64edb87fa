"""The Telegram emulator as a real aiogram bot and the people on the other side see it."""

from collections.abc import AsyncIterator

import pytest
from aiogram.enums import ChatMemberStatus
from aiogram.types import (
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from tests.emulators.telegram_stage import ANNA, BORIS, YES_NO, Stage, spans, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


async def test_get_me_tells_the_whole_bot(scene: Stage) -> None:
    me = await scene.bot.get_me()

    assert (me.id, me.is_bot, me.username) == (100001, True, "vestnik_demo_bot")
    assert (me.can_join_groups, me.can_read_all_group_messages) == (True, False)
    assert me.supports_inline_queries is False


async def test_a_deep_link_arrives_as_a_start_command(scene: Stage) -> None:
    told = await scene.does("start", payload="spring-2026_a")

    message = await scene.heard_message()
    assert message.text == "/start spring-2026_a"
    assert message.message_id == int(told["message"])
    assert message.chat.type == "private"
    assert message.chat.id == ANNA
    assert message.from_user is not None
    assert message.from_user.full_name == "Анна Петрова"
    assert (message.from_user.username, message.from_user.language_code) == ("anna_p", "ru")
    assert spans(message.entities) == [("bot_command", 0, 6)]
    bubble = scene.last_bubble()
    assert (bubble.text, bubble.mine, bubble.author) == (message.text, True, "Анна Петрова")


async def test_typing_first_counts_as_starting(scene: Stage) -> None:
    await scene.does("say", text="Здравствуйте")
    await scene.heard_message()

    assert (await scene.bot.send_message(ANNA, "Добрый день")).text == "Добрый день"


async def test_a_message_is_logged_and_shown(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Хотите скидку?", reply_markup=YES_NO)

    (entry,) = scene.accepted()
    assert (entry.to, entry.kind, entry.text) == (str(ANNA), "text", "Хотите скидку?")
    assert entry.reference == str(sent.message_id)
    bubble = scene.last_bubble()
    assert (bubble.id, bubble.mine, bubble.author) == (entry.reference, False, "Вестник")
    keys = [[(key.label, key.kind, key.url) for key in row] for row in bubble.keys]
    assert keys == [
        [("Да", "press", None), ("Нет", "press", None)],
        [("Сайт", "link", "https://example.com/a?b=1")],
    ]
    assert bubble.keys[0][0].style == "success"
    assert sent.reply_markup is not None
    assert sent.reply_markup.model_dump() == YES_NO.model_dump()


async def test_opened_tells_the_bot_nothing(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    assert await scene.heard() == []


async def test_a_press_arrives_and_its_answer_is_a_toast(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Хотите скидку?", reply_markup=YES_NO)
    pressed = await scene.does("press", message=str(sent.message_id), row=0, column=1)

    (update,) = await scene.heard()
    query = update.callback_query
    assert query is not None
    assert (query.id, query.data, query.from_user.id) == (pressed["query"], "no", ANNA)
    assert query.chat_instance
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    with scene.world.feed.listening() as events:
        await scene.bot.answer_callback_query(query.id, text="Жаль")
    toast = events.get_nowait()
    assert (toast["type"], toast["text"], toast["chat"]) == ("toast", "Жаль", str(ANNA))


async def test_a_link_button_tells_the_bot_nothing(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Хотите скидку?", reply_markup=YES_NO)

    assert await scene.does("press", message=sent.message_id, row=1, column=0) == {}
    status, _ = await scene.tries("press", message=sent.message_id, row=2, column=0)
    assert status == 400
    assert await scene.heard() == []


async def test_an_edit_changes_the_bubble_in_place(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Хотите скидку?", reply_markup=YES_NO)
    edited = await scene.bot.edit_message_text(
        "Спасибо, *записали*", chat_id=ANNA, message_id=sent.message_id, parse_mode="MarkdownV2"
    )

    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Спасибо, записали", None)
    assert edited.edit_date
    (bubble,) = scene.screen().bubbles
    assert (bubble.text, bubble.keys, bubble.edited) == ("Спасибо, записали", [], True)
    assert bubble.spans == [{"offset": 9, "length": 8, "style": "bold"}]


async def test_buttons_alone_can_be_edited(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Хотите скидку?", reply_markup=YES_NO)
    await scene.bot.edit_message_reply_markup(chat_id=ANNA, message_id=sent.message_id)

    bubble = scene.last_bubble()
    assert (bubble.text, bubble.keys, bubble.edited) == ("Хотите скидку?", [], False)


async def test_a_deleted_message_leaves_the_screen(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "лишнее")

    assert await scene.bot.delete_message(ANNA, sent.message_id)
    assert scene.screen().bubbles == []


async def test_a_contact_is_asked_for_and_shared(scene: Stage) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[
            [KeyboardButton(text="Поделиться номером", request_contact=True)],
            [KeyboardButton(text="Не сейчас")],
        ],
        one_time_keyboard=True,
    )
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Ваш номер?", reply_markup=keyboard)
    assert sent.reply_markup is None
    kinds = [[key.kind for key in row] for row in scene.screen().keyboard]
    assert kinds == [["contact"], ["text"]]

    await scene.does("tap", row=0, column=0)
    contact = (await scene.heard_message()).contact
    assert contact is not None
    assert (contact.phone_number, contact.user_id) == ("79001110001", ANNA)
    assert (contact.first_name, contact.last_name) == ("Анна", "Петрова")
    assert scene.screen().keyboard == []


async def test_a_reply_key_types_its_label_until_it_is_removed(scene: Stage) -> None:
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Не сейчас")]])
    scene.telegram.opened(ANNA)
    await scene.bot.send_message(ANNA, "Ваш номер?", reply_markup=keyboard)
    await scene.does("tap", row=0, column=0)
    assert (await scene.heard_message()).text == "Не сейчас"
    assert scene.screen().keyboard != []

    await scene.bot.send_message(ANNA, "Хорошо", reply_markup=ReplyKeyboardRemove())
    assert scene.screen().keyboard == []
    status, _ = await scene.tries("tap", row=0, column=0)
    assert status == 400


async def test_somebody_elses_card_says_whose_it_is(scene: Stage) -> None:
    await scene.does("contact", of="boris")

    message = await scene.heard_message()
    assert message.contact is not None
    assert message.from_user is not None
    assert (message.from_user.id, message.contact.user_id) == (ANNA, BORIS)


async def test_a_block_and_its_end_are_told_as_membership(scene: Stage) -> None:
    await scene.does("start")
    await scene.does("block")
    await scene.does("unblock")

    _, blocked, unblocked = await scene.heard()
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == ChatMemberStatus.KICKED
    assert blocked.my_chat_member.old_chat_member.status == ChatMemberStatus.MEMBER
    assert blocked.my_chat_member.new_chat_member.user.id == scene.bot.id
    assert blocked.my_chat_member.from_user.id == ANNA
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.new_chat_member.status == ChatMemberStatus.MEMBER


async def test_start_after_a_block_unblocks_first(scene: Stage) -> None:
    await scene.does("start")
    await scene.does("block")
    assert scene.screen().note == "бот заблокирован"
    status, _ = await scene.tries("say", text="слышно?")
    assert status == 400

    await scene.does("start", payload="again")
    kinds = [update.event_type for update in await scene.heard()]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
    assert scene.screen().note == ""
    assert (await scene.bot.send_message(ANNA, "Снова с нами")).message_id


async def test_a_reaction_is_told_when_asked_for(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    sent = await scene.bot.send_message(ANNA, "Спасибо!")
    await scene.does("react", message=sent.message_id, emoji="👍")
    assert await scene.heard() == []

    await scene.bot.delete_webhook()
    await scene.bot.get_updates(offset=1, allowed_updates=["message_reaction"])
    await scene.does("react", message=sent.message_id, emoji="🔥")
    (update,) = await scene.bot.get_updates(offset=2)
    assert update.message_reaction is not None
    assert update.message_reaction.message_id == sent.message_id


async def test_typing_is_accepted(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    assert await scene.bot.send_chat_action(ANNA, "typing")


async def test_ids_grow_in_every_chat(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    ids = [(await scene.bot.send_message(ANNA, text)).message_id for text in ("раз", "два")]
    said = int((await scene.does("say", text="три"))["message"])
    assert ids == sorted(ids)
    assert said == ids[-1] + 1


async def test_a_hundred_thousand_chats_cost_nothing_to_open(scene: Stage) -> None:
    for user_id in range(1_000_000, 1_100_000):
        scene.telegram.opened(user_id)
    assert (await scene.bot.send_message(1_099_999, "привет")).chat.id == 1_099_999
