"""What is asked of other programs, and what of their answers counts."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpServer

from app.asking import MOST_BYTES, Asking
from storage.calls import PendingCall

Handle = Callable[[web.Request], web.StreamResponse]
SENDS = {"answers.city": "Казань", "name": "Анна"}


def call(url: str, within: float = 5.0) -> PendingCall:
    return PendingCall(id="7", address_id=1, url=url, sends=SENDS, within=within, tries=1)


class Program:
    """Another program: answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, str]] = []
        self.answer: Callable[[], web.StreamResponse] = lambda: web.json_response({"left": 3})
        self.stuck = asyncio.Event()
        self.url = ""

    async def hook(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((await request.json(), request.headers["Idempotency-Key"]))
        return self.answer()

    async def slow(self, _: web.Request) -> web.StreamResponse:
        await self.stuck.wait()
        return web.json_response({})


@pytest.fixture
async def program(aiohttp_server: AiohttpServer) -> Program:
    program, app = Program(), web.Application()
    app.router.add_post("/hooks/stock", program.hook)
    app.router.add_post("/hooks/slow", program.slow)
    app.router.add_post("/inside", program.hook)
    program.url = str((await aiohttp_server(app)).make_url("/"))
    return program


async def ask(program: Program, path: str = "hooks/stock", within: float = 5.0) -> object:
    asking = Asking([program.url + "hooks/"])
    try:
        return await asking.post(call(program.url + path, within))
    finally:
        await asking.aclose()


async def test_it_sends_variables_and_takes_an_object(program: Program) -> None:
    assert await ask(program) == {"left": 3}
    assert program.asked == [({"answers": {"city": "Казань"}, "name": "Анна"}, "7")]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.json_response({"left": 3}, status=500),
        lambda: web.json_response([1]),
        lambda: web.Response(text="<html>"),
        lambda: web.Response(text=""),
        lambda: web.Response(body=b'{"a": "' + b"x" * MOST_BYTES + b'"}'),
        lambda: web.Response(status=307, headers={"Location": "/inside"}),
    ],
    ids=["an error", "a list", "a page", "nothing", "too much", "a redirect"],
)
async def test_what_is_no_answer_is_none(
    program: Program, answer: Callable[[], web.StreamResponse]
) -> None:
    program.answer = answer
    assert await ask(program) is None
    assert len(program.asked) == 1


async def test_who_is_too_slow_is_not_waited_for(program: Program) -> None:
    assert await ask(program, "hooks/slow", within=0.1) is None
    program.stuck.set()


@pytest.mark.parametrize("path", ["inside", "hooks/../inside", "hooks/%2e%2e/inside", "hooks"])
async def test_nothing_is_asked_where_it_is_not_allowed(program: Program, path: str) -> None:
    assert await ask(program, path) is None
    assert program.asked == []


async def test_who_does_not_answer_at_all_is_none() -> None:
    asking = Asking(["http://127.0.0.1:9/"])
    assert await asking.post(call("http://127.0.0.1:9/x")) is None
    await asking.aclose()
