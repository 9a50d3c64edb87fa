"""The house outlives its own failures, and stops within ten seconds whatever hangs."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app import roles
from app.runner import Runner
from app.settings import load
from app.wiring import House, build
from vestnik.address import Address, ChannelName
from vestnik.channel import NOTHING, Hook, Kept, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Acknowledge, Send
from vestnik.outcome import SendResult

WITHIN_SECONDS = 10.0


class Deaf:
    """A channel whose provider takes every request and never answers."""

    name = ChannelName("deaf")
    account = "main"
    limits = NOTHING

    def accept(self, hook: Hook) -> Reply:
        raise NotImplementedError

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        raise NotImplementedError

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        await asyncio.Event().wait()
        return []

    async def aclose(self) -> None:
        """Nothing is open."""


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> House:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/v.sqlite3")
    monkeypatch.setenv("PORT", "0")
    return build(load(None), [Deaf()])


async def test_it_stops_in_time_whatever_hangs(house: House) -> None:
    loop = asyncio.get_running_loop()
    async with roles.everything(house) as address:
        reader, writer = await asyncio.open_connection(*address.removeprefix("http://").split(":"))
        writer.write(b"POST /webhooks/deaf/main HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        await writer.drain()
        house.courtesies.post([Send(Address(Deaf.name, "main", "7"), Acknowledge("press"))])
        await asyncio.sleep(0.1)
        began = loop.time()
    assert loop.time() - began < WITHIN_SECONDS
    writer.close()
    assert reader.at_eof() or await reader.read() is not None


async def test_a_chore_that_hangs_is_cut_off_in_time() -> None:
    loop = asyncio.get_running_loop()

    async def hang() -> float | None:
        await asyncio.Event().wait()
        return None

    runner = Runner(lambda hint: hang)
    runner.wake("hang")
    await asyncio.sleep(0.05)
    began = loop.time()
    await runner.stop(within=0.2)
    assert loop.time() - began < 1


async def test_the_sweep_outlives_a_failure(house: House) -> None:
    async with roles.everything(house):
        await _rename(house, "orphan_receipts", "gone")
        await asyncio.sleep(2 * roles.SWEEP_SECONDS_EMBEDDED)
        await _rename(house, "gone", "orphan_receipts")
        names = [str(task.get_coro()) for task in asyncio.all_tasks()]
        assert any("again_and_again" in name for name in names)


async def test_an_error_does_not_tell_what_the_statement_carried(house: House) -> None:
    async with roles.opened(house):
        with pytest.raises(Exception, match="nowhere") as failed:
            async with house.database.begin() as work:
                await work.connection.exec_driver_sql(
                    "INSERT INTO nowhere VALUES (:phone)", {"phone": "+79161234567"}
                )
    assert "79161234567" not in str(failed.value)


async def _rename(house: House, old: str, new: str) -> None:
    async with house.database.begin() as work:
        await work.connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
