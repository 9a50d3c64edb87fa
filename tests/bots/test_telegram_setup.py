"""Telegram's polling, its webhook and menu, and who the bot is."""

import hashlib
import hmac
import json
import traceback
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bots.telegram.channel import Telegram
from tests.bots.tables import Answer
from tests.bots.telegram.speaking import DONE, TOKEN, refused, speaking
from vestnik.abilities import PollFailed, SetupFailed
from vestnik.channel import Forged, Hook, Kept, Unreadable

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)
ASKED_FOR = ["message", "edited_message", "message_reaction", "callback_query", "my_chat_member"]


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


async def test_poll_gives_every_update_whatever_it_holds() -> None:
    news = [{"update_id": 7, "message": {"chat": 1}}, {"update_id": 9, "x": "\ud800"}, "poison"]
    async with speaking(Answer({"ok": True, "result": news}), mode="polling") as (telegram, bot):
        polled = await bot.poll(None)
        await bot.poll(polled.cursor)
    assert [json.loads(body) for body in polled.bodies] == news
    assert polled.cursor == "10"
    first, second = (request.json for request in telegram.requests)
    assert first == {"timeout": 25, "allowed_updates": ASKED_FOR}
    assert second == {"offset": 10, **first}


async def test_polled_bodies_are_read_like_webhooks() -> None:
    chat = {"id": 5001, "type": "private"}
    press = {"id": "1", "from": {"id": 5001}, "message": {"message_id": 1, "chat": chat}}
    news = [{"update_id": 7}, {"update_id": 8, "callback_query": {**press, "data": "y"}}]
    async with speaking(Answer({"ok": True, "result": news})) as (_telegram, bot):
        polled = await bot.poll("7")
        items = [item for body in polled.bodies for item in bot.read(Kept("main", body, NOON))]
    assert isinstance(items[0], Unreadable)
    assert not isinstance(items[1], Unreadable)
    assert items[1].event_id == "u8"


async def test_poll_without_news_keeps_its_place() -> None:
    async with speaking(Answer({"ok": True, "result": []})) as (_telegram, bot):
        polled = await bot.poll("12")
    assert (list(polled.bodies), polled.cursor) == ([], "12")


FAILURES = {
    "another poller": (refused(409, "Conflict: terminated by other getUpdates request"), 30.0),
    "token revoked": (refused(401, "Unauthorized"), 30.0),
    "throttled": (refused(429, "Too Many Requests: retry after 8", retry_after=8), 8.0),
    "server error": (refused(500, "Internal Server Error"), 5.0),
    "html": (Answer("<html>", 502), 5.0),
    "not a list": (Answer({"ok": True, "result": {}}), 5.0),
    "reset": (Answer(fault="reset"), 5.0),
}


@pytest.mark.parametrize("label", FAILURES)
async def test_failed_poll_says_how_long_to_wait(label: str) -> None:
    answer, wait = FAILURES[label]
    async with speaking(answer) as (_telegram, bot):
        with pytest.raises(PollFailed) as failure:
            await bot.poll(None)
    assert failure.value.wait == wait
    assert TOKEN not in _told(failure.value)


async def test_webhook_is_set_with_the_secret_that_is_accepted() -> None:
    async with speaking(DONE) as (telegram, bot):
        await bot.setup("https://bot.example/")
        webhook, *menus = telegram.requests
        secret = webhook.json["secret_token"]
        assert webhook.path.endswith("/setWebhook")
        assert webhook.json == {
            "url": "https://bot.example/webhooks/telegram/main",
            "allowed_updates": ASKED_FOR,
            "drop_pending_updates": False,
            "secret_token": secret,
        }
        assert bot.accept(_hook(secret)).keep == b"{}"
        with pytest.raises(Forged):
            bot.accept(_hook(secret[:-1]))
        assert secret == _derived(TOKEN)
        assert [menu.json.get("language_code") for menu in menus] == [None, "en"]
        for menu in menus:
            names = [command["command"] for command in menu.json["commands"]]
            assert names == ["start", "settings", "stop", "mydata", "help"]
            assert menu.json["scope"] == {"type": "all_private_chats"}


async def test_webhook_secret_may_be_chosen() -> None:
    async with speaking(DONE, webhook_secret=SecretStr("agreed-on")) as (telegram, bot):
        await bot.setup("https://bot.example")
    assert telegram.requests[0].json["secret_token"] == "agreed-on"


async def test_polling_removes_the_webhook_and_drops_nothing() -> None:
    async with speaking(DONE, mode="polling") as (telegram, bot):
        await bot.setup("https://bot.example")
        assert telegram.requests[0].path.endswith("/deleteWebhook")
        assert telegram.requests[0].json == {"drop_pending_updates": False}
        assert len(telegram.requests) == 3


async def test_probe_names_the_bot() -> None:
    me = {"id": 42, "is_bot": True, "first_name": "Кофейня", "username": "coffee_bot"}
    async with speaking(Answer({"ok": True, "result": me})) as (_telegram, bot):
        assert await bot.probe() == "@coffee_bot"


REFUSALS = {
    "token revoked": (refused(401, "Unauthorized"), "check TELEGRAM_TOKEN"),
    "bad address": (
        refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        "An HTTPS URL must be provided",
    ),
    "too soon": (refused(429, "Too Many Requests: retry after 1", retry_after=1), "wait 1 s"),
    "not a Bot API": (Answer("<html>"), "check that TELEGRAM_API_URL"),
    "unreachable": (Answer(fault="reset"), "check the network"),
}


@pytest.mark.parametrize("ask", [Telegram.probe, lambda bot: bot.setup("http://bot.example")])
@pytest.mark.parametrize("label", REFUSALS)
async def test_refusal_says_what_to_do(
    label: str, ask: Callable[[Telegram], Awaitable[object]]
) -> None:
    answer, advice = REFUSALS[label]
    async with speaking(answer) as (_telegram, bot):
        with pytest.raises(SetupFailed, match=advice) as failure:
            await ask(bot)
    assert TOKEN not in _told(failure.value)


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _hook(secret: str) -> Hook:
    headers = {"x-telegram-bot-api-secret-token": secret}
    return Hook("POST", "https://bot.example/webhooks/telegram/main", "", headers, b"{}", "main")


def _derived(token: str) -> str:
    return hmac.new(token.encode(), b"vestnik: telegram webhook", hashlib.sha256).hexdigest()
