"""`vestnik emulate`: the settings it prints, what it says about chaos, and what it refuses."""

import asyncio
import json
import os
import sys
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from dotenv import dotenv_values

PATIENCE_SECONDS = 60.0


async def emulate(folder: Path, *options: str) -> asyncio.subprocess.Process:
    """The command, started as a person does."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "emulate", *options),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def said(process: asyncio.subprocess.Process, last: str) -> list[str]:
    """Its lines up to one that holds this."""
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not lines or last not in lines[-1]:
            line = await process.stdout.readline()
            assert line, lines
            lines.append(line.decode())
    return lines


async def test_chaos_names_its_seed_and_what_it_does(tmp_path: Path) -> None:
    process = await emulate(tmp_path, "--port", "0", "--chaos", "7")
    lines = await said(process, "delayed")
    told = "".join(lines)
    assert "Chaos, seed 7" in told
    assert "of calls: throttled" in told
    base = lines[0].split(": ", 1)[1].strip().rstrip("/")
    assert (await asyncio.to_thread(chaos_of, base))["seed"] == 7
    process.terminate()
    await process.communicate()
    assert process.returncode == 0


async def test_without_a_seed_everything_goes_well(tmp_path: Path) -> None:
    process = await emulate(tmp_path, "--port", "0")
    lines = await said(process, "BROADCAST_ROUTE")
    base = lines[0].split(": ", 1)[1].strip().rstrip("/")
    assert (await asyncio.to_thread(chaos_of, base))["seed"] is None
    process.terminate()
    rest, _ = await process.communicate()
    assert "Chaos" not in "".join(lines) + rest.decode()


async def test_what_is_printed_is_an_env_file_with_a_database_of_its_own(tmp_path: Path) -> None:
    process = await emulate(tmp_path, "--port", "0")
    lines = await said(process, "DATABASE_URL")
    process.terminate()
    await process.communicate()
    settings = dotenv_values(stream=StringIO("".join(lines)))
    assert settings["BROADCAST_ROUTE"] == "last 3s delivered > sms 3s delivered"
    assert settings["DATABASE_URL"] == "sqlite:///rehearsal.sqlite3"
    assert all(line.startswith("#") or line.partition("=")[0] in settings for line in lines)


async def test_the_gateway_reports_where_vestnik_listens(tmp_path: Path) -> None:
    reported: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def hear(request: web.Request) -> web.Response:
        if not reported.done():
            reported.set_result(request.path_qs)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/webhooks/sms/smsc", hear)
    async with TestServer(app) as vestnik:
        house = str(vestnik.make_url("")).rstrip("/")
        process = await emulate(tmp_path, "--port", "0", "--house", house)
        lines = await said(process, "DATABASE_URL")
        ours = dotenv_values(stream=StringIO("".join(lines)))
        query = urlencode(
            {
                "login": ours["SMSC_LOGIN"],
                "psw": ours["SMSC_PASSWORD"],
                "phones": "+79160000000",
                "mes": "Привет",
                "fmt": "3",
            }
        )
        url = f"{ours['SMSC_API_URL']}/sys/send.php?{query}"
        async with ClientSession() as session, session.get(url) as answer:
            assert "id" in await answer.json(content_type=None)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await reported).endswith(f"?secret={ours['SMSC_CALLBACK_SECRET']}")
        process.terminate()
        await process.communicate()


async def test_a_seed_is_a_number(tmp_path: Path) -> None:
    process = await emulate(tmp_path, "--chaos", "much")
    _, told = await process.communicate()
    assert process.returncode == 2
    assert "--chaos" in told.decode()


def chaos_of(base: str) -> dict[str, object]:
    with urlopen(f"{base}/_sim/chaos", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - ours
        told: dict[str, object] = json.load(answer)
        return told
