"""The example of docs/add-a-channel.md is found, switched on, written to and answered."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import bots
from app import capabilities, env_example, roles, settings_table
from app.discovery import messengers, switched_on
from app.settings import load
from app.wiring import build
from tests.bots.tables import Answer, Stub, serving
from tests.house.test_contracts import ROOT
from vestnik.address import Address
from vestnik.channel import Channel
from vestnik.outbound import Send, Text
from vestnik.richtext import RichText

TOKEN = "feather-of-the-test"
PATIENCE_SECONDS = 30.0


def example() -> str:
    told = (ROOT / "docs" / "add-a-channel.md").read_text(encoding="utf-8")
    [module] = re.findall(r"```python\n(.*?)```", told, re.DOTALL)
    return str(module)


@pytest.fixture
def pigeon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The module, where the channels are looked for."""
    module = tmp_path / "bots" / "pigeon.py"
    module.parent.mkdir()
    module.write_text(example(), encoding="utf-8")
    monkeypatch.setattr(bots, "__path__", [*bots.__path__, str(module.parent)])
    yield module
    sys.modules.pop("bots.pigeon", None)
    if hasattr(bots, "pigeon"):
        del bots.pigeon


@pytest.fixture
async def api() -> AsyncIterator[Stub]:
    """Pigeon's API."""
    async with serving(*(Answer({"id": f"m{number}"}) for number in range(50))) as stub:
        yield stub


def test_the_example_is_written_like_the_rest(pigeon: Path) -> None:
    ruff = str(Path(sys.executable).parent / "ruff")
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    for command in (["check"], ["format", "--check"]):
        checked = subprocess.run(
            [ruff, *command, *config, str(pigeon)], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_example_is_found(pigeon: Path) -> None:
    assert "pigeon" in [str(module.NAME) for module in messengers()]
    assert "\n#PIGEON_TOKEN=\n" in env_example.printed()
    assert "| `PIGEON_API_URL` | `https://pigeon.example` |" in settings_table.printed()
    head, _, text, *_ = capabilities.printed().splitlines()
    column = [cell.strip() for cell in head.split("|")].index("pigeon")
    assert text.split("|")[column].strip() == "1000 characters"


def test_without_a_token_it_is_off(pigeon: Path) -> None:
    assert switched_on(load(None), None) == []


async def test_the_example_is_talked_to(
    pigeon: Path, api: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"PIGEON_TOKEN": TOKEN, "PIGEON_API_URL": api.url, "PORT": "0"}
    given["DATABASE_URL"] = f"sqlite:///{tmp_path}/pigeon.sqlite3"
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load(None)
    house = build(settings, switched_on(settings, None))
    async with roles.everything(house) as address, aiohttp.ClientSession() as session:

        async def tell(token: str = TOKEN, **told: Any) -> int:
            event = {"from": "42", "name": "Анна", "at": 1763800000, **told}
            url, headers = f"{address}/webhooks/pigeon/main", {"X-Pigeon-Token": token}
            async with session.post(url, json=event, headers=headers) as answer:
                return answer.status

        assert await tell(id="0", text="/start", token="of somebody else") == 403
        assert await tell(id="1", text="/start") == 200
        question = await said(api, "персональных данных")
        assert question["to"] == "42"
        agree = question["buttons"][0]
        assert agree["label"] == "Даю согласие"
        assert await tell(id="2", pressed=agree["payload"]) == 200
        wish, refusal = (await said(api, "рекламу"))["buttons"]
        assert (wish["label"], refusal["label"]) == ("Да, присылайте", "Нет, спасибо")
        assert await tell(id="3", text="1.") == 200
        await said(api, "В каком городе")
        assert await tell(id="4", at="yesterday") == 200
    assert {request.headers["Authorization"] for request in api.requests} == {f"Bearer {TOKEN}"}


async def said(api: Stub, words: str) -> dict[str, Any]:
    """The message with these words, once it has gone out."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for request in api.requests:
                message: dict[str, Any] = json.loads(request.body)
                if words in message["text"]:
                    return message
            await asyncio.sleep(0.05)


RESULTS = {
    200: "Sent(reference='m1'",
    429: "Throttled(retry_after=60.0",
    403: "Unreachable(why='blocked'",
    400: "Rejected(code='400'",
    502: "Ambiguous(code='http_502'",
}


@pytest.mark.parametrize("status", RESULTS)
async def test_the_example_knows_what_came_of_a_send(pigeon: Path, status: int) -> None:
    assert (await result(Answer({"id": "m1"}, status))).startswith(RESULTS[status])


async def test_the_example_never_raises(pigeon: Path) -> None:
    assert "Ambiguous" in await result(Answer([1]))
    assert "Ambiguous" in await result(Answer(fault="close"))


async def result(answer: Answer) -> str:
    [module] = [it for it in messengers() if it.__name__ == "bots.pigeon"]
    async with serving(answer) as stub:
        channel: Channel = module.build(module.Settings(token=TOKEN, api_url=stub.url))
        send = Send(Address(module.NAME, "main", "42"), Text(RichText("Привет")))
        [outcome] = await channel.send([send])
        await channel.aclose()
    return repr(outcome)
