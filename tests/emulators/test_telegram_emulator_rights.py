"""What the Telegram emulator's bot may do in groups, and what becomes of closed topics."""

from collections.abc import AsyncIterator

import pytest
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS, Stage, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


async def statuses(scene: Stage) -> list[tuple[str, str]]:
    """Old and new status of the bot, by my_chat_member."""
    changes = [update.my_chat_member for update in await scene.heard()]
    return [(it.old_chat_member.status, it.new_chat_member.status) for it in changes if it]


async def test_a_muted_bot_is_told_what_it_may_not_send(scene: Stage) -> None:
    await scene.does("mute", chat=str(ADMINS))
    chat = {"chat_id": ADMINS}
    for method, body, what in (
        ("sendMessage", {"text": "отчёт"}, "text messages"),
        ("sendPhoto", {"photo": "https://example.com/a.jpg"}, "photos"),
        ("sendVoice", {"voice": "https://example.com/a.ogg"}, "voice notes"),
    ):
        _, answer = await scene.calls(method, **chat, **body)
        why = f"Bad Request: not enough rights to send {what} to the chat"
        assert answer["description"] == why
    assert scene.accepted() == []
    await scene.does("promote", chat=str(ADMINS))
    await scene.bot.send_message(ADMINS, "отчёт")
    assert await statuses(scene) == [
        (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED),
        (ChatMemberStatus.RESTRICTED, ChatMemberStatus.ADMINISTRATOR),
    ]
    assert (await scene.tries("promote", chat=str(ADMINS)))[0] == 400


async def test_a_member_manages_no_topics(scene: Stage) -> None:
    topic = await scene.bot.create_forum_topic(OPERATORS, "Вера")
    await scene.does("demote", chat=str(OPERATORS))
    bot = await scene.bot.get_chat_member(OPERATORS, scene.bot.id)
    assert bot.status == ChatMemberStatus.MEMBER
    with pytest.raises(TelegramBadRequest, match="not enough rights to create a topic"):
        await scene.bot.create_forum_topic(OPERATORS, "Борис")
    with pytest.raises(TelegramBadRequest, match="not enough rights to delete the topic"):
        await scene.bot.delete_forum_topic(OPERATORS, topic.message_thread_id)
    admins = await scene.bot.get_chat_administrators(OPERATORS)
    assert [admin.user.id for admin in admins] == [ANNA]


async def test_a_closed_topic_is_open_to_administrators_only(scene: Stage) -> None:
    thread = (await scene.bot.create_forum_topic(OPERATORS, "Вера")).message_thread_id
    await scene.does("close_topic", "boris", chat=str(OPERATORS), thread=thread)
    await scene.bot.send_message(OPERATORS, "ещё", message_thread_id=thread)
    status, _ = await scene.tries("say", "boris", chat=str(OPERATORS), text="и?", thread=thread)
    assert status == 400
    await scene.does("say", "anna", chat=str(OPERATORS), text="можно", thread=thread)

    await scene.does("demote", chat=str(OPERATORS))
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await scene.bot.send_message(OPERATORS, "и ещё", message_thread_id=thread)
    await scene.does("reopen_topic", "boris", chat=str(OPERATORS), thread=thread)
    await scene.bot.send_message(OPERATORS, "теперь да", message_thread_id=thread)
    created, closed, said, _, reopened = [update.message for update in await scene.heard()]
    assert created is not None
    assert closed is not None
    assert closed.forum_topic_closed
    assert closed.from_user is not None
    assert closed.from_user.full_name == "Борис"
    assert said is not None
    assert reopened is not None
    assert reopened.forum_topic_reopened


