"""Telegram goes out in numbers: what is compiled once asks for what is rendered for each chat."""

import json
from dataclasses import replace

import pytest
from aiogram import Bot

from bots.telegram.compiled import MOST_KEPT, Compiler
from bots.telegram.render import render
from bots.telegram.session import Session
from bots.telegram.unsayable import Unsayable
from tests.bots.telegram.rows import REQUESTS
from tests.bots.telegram.speaking import TAKEN, TOKEN, refused, says, speaking, to
from vestnik.outbound import Button, Text
from vestnik.outcome import Rejected, Sent, Throttled, Unreachable

SESSION = Session("http://telegram.invalid", timeout=1.0)
BOT = Bot(TOKEN, SESSION)

SAID_ANEW = [
    name
    for name, row in REQUESTS.items()
    if isinstance(row.says, Text) and row.says.replaces is None and not row.send.get("files")
]
SALE = says("Скидка 👋", Button("Да", "y"))


@pytest.mark.parametrize("chat", [5001, -1001234567890, "@news"])
@pytest.mark.parametrize("name", SAID_ANEW)
def test_compiled_asks_for_what_is_rendered(name: str, chat: int | str) -> None:
    row = REQUESTS[name]
    assert isinstance(row.says, Text)
    send = to(str(chat), row.says, **row.send)
    paid = row.settings.get("paid_broadcast", False)
    try:
        rendered = render(send, chat, paid=paid)
    except Unsayable as why:
        with pytest.raises(Unsayable, match=str(why)):
            Compiler(BOT, SESSION).of(row.says, paid=paid and send.bulk)
        return
    assert rendered is not None
    compiled = Compiler(BOT, SESSION).of(row.says, paid=paid and send.bulk)
    assert compiled.method.__api_method__ == rendered.__api_method__ == row.method
    assert json.loads(compiled.body(chat)) == SESSION.fields(BOT, rendered, {})


def test_same_words_are_compiled_once_and_only_so_many_are_kept() -> None:
    compiler = Compiler(BOT, SESSION)
    sale = compiler.of(SALE, paid=False)
    again = replace(SALE, buttons=(Button("Да", "y"),))
    assert compiler.of(says("Привет"), paid=False) is not sale
    assert compiler.of(again, paid=False) is compiler.of(SALE, paid=False) is sale
    assert compiler.of(SALE, paid=True) is not sale
    for number in range(MOST_KEPT):
        compiler.of(says(f"{number}"), paid=False)
    assert compiler.of(SALE, paid=False) is not sale


async def test_one_text_goes_to_many_and_each_has_an_outcome_of_its_own() -> None:
    blocked = refused(403, "Forbidden: bot was blocked by the user")
    slow = refused(429, "Too Many Requests: retry after 9", retry_after=9)
    async with speaking(TAKEN, blocked, slow) as (telegram, bot):
        results = [
            result for chat in ("1", "2", "-3") for result in await bot.send([to(chat, SALE)])
        ]
    assert results == [
        Sent("17"),
        Unreachable("blocked", "bot was blocked by the user"),
        Throttled(9, "address"),
    ]
    asked = [request.json for request in telegram.requests]
    assert [it.pop("chat_id") for it in asked] == [1, 2, -3]
    assert asked[0] == asked[1] == asked[2]
    assert {it.headers["Content-Type"] for it in telegram.requests} == {"application/json"}


async def test_half_a_character_is_telegram_s_to_refuse() -> None:
    answer = refused(400, "Bad Request: strings must be encoded in UTF-8")
    async with speaking(answer) as (telegram, bot):
        (result,) = await bot.send([to("1", says("\ud83d"))])
    assert isinstance(result, Rejected)
    assert telegram.requests[0].json == {"chat_id": 1, "text": "\ud83d"}
