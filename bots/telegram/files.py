"""Fetches a file that somebody sent to the bot."""

import mimetypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from aiogram import Bot
from aiogram.methods import GetFile
from aiohttp import ClientError

from bots.telegram.errors import explain
from bots.telegram.session import Session, TooLarge
from vestnik.abilities import FileMissing
from vestnik.outbound import File

# https://core.telegram.org/bots/api#getfile
MOST_BYTES = 20 * 2**20


async def fetch(bot: Bot, session: Session, media_id: str) -> File:
    """The file by its file_id, its type by its name; raises FileMissing."""
    path = await _path(bot, media_id)
    try:
        content = await session.download(bot.token, quote(path), MOST_BYTES)
    except TooLarge:
        raise FileMissing(f"Telegram gives files up to {MOST_BYTES} bytes") from None
    except (ClientError, TimeoutError) as error:
        # Their texts hold the address, and with it the token.
        raise FileMissing(f"no answer ({type(error).__name__}): try again later") from None
    except Exception as error:
        raise FileMissing(explain(error)) from None
    name = PurePosixPath(path).name
    kind, _ = mimetypes.guess_type(name)
    return File(name, kind or "application/octet-stream", content)


async def _path(bot: Bot, media_id: str) -> str:
    try:
        told: Any = await bot(GetFile(file_id=media_id))
    except Exception as error:
        raise FileMissing(explain(error)) from None
    match told:
        case {"file_path": str(path)} if path:
            pass
        case _:
            raise FileMissing("getFile names no path")
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        # A server with --local keeps files on its own disk and serves none.
        raise FileMissing(
            "the Bot API server gives files only on its own disk: run it without --local"
        )
    return path