async def test_topics_that_were_deleted_have_no_id(scene: Stage) -> None:
    thread = (await scene.bot.create_forum_topic(OPERATORS, "Вера")).message_thread_id
    await scene.bot.delete_forum_topic(OPERATORS, thread)
    for method in ("closeForumTopic", "reopenForumTopic", "editForumTopic", "deleteForumTopic"):
        for told, why in (
            (thread, "TOPIC_ID_INVALID"),
            (0, "invalid forum topic identifier specified"),
        ):
            _, answer = await scene.calls(method, chat_id=OPERATORS, message_thread_id=told)
            assert answer["description"] == f"Bad Request: {why}"
    body = {"chat_id": OPERATORS, "message_thread_id": thread}
    for method, more in (
        ("sendMessage", {"text": "эй"}),
        ("sendMediaGroup", {"media": [{"type": "photo", "media": "https://a.ru/b.jpg"}] * 2}),
        ("copyMessages", {"from_chat_id": ANNA, "message_ids": [1]}),
    ):
        _, answer = await scene.calls(method, **body, **more)
        assert answer["description"] == "Bad Request: message thread not found"
    # Telegram looks at no topic here (issue 732 of tdlib/telegram-bot-api).
    assert (await scene.calls("sendChatAction", **body, action="typing"))[0] == 200


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"name": " "}, "name must be non-empty"),
        ({"name": "Вера", "icon_color": 5}, "TOPIC_ICON_COLOR_INVALID"),
        ({"name": "Вера", "icon_custom_emoji_id": "5"}, "DOCUMENT_INVALID"),
    ],
)
async def test_topics_that_cannot_be(scene: Stage, body: dict[str, str], why: str) -> None:
    status, answer = await scene.calls("createForumTopic", chat_id=OPERATORS, **body)
    assert (status, answer["description"]) == (400, f"Bad Request: {why}")


async def test_icons_and_long_names(scene: Stage) -> None:
    icon = (await scene.bot.get_forum_topic_icon_stickers())[0].custom_emoji_id
    topic = await scene.bot.create_forum_topic(OPERATORS, "я" * 200, icon_custom_emoji_id=icon)
    assert (topic.name, topic.icon_custom_emoji_id) == ("я" * 128, icon)


async def test_a_bot_thrown_out_is_taken_in_again_without_rights(scene: Stage) -> None:
    await scene.does("kick", chat=str(ADMINS))
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the group chat"):
        await scene.bot.send_message(ADMINS, "отчёт")
    await scene.does("invite", chat=str(ADMINS))
    await scene.bot.send_message(ADMINS, "снова здесь")
    assert await statuses(scene) == [
        (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.KICKED),
        (ChatMemberStatus.KICKED, ChatMemberStatus.MEMBER),
    ]
    assert (await scene.tries("invite", chat=str(ADMINS)))[0] == 400
    assert (await scene.tries("kick"))[0] == 400


async def test_a_bot_that_leaves(scene: Stage) -> None:
    assert await scene.bot.leave_chat(OPERATORS)
    for call in (scene.bot.get_chat(OPERATORS), scene.bot.send_message(OPERATORS, "отчёт")):
        with pytest.raises(TelegramForbiddenError, match="not a member of the supergroup chat"):
            await call
    _, answer = await scene.calls("leaveChat", chat_id=ANNA)
    assert answer["error_code"] == 400


async def test_a_migrated_group_is_closed_for_good(scene: Stage) -> None:
    moved = await scene.does("migrate", chat=str(ADMINS))
    old, new = [update.message for update in await scene.heard()]
    assert old is not None
    assert (old.chat.id, str(old.migrate_to_chat_id)) == (ADMINS, moved["chat"])
    assert new is not None
    assert (str(new.chat.id), new.chat.type) == (moved["chat"], "supergroup")
    assert new.migrate_from_chat_id == ADMINS
    for method, body in (
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"text": "x", "message_id": 5}),
        ("deleteMessage", {"message_id": 5}),
        ("sendChatAction", {"action": "typing"}),
    ):
        status, answer = await scene.calls(method, chat_id=ADMINS, **body)
        assert status == 400
        assert answer["parameters"] == {"migrate_to_chat_id": int(moved["chat"])}
        why = "Bad Request: group chat was upgraded to a supergroup chat"
        assert answer["description"] == why
