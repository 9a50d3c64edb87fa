"""Telegram goes out: what the Bot API's answers mean, and their absence."""

import asyncio
import socket
from typing import Any

import pytest
from pydantic import SecretStr

from bots.telegram.session import LONGEST_ANSWER
from tests.bots.tables import Answer, serving
from tests.bots.telegram.rows import ANSWERS
from tests.bots.telegram.speaking import TAKEN, TOKEN, channel, refused, says, speaking, to
from vestnik.outcome import Ambiguous, SendResult, Sent, Temporary, Throttled

SLOW = refused(429, "Too Many Requests: retry after 9", retry_after=9)


@pytest.mark.parametrize("name", ANSWERS)
async def test_answer(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    answer, result = ANSWERS[name]
    patience = {"timeout": 3.0} if answer.fault == "hang" else {}
    async with speaking(answer, **patience) as (telegram, bot):
        results = await bot.send([to("5001", says("Привет"))])
        assert len(telegram.requests) == 1
    assert results == [result]
    assert TOKEN not in caplog.text + repr(results)


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
        assert await sends_to(url, timeout=2.0) == Temporary("ConnectionTimeoutError")


async def test_proxy_is_used_and_its_refusal_sends_nothing() -> None:
    async with serving(TAKEN) as proxy:
        through = SecretStr(proxy.url)
        assert await sends_to("http://telegram.invalid", proxy=through) == Sent("17")
        assert proxy.requests[0].headers["Host"] == "telegram.invalid"
        refusal = await sends_to("https://telegram.invalid", proxy=through)
        assert refusal == Temporary("ClientHttpProxyError")


async def test_an_answer_without_an_end_is_given_up() -> None:
    async with speaking(Answer(b" " * LONGEST_ANSWER + b'{"ok":true}')) as (_, bot):
        assert await bot.send([to("5001", says("Привет"))]) == [Ambiguous("http_200")]


async def test_a_pause_of_groups_is_their_own() -> None:
    async with speaking(SLOW) as (telegram, bot):
        batch = [to(f"-{n}", says("Привет")) for n in range(1, 101)]
        assert await bot.send(batch) == [Throttled(9, "address")] * 100
        assert len(telegram.requests) == 100


async def test_a_pause_in_the_middle_keeps_the_order_of_its_chat() -> None:
    batch = [to("5001", says(f"{n}")) for n in range(4)]
    async with speaking(TAKEN, SLOW, TAKEN) as (telegram, bot):
        assert await bot.send(batch) == [Sent("17"), *[Throttled(9)] * 3]
        assert await bot.send(batch[1:]) == [Sent("17")] * 3
        said = [request.json["text"] for request in telegram.requests]
    assert said == ["0", "1", "1", "2", "3"]


async def test_chats_go_together_and_each_in_order() -> None:
    batch = [to(f"{n % 3 + 1}", says(f"{n}")) for n in range(9)]
    async with speaking(TAKEN) as (telegram, bot):
        assert await bot.send(batch) == [Sent("17")] * 9
        said = [(request.json["chat_id"], request.json["text"]) for request in telegram.requests]
    assert {chat for chat, _ in said[:3]} == {1, 2, 3}
    for chat in (1, 2, 3):
        assert [text for to, text in said if to == chat] == [f"{chat + n}" for n in (-1, 2, 5)]


async def test_a_pause_holds_what_has_not_gone() -> None:
    async with speaking(SLOW) as (telegram, bot):
        batch = [to(f"{n % 100}", says("Привет")) for n in range(200)]
        assert await bot.send(batch) == [Throttled(9)] * 200
        assert len(telegram.requests) <= 100


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
