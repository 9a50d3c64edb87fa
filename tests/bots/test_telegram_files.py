"""Telegram's files that people sent, and the links that open a dialog."""

import asyncio
import traceback
from collections.abc import Iterator

import pytest

from bots.telegram.files import MOST_BYTES
from tests.bots.tables import Answer
from tests.bots.telegram.speaking import TOKEN, refused, speaking
from vestnik.abilities import BadPayload, FileMissing, SetupFailed
from vestnik.outbound import File


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


def at(path: object) -> Answer:
    return Answer({"ok": True, "result": {"file_id": "f1", "file_path": path}})


FETCHED = {
    "photos/file_7.jpg": File("file_7.jpg", "image/jpeg", b"bytes"),
    "documents/счёт 1%.pdf": File("счёт 1%.pdf", "application/pdf", b"bytes"),
    "voice/file_8": File("file_8", "application/octet-stream", b"bytes"),
}


@pytest.mark.parametrize("path", FETCHED)
async def test_file_is_fetched(path: str) -> None:
    async with speaking(at(path), Answer(b"bytes")) as (telegram, bot):
        assert await bot.fetch("f1") == FETCHED[path]
        asked, got = telegram.requests
    assert (asked.path, asked.json) == (f"/bot{TOKEN}/getFile", {"file_id": "f1"})
    assert (got.method, got.path) == ("GET", f"/file/bot{TOKEN}/{path}")


async def test_the_largest_file_is_fetched() -> None:
    async with speaking(at("videos/a.mp4"), Answer(b"x" * MOST_BYTES)) as (_telegram, bot):
        assert len((await bot.fetch("f1")).content) == MOST_BYTES


MISSING: dict[str, tuple[tuple[Answer, ...], str]] = {
    "wrong_id": ((refused(400, "Bad Request: invalid file_id"),), "invalid file_id"),
    "too_big": ((refused(400, "Bad Request: file is too big"),), "file is too big"),
    "throttled": ((refused(429, "Too Many Requests: retry after 8", retry_after=8),), "wait 8 s"),
    "token_revoked": ((refused(401, "Unauthorized"),), "check TELEGRAM_TOKEN"),
    "no_path": ((at(None),), "names no path"),
    "not_a_file": ((Answer({"ok": True, "result": True}),), "names no path"),
    "on_the_servers_disk": ((at("/var/lib/bot/f.jpg"),), "--local"),
    "out_of_its_folder": ((at("../../bot42/getMe"),), "--local"),
    "gone": ((at("photos/a.jpg"), Answer("", 404)), "HTTP 404"),
    "redirect": ((at("photos/a.jpg"), Answer("", 302, {"Location": "/elsewhere"})), "HTTP 302"),
    "larger_than_told": ((at("a.mp4"), Answer(b"x" * (MOST_BYTES + 1))), "up to 20971520 bytes"),
    "broken_off": ((at("photos/a.jpg"), Answer(fault="close")), "no answer"),
    "no_answer": ((Answer(fault="reset"),), "no answer"),
}


@pytest.mark.parametrize("name", MISSING)
async def test_file_that_is_not_given(name: str) -> None:
    answers, why = MISSING[name]
    async with speaking(*answers) as (telegram, bot):
        with pytest.raises(FileMissing, match=why) as failure:
            await bot.fetch("f1")
        assert len({request.path for request in telegram.requests}) == len(answers)
    assert TOKEN not in "".join(traceback.format_exception(failure.value))


ME = Answer({"ok": True, "result": {"id": 42, "is_bot": True, "username": "coffee_bot"}})


async def test_link_opens_the_dialog_with_a_payload() -> None:
    payload = "aZ09_-" + "x" * 58
    async with speaking(ME) as (telegram, bot):
        assert await bot.link(payload) == f"https://t.me/coffee_bot?start={payload}"
        links = list(await asyncio.gather(bot.link("a"), bot.link("b")))
        assert links == ["https://t.me/coffee_bot?start=a", "https://t.me/coffee_bot?start=b"]
        assert [request.path for request in telegram.requests] == [f"/bot{TOKEN}/getMe"]


@pytest.mark.parametrize("payload", ["", "x" * 65, "два слова", "a=b", "a\n"])
async def test_link_carries_what_telegram_carries(payload: str) -> None:
    async with speaking(ME) as (telegram, bot):
        with pytest.raises(BadPayload):
            await bot.link(payload)
        assert telegram.requests == []


async def test_link_of_a_bot_that_is_not_known() -> None:
    async with speaking(refused(401, "Unauthorized"), ME) as (_telegram, bot):
        with pytest.raises(SetupFailed, match="check TELEGRAM_TOKEN") as failure:
            await bot.link("a")
        assert TOKEN not in "".join(traceback.format_exception(failure.value))
        assert await bot.link("a") == "https://t.me/coffee_bot?start=a"
