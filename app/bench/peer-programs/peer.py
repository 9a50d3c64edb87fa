# mypy: ignore-errors
# Its libraries are in the environment it runs in, not in ours.
"""Broadcasts as others do it: a naive loop, aiogram-broadcaster, aiogram-broadcast.

Runs in an environment of its own: `python peer.py NAME ADDRESS COUNT` sends to COUNT chats of the
stub at ADDRESS and prints the seconds it took, by the clock and of the processor.
"""

import contextlib
import logging
import sys
import time

import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram_broadcast import BaseBroadcastStorage, BroadcastService
from aiogram_broadcaster import Broadcaster
from aiogram_broadcaster.contents import TextContent

TEXT = "Осенний вкус уже в кофейнях. До воскресенья латте по цене капучино."
FIRST_CHAT = 500_000


async def naive(bot, chats):
    """What every tutorial shows."""
    for chat in chats:
        with contextlib.suppress(TelegramAPIError):
            await bot.send_message(chat, TEXT)


async def aiogram_broadcaster(bot, chats):
    """The mailer without a pause between messages."""
    broadcaster = Broadcaster(bot)
    mailer = await broadcaster.create_mailer(chats=chats, content=TextContent(text=TEXT))
    await mailer.start()


async def aiogram_broadcast(bot, chats):
    """The service without a pause between messages, its subscribers in memory."""
    await BroadcastService(bot, Kept(chats), rate_limit=0).broadcast_text(TEXT)


class Kept(BaseBroadcastStorage):
    """Subscribers that nobody changes."""

    def __init__(self, chats):
        self.chats = chats

    async def get_all_subscriber_ids(self, state=None):
        """All of them."""
        return list(self.chats)

    async def _nothing(self, *_arguments, **_options):
        return None

    add_subscriber = get_subscriber = update_subscriber = delete_subscriber = _nothing
    get_subscribers_count = iter_subscribers = _nothing


PEERS = {
    "naive": naive,
    "aiogram-broadcaster": aiogram_broadcaster,
    "aiogram-broadcast": aiogram_broadcast,
}


async def run(name, address, count):
    """Send, and print what it took."""
    server = TelegramAPIServer.from_base(address)
    bot = Bot("1:bench", AiohttpSession(api=server))
    began = time.perf_counter(), time.process_time()
    await PEERS[name](bot, [FIRST_CHAT + number for number in range(count)])
    sys.stdout.write(f"{time.perf_counter() - began[0]} {time.process_time() - began[1]}")
    await bot.session.close()


if __name__ == "__main__":
    logging.disable()
    uvloop.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
