"""A small shop's bot, written with aiogram as its documentation shows, and two ways to run it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    KeyboardButton,
    Message,
    MessageReactionUpdated,
    ReplyKeyboardMarkup,
)
from aiogram.utils.chat_action import ChatActionSender
from aiogram.utils.keyboard import InlineKeyboardBuilder
from aiogram.utils.media_group import MediaGroupBuilder
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.emulators.stagehand import served
from tests.emulators.telegram_stage import OPERATORS, Stage

SECRET = "s3cret_-"


@dataclass(slots=True)
class Shop:
    """What the bot noted."""

    heard: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)


def router(shop: Shop) -> Router:
    """All that the shop can do."""
    told = Router()

    @told.message(CommandStart(deep_link=True))
    async def start(message: Message) -> None:
        builder = InlineKeyboardBuilder()
        builder.row(
            InlineKeyboardButton(text="Да", callback_data="yes", style="success"),
            InlineKeyboardButton(text="Нет", callback_data="no", style="danger"),
        )
        text, markup = "<b>Хотите</b> скидку?", builder.as_markup()
        await message.answer(text, parse_mode="HTML", reply_markup=markup)

    @told.callback_query(F.data == "yes")
    async def agree(query: CallbackQuery) -> None:
        await query.answer("Записали")
        assert isinstance(query.message, Message)
        await query.message.edit_text("Скидка *ваша*", parse_mode="MarkdownV2")
        key = KeyboardButton(text="Мой номер", request_contact=True)
        keyboard = ReplyKeyboardMarkup(keyboard=[[key]], resize_keyboard=True)
        await query.message.answer("Ваш номер?", reply_markup=keyboard)

    @told.message(F.contact)
    async def contact(message: Message, bot: Bot) -> None:
        assert message.contact is not None
        topic = await bot.create_forum_topic(OPERATORS, message.contact.first_name)
        await message.send_copy(OPERATORS, message_thread_id=topic.message_thread_id)

    @told.message(F.photo)
    async def photo(message: Message, bot: Bot) -> None:
        assert message.photo is not None
        content = await bot.download(message.photo[-1])
        assert content is not None
        shop.files.append(content.read())
        album = MediaGroupBuilder(caption="Похожее")
        for _ in range(3):
            album.add_photo(message.photo[-1].file_id)
        async with ChatActionSender.upload_photo(message.chat.id, bot):
            await message.answer_media_group([*album.build()])

    @told.message(Command("menu"))
    async def menu(message: Message, bot: Bot) -> None:
        await bot.set_my_commands([BotCommand(command="menu", description="Меню")])
        await message.react([{"type": "emoji", "emoji": "👌"}])  # type: ignore[list-item]
        await message.delete()

    @told.edited_message()
    async def edited(message: Message) -> None:
        await message.reply(f"теперь {message.text}")

    @told.my_chat_member()
    async def member(change: ChatMemberUpdated) -> None:
        shop.heard.append(change.new_chat_member.status)

    @told.message_reaction()
    async def reaction(change: MessageReactionUpdated) -> None:
        shop.heard.append("reaction")

    return told


@asynccontextmanager
async def polling(scene: Stage) -> AsyncIterator[Shop]:
    """The bot asks for updates."""
    shop, dispatcher, bot = _new(scene)
    task = asyncio.create_task(
        dispatcher.start_polling(bot, polling_timeout=5, handle_signals=False)
    )
    try:
        yield shop
    finally:
        with contextlib.suppress(RuntimeError):
            await dispatcher.stop_polling()
        await task


@asynccontextmanager
async def webhook(scene: Stage) -> AsyncIterator[Shop]:
    """Telegram comes to the bot, into aiogram's own request handler."""
    shop, dispatcher, bot = _new(scene)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    async with served(app) as base:
        kinds = dispatcher.resolve_used_update_types()
        await bot.set_webhook(f"{base}/hook", secret_token=SECRET, allowed_updates=kinds)
        yield shop
        await bot.delete_webhook()


def _new(scene: Stage) -> tuple[Shop, Dispatcher, Bot]:
    shop, dispatcher = Shop(), Dispatcher()
    dispatcher.include_router(router(shop))
    api = TelegramAPIServer.from_base(f"{scene.base}/telegram")
    return shop, dispatcher, Bot(scene.telegram.settings.token, session=AiohttpSession(api=api))
