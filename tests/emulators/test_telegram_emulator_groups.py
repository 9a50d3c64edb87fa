"""Groups and topics of the Telegram emulator, as a real aiogram bot sees them."""

from collections.abc import AsyncIterator

import pytest
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    MessageOriginUser,
    ReplyParameters,
)

from tests.emulators.telegram_stage import ADMINS, ANNA, BORIS, OPERATORS, VERA, Stage, spans, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


async def test_the_bot_sees_everything_in_its_group(scene: Stage) -> None:
    told = await scene.does("say", "boris", chat=str(ADMINS), text="/report@vestnik_demo_bot 7")

    message = await scene.heard_message()
    assert (message.chat.id, message.chat.type) == (ADMINS, "group")
    assert message.chat.title == "Рассылки"
    assert spans(message.entities) == [("bot_command", 0, 24)]
    sent = await scene.bot.send_message(
        ADMINS, "Отчёт", reply_parameters=ReplyParameters(message_id=message.message_id)
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == int(told["message"])
    said, answered = scene.screen(ADMINS).bubbles
    assert (said.author, said.author_id, said.mine) == ("Борис", "boris", False)
    assert (answered.author, answered.reply_to) == ("Вестник", told["message"])


async def test_strangers_do_not_write_into_groups(scene: Stage) -> None:
    status, error = await scene.tries("say", "vera", chat=str(ADMINS), text="пустите")
    assert (status, error) == (400, {"error": "Вера Ли is not in a group '-100600'"})
    status, error = await scene.tries("say", chat=str(OPERATORS), text="куда?", thread="новая")
    assert (status, error) == (400, {"error": "there is no topic 'новая' in this chat"})


async def test_membership_in_groups(scene: Stage) -> None:
    statuses = [
        (await scene.bot.get_chat_member(OPERATORS, who)).status
        for who in (ANNA, BORIS, VERA, scene.bot.id)
    ]
    assert statuses == ["creator", "member", "left", "administrator"]
    admins = await scene.bot.get_chat_administrators(OPERATORS)
    assert [admin.user.id for admin in admins] == [ANNA, scene.bot.id]


async def test_get_chat_tells_all_of_a_chat(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    anna = await scene.bot.get_chat(ANNA)
    group = await scene.bot.get_chat(OPERATORS)

    assert (anna.first_name, anna.last_name, anna.username) == ("Анна", "Петрова", "anna_p")
    assert (group.type, group.title, group.is_forum) == ("supergroup", "Операторы", True)


async def test_a_topic_for_each_customer(scene: Stage) -> None:
    asked = await scene.does("say", "vera", text="Где мой заказ?")
    topic = await scene.bot.create_forum_topic(OPERATORS, "Вера Ли", icon_color=16766590)
    thread = topic.message_thread_id
    copied = await scene.bot.copy_message(
        OPERATORS, VERA, int(asked["message"]), message_thread_id=thread
    )
    await scene.does("say", "anna", chat=str(OPERATORS), text="Едет", reply_to=copied.message_id)
    await scene.does("say", "anna", chat=str(OPERATORS), text="Уже близко", thread=thread)

    question, created, answer, more = [update.message for update in await scene.heard()]
    assert question is not None
    assert created is not None
    assert created.forum_topic_created is not None
    assert created.forum_topic_created.name == "Вера Ли"
    assert answer is not None
    assert (answer.message_thread_id, answer.is_topic_message) == (thread, True)
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.message_id == copied.message_id
    assert more is not None
    assert more.reply_to_message is not None
    assert more.reply_to_message.forum_topic_created is not None
    shown = scene.last_bubble(OPERATORS)
    assert (shown.author, shown.thread, shown.reply_to) == ("Анна Петрова", "Вера Ли", None)


async def test_a_topic_is_closed_renamed_and_opened_again(scene: Stage) -> None:
    topic = await scene.bot.create_forum_topic(OPERATORS, "Вера")
    thread = topic.message_thread_id
    assert await scene.bot.close_forum_topic(OPERATORS, thread)
    assert await scene.bot.edit_forum_topic(OPERATORS, thread, name="Вера · решено")
    assert await scene.bot.reopen_forum_topic(OPERATORS, thread)

    _, closed, renamed, reopened = [update.message for update in await scene.heard()]
    assert closed is not None
    assert closed.forum_topic_closed
    assert renamed is not None
    assert renamed.forum_topic_edited
    assert renamed.forum_topic_edited.name == "Вера · решено"
    assert reopened is not None
    assert reopened.forum_topic_reopened
    assert scene.last_bubble(OPERATORS).service


async def test_a_forwarded_message_tells_its_author(scene: Stage) -> None:
    asked = await scene.does("say", "vera", text="Где мой заказ?")
    sent = await scene.bot.forward_message(ADMINS, VERA, int(asked["message"]))

    assert sent.text == "Где мой заказ?"
    assert isinstance(sent.forward_origin, MessageOriginUser)
    assert sent.forward_origin.sender_user.id == VERA
    shown = scene.last_bubble(ADMINS)
    assert (shown.author, shown.forwarded_from) == ("Вестник", "Вера Ли")


async def test_commands_are_kept_by_scope_and_language(scene: Stage) -> None:
    commands = [BotCommand(command="report", description="Отчёт")]
    scope = BotCommandScopeChat(chat_id=ADMINS)
    await scene.bot.set_my_commands(commands, scope=scope, language_code="ru")

    (kept,) = await scene.bot.get_my_commands(scope=scope, language_code="ru")
    assert (kept.command, kept.description) == ("report", "Отчёт")
    assert await scene.bot.get_my_commands() == []
    await scene.bot.delete_my_commands(scope=scope, language_code="ru")
    assert await scene.bot.get_my_commands(scope=scope, language_code="ru") == []
