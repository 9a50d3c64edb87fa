"""A scenario that asks another program while the person waits, and what follows of its answers."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpServer

from emulators.handset import Handset
from tests.journeys.town import Town

STOCK = """
name: stock
languages: [ru]
steps:
  title:
    ask: { ru: Какую книгу ищете }
    answer: text
  look:
    call: {URL}hooks/stock
    send: [answers.title]
    returns: [left]
    within: 2s
    failed: nobody_knows
  found:
    end: { ru: "Есть, осталось {{ look.left }}" }
  nobody_knows:
    end: { ru: Не удалось узнать }
"""


class Stock:
    """The shop's program. While it is not `open`, it lets people wait."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.asked: list[str] = []

    async def hook(self, request: web.Request) -> web.Response:
        self.asked.append((await request.json())["answers"]["title"])
        await self.open.wait()
        return web.json_response({"left": 3})


@pytest.fixture
async def stock(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, aiohttp_server: AiohttpServer
) -> Stock:
    stock, app = Stock(), web.Application()
    app.router.add_post("/hooks/stock", stock.hook)
    url = str((await aiohttp_server(app)).make_url("/"))
    (tmp_path / "stock.yaml").write_text(STOCK.replace("{URL}", url), encoding="utf-8")
    monkeypatch.setenv("SCENARIOS", str(tmp_path))
    monkeypatch.setenv("SCENARIO", "stock")
    monkeypatch.setenv("CALLS", f"{url}hooks/")
    await town.close()
    await town.open()
    return stock


async def looks_for(town: Town, title: str) -> Handset:
    phone = town.phone("p000", "telegram")
    await phone.starts()
    await phone.sees("Какую книгу")
    await phone.says(title)
    return phone


async def test_the_person_is_told_what_the_program_knows(town: Town, stock: Stock) -> None:
    phone = await looks_for(town, "Обломов")
    await phone.says("ну что?")
    await phone.sees("Минутку")
    stock.open.set()
    await phone.sees("Есть, осталось 3")
    assert stock.asked == ["Обломов"]


async def test_a_program_that_is_silent_is_not_waited_for(town: Town, stock: Stock) -> None:
    phone = await looks_for(town, "Обломов")
    await phone.sees("Не удалось узнать")
    assert stock.asked == ["Обломов"]
    stock.open.set()


async def test_an_address_that_is_not_allowed_is_not_asked(
    town: Town, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLS", "https://elsewhere.example/")
    await town.close()
    await town.open()
    phone = await looks_for(town, "Обломов")
    await phone.sees("Не удалось узнать")
    assert stock.asked == []


async def test_who_begins_anew_does_not_hear_of_the_old_question(town: Town, stock: Stock) -> None:
    phone = await looks_for(town, "Обломов")
    await phone.says("/start")
    await phone.sees("Какую книгу")
    stock.open.set()
    await phone.says("Обрыв")
    await phone.sees("Есть, осталось 3")
    bubbles = [it["text"] for it in (await phone.screen())["bubbles"] if not it["mine"]]
    assert len([text for text in bubbles if "осталось" in text]) == 1
