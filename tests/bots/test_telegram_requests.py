"""Telegram goes out: what is asked of the Bot API."""

import pytest

from tests.bots.telegram.rows import REQUESTS
from tests.bots.telegram.speaking import TOKEN, speaking, to
from tests.bots.telegram.wire import asked
from vestnik.fit import fit
from vestnik.outbound import Text


@pytest.mark.parametrize("name", REQUESTS)
async def test_request(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    row = REQUESTS[name]
    chat = {} if row.method == "answerCallbackQuery" else {"chat_id": 5001}
    async with speaking(row.answer, **row.settings) as (telegram, bot):
        results = await bot.send([to("5001", row.says, **row.send)])
    assert results == [row.result]
    if row.method:
        (request,) = telegram.requests
        assert request.path == f"/bot{TOKEN}/{row.method}"
        assert asked(request) == {**chat, **row.asks}
    else:
        assert telegram.requests == []
    assert TOKEN not in caplog.text + repr(results)


@pytest.mark.parametrize("name", ["buttons_at_the_limit", "code_to_copy", "cyrillic_at_the_limit"])
async def test_what_is_at_the_limit_fits(name: str) -> None:
    says = REQUESTS[name].says
    assert isinstance(says, Text)
    async with speaking() as (_telegram, bot):
        assert fit(says, bot.limits) == says
