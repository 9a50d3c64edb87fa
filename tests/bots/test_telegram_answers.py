"""Telegram goes out: what the Bot API's answers mean, and their absence."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from tests.bots.tables import Answer, serving
from tests.bots.telegram.speaking import TAKEN, TOKEN, channel, refused, says, speaking, to
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
)

NO_TOKEN = "Telegram does not know this bot: check TELEGRAM_TOKEN and TELEGRAM_API_URL"


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


MEANINGS: dict[str, tuple[Answer, SendResult]] = {
    "throttled": (
        refused(429, "Too Many Requests: retry after 3", retry_after=3),
        Throttled(3),
    ),
    "throttled, in words only": (
        refused(429, "Too Many Requests: retry after 30"),
        Throttled(30),
    ),
    "throttled, garbage": (refused(429, "Slow down", retry_after="soon"), Throttled(5)),
    "throttled, below zero": (refused(429, "Slow down", retry_after=-1), Throttled(5)),
    "throttled, for years": (refused(429, "Slow down", retry_after=1e300), Throttled(86400)),
    "throttled, fraction": (refused(429, "Slow down", retry_after=0.2), Throttled(1)),
    "throttled, html": (Answer("<html>", 429), Throttled(5)),
    "blocked": (
        refused(403, "Forbidden: bot was blocked by the user"),
        Unreachable("blocked", "bot was blocked by the user"),
    ),
    "deactivated": (
        refused(403, "Forbidden: user is deactivated"),
        Unreachable("no_account", "user is deactivated"),
    ),
    "never started": (
        refused(403, "Forbidden: bot can't initiate conversation with a user"),
        Unreachable("not_allowed", "bot can't initiate conversation with a user"),
    ),
    "kicked": (
        refused(403, "Forbidden: bot was kicked from the supergroup chat"),
        Unreachable("not_allowed", "bot was kicked from the supergroup chat"),
    ),
    "unknown chat": (
        refused(400, "Bad Request: chat not found"),
        Unreachable("no_account", "chat not found"),
    ),
    "silenced": (
        refused(400, "Bad Request: not enough rights to send text messages to the chat"),
        Unreachable("not_allowed", "not enough rights"),
    ),
    "content": (
        refused(400, "Bad Request: BUTTON_DATA_INVALID"),
        Rejected("BUTTON_DATA_INVALID", "Bad Request: BUTTON_DATA_INVALID"),
    ),
    "too large": (refused(413, "Request Entity Too Large"), Rejected("too_large")),
    "token revoked": (refused(401, "Unauthorized"), ChannelDown(NO_TOKEN)),
    "no such bot": (refused(404, "Not Found"), ChannelDown(NO_TOKEN)),
    "misdirected": (
        refused(421, "Misdirected Request: unallowed token specified"),
        ChannelDown("TELEGRAM_API_URL does not serve this token"),
    ),
    "conflict": (refused(409, "Conflict: terminated by setWebhook"), Temporary("conflict")),
    "server error": (
        refused(500, "Internal Server Error"),
        Ambiguous("Internal Server Error"),
    ),
    "restart": (
        refused(500, "Internal Server Error: restart"),
        Ambiguous("Internal Server Error: restart"),
    ),
    "bad gateway": (refused(502, "Bad Gateway"), Ambiguous("Bad Gateway")),
    "no description": (Answer({"ok": False}, 503), Ambiguous("http_503")),
    "html": (Answer("<html>Bad Gateway</html>", 502), Ambiguous("http_502")),
    "html with success": (Answer("<html>Hello</html>"), Ambiguous("http_200")),
    "empty": (Answer(""), Ambiguous("http_200")),
    "not unicode": (Answer(b'{"ok": true, "result": \xff}'), Ambiguous("http_200")),
    "depth bomb": (Answer("[" * 100_000), Ambiguous("http_200")),
    "a list": (Answer([True]), Ambiguous("http_200")),
    "not ok": (Answer({"ok": False, "description": "no"}), Ambiguous("http_200")),
    "no message": (Answer({"ok": True, "result": True}), Ambiguous("no_message_id")),
    "redirect": (Answer("", 307, {"Location": "/elsewhere"}), Ambiguous("http_307")),
    "news in the result": (
        Answer({"ok": True, "result": {"message_id": 17, "chat": "an enum of tomorrow"}}),
        Sent("17"),
    ),
    "hangs": (Answer(fault="hang"), Ambiguous("TimeoutError")),
    "reset": (Answer(fault="reset"), Ambiguous("ClientOSError")),
    "closed": (Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
}


@pytest.mark.parametrize("label", MEANINGS)
async def test_meaning(label: str) -> None:
    answer, result = MEANINGS[label]
    async with speaking(answer) as (telegram, bot):
        assert await bot.send([to("5001", says("Привет"))]) == [result]
        assert len(telegram.requests) == 1


async def sends_to(url: str, **more: Any) -> SendResult:
    async with channel(url, **more) as bot:
        (result,) = await bot.send([to("5001", says("Привет"))])
    return result


async def test_unreachable_server_got_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert await sends_to(url) == Temporary("ClientConnectorError")


async def test_failed_handshake_sends_nothing() -> None:
    async with serving(TAKEN) as telegram:
        url = telegram.url.replace("http:", "https:")
        assert await sends_to(url) == Temporary("ClientConnectorSSLError")
        assert telegram.requests == []


async def test_connection_that_never_opens_sends_nothing() -> None:
    with socket.socket() as full, socket.socket() as waits, socket.socket() as waits_too:
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # room for one, as Linux counts; others are left unanswered
        for client in (waits, waits_too):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        assert await sends_to(url) == Temporary("ConnectionTimeoutError")


async def test_proxy_is_used_and_its_refusal_sends_nothing() -> None:
    async with serving(TAKEN) as proxy:
        through = SecretStr(proxy.url)
        assert await sends_to("http://telegram.invalid", proxy=through) == Sent("17")
        assert proxy.requests[0].headers["Host"] == "telegram.invalid"
        refusal = await sends_to("https://telegram.invalid", proxy=through)
        assert refusal == Temporary("ClientHttpProxyError")


async def test_group_pauses_alone_and_moves_with_its_new_id() -> None:
    slow = refused(429, "Too Many Requests: retry after 9", retry_after=9)
    moved = refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=-1001234567890,
    )
    async with speaking(slow, moved, TAKEN) as (telegram, bot):
        group = [to("-4321", says("Привет"))]
        assert await bot.send(group) == [Throttled(9, "address")]
        assert await bot.send(group) == [Throttled(1, "address")]
        assert await bot.send(group) == [Sent("17")]
        chats = [request.json["chat_id"] for request in telegram.requests]
    assert chats == [-4321, -4321, -1001234567890]


async def test_chats_go_together_and_each_in_order() -> None:
    batch = [to(f"{n % 3 + 1}", says(f"{n}")) for n in range(9)]
    async with speaking(TAKEN) as (telegram, bot):
        assert await bot.send(batch) == [Sent("17")] * 9
        said = [(request.json["chat_id"], request.json["text"]) for request in telegram.requests]
    assert {chat for chat, _ in said[:3]} == {1, 2, 3}
    for chat in (1, 2, 3):
        assert [text for to, text in said if to == chat] == [f"{chat + n}" for n in (-1, 2, 5)]


async def test_a_pause_holds_what_has_not_gone() -> None:
    slow = refused(429, "Too Many Requests: retry after 9", retry_after=9)
    async with speaking(slow) as (telegram, bot):
        batch = [to(f"{n}", says("Привет")) for n in range(200)]
        assert await bot.send(batch) == [Throttled(9)] * 200
        assert len(telegram.requests) <= 50


async def test_what_failed_for_now_holds_its_own_chat() -> None:
    busy = refused(409, "Conflict")
    async with speaking(busy, TAKEN) as (telegram, bot):
        first, second = to("1", says("1")), to("1", says("2"))
        assert await bot.send([first, second]) == [Temporary("conflict")] * 2
        assert await bot.send([first, second]) == [Sent("17")] * 2
        assert [request.json["text"] for request in telegram.requests] == ["1", "1", "2"]


async def test_cancelling_passes_through() -> None:
    async with speaking(Answer(fault="hang"), timeout=9) as (telegram, bot):
        sending = asyncio.ensure_future(bot.send([to("1", says("1"))]))
        await telegram.arrived.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
