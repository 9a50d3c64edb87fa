"""Whoever watches over the service sees lanes that cannot send: the doctor, the metrics."""

from pathlib import Path

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from app.health import Health
from app.inspection import doctor, standing
from storage.database import Database
from storage.lanes import Trouble
from tests.app.api_caller import Caller
from vestnik.address import ChannelName, Lane

VK = Lane(ChannelName("vk"), "main")
WELL = Trouble(VK, None, None, 0, 0.0, 0.0, None)


async def test_the_doctor_tells(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert await doctor() == 0
    database = Database(sqlite_url)
    async with database.begin() as work:
        await work.lanes.pause(VK, 90)
    assert await doctor() == 0, "a pause is no illness"
    assert "vk:main: rests for another" in capsys.readouterr().out
    async with database.begin() as work:
        await work.lanes.stop(VK, 100, "token revoked")
    assert await doctor() == 1
    assert "s: token revoked" in capsys.readouterr().out
    await database.aclose()


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (WELL, []),
        (
            Trouble(VK, "no funds", None, 6, 41.7, 0.0, None),
            ["sends nothing for another 42 s: no funds"],
        ),
        (
            Trouble(VK, "no funds", None, 6, 0.0, 0.0, None),
            ["a few messages try whether it sends again; it did not: no funds"],
        ),
        (
            Trouble(VK, None, None, 0, 3.0, 0.0, None),
            ["rests for another 3 s: the provider asked to slow down"],
        ),
        (
            Trouble(VK, None, "low quality", 0, 3.0, 900.0, None),
            [
                "rests for another 3 s: the provider asked to slow down",
                "sends no broadcasts for another 900 s: low quality",
            ],
        ),
    ],
)
def test_in_words(trouble: Trouble, told: list[str]) -> None:
    assert list(standing(trouble)) == told


async def test_the_metrics_tell(api: Caller) -> None:
    async with api.client.get("/metrics") as got:
        assert "vestnik_lane_down{" not in await got.text()
    async with api.house.database.begin() as work:
        await work.lanes.stop(VK, 100, "token revoked")
        await work.lanes.stop(VK, 900, "low quality", bulk=True)
    async with api.client.get("/metrics") as got:
        lines = (await got.text()).splitlines()
    assert 'vestnik_lane_down{account="main",channel="vk"} 1.0' in lines
    [rest] = [it for it in lines if it.startswith("vestnik_lane_rest_seconds{")]
    assert 90 < float(rest.split()[-1]) <= 100
    [bulk] = [it for it in lines if it.startswith("vestnik_lane_broadcasts_rest_seconds{")]
    assert 890 < float(bulk.split()[-1]) <= 900


async def test_the_other_metrics_are_there_without_a_database(
    aiohttp_client: AiohttpClient, tmp_path: Path
) -> None:
    gone = Database(f"sqlite:///{tmp_path}/nowhere/gone.sqlite3")
    app = web.Application()
    app.add_routes(Health(gone).routes())
    client = await aiohttp_client(app)
    async with client.get("/metrics") as got:
        assert got.status == 200
        assert "python_info" in await got.text()
    await gone.aclose()
