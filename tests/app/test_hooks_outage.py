"""A webhook is answered 2xx only after its bytes are kept: while they cannot be, 503."""

from pathlib import Path

import aiohttp
import pytest

import bots.telegram
from app.settings import load
from app.web import serving
from app.wiring import build
from storage.database import Database
from storage.migrate import upgrade

SECRET = "made-up-secret-of-telegram"


async def test_the_platform_is_asked_to_bring_it_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/v.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"{url}?timeout=0.1")
    monkeypatch.setenv("PORT", "0")
    settings = bots.telegram.Settings.model_validate({"token": "1:x", "webhook_secret": SECRET})
    house = build(load(None), [bots.telegram.build(settings)])
    await upgrade(house.database)
    other = Database(url)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with serving(house) as address, aiohttp.ClientSession(headers=headers) as telegram:
        hook = f"{address}/webhooks/telegram/main"
        async with other.begin(), telegram.post(hook, data=b'{"update_id": 1}') as answer:
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "5"
        async with telegram.post(hook, data=b'{"update_id": 1}') as answer:
            assert answer.status == 200
    async with other.read() as work:
        assert await work.inbox.waiting() == 1
    await other.aclose()
    await house.aclose()
