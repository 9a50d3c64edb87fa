"""Webhooks that come five times, out of order, too early, or never to their end.

Fault cases 13 to 15 and 24.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
import pytest_asyncio

from app.demo import cast
from app.demo.cast import Player
from app.demo.stage import Stage, build_stage
from app.demo.walking import walk
from emulators.chaos import Chaos
from emulators.road import Trip
from emulators.sms import Sms, SmsSettings
from emulators.whatsapp import WhatsApp, WhatsAppSettings
from emulators.world import World as Platforms
from tests.chaos.accounts import audited, sound
from tests.chaos.proxy import Proxy
from tests.chaos.servers import MortalServers
from tests.chaos.world import World, founded
from tests.journeys.doors import DOORS, TELEGRAM_SECRET
from tests.journeys.shots import raw, shots
from tests.journeys.test_doors import hello
from tests.journeys.test_heavy import ORDINARY
from tests.journeys.test_hostile_connections import HALF_SENT, P95_SECONDS
from tests.journeys.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="module")

TIMES = 5
SILENT = 500


class FiveTimes(Chaos):
    """Each webhook travels five times: at once, or each after a while of up to so many seconds."""

    def __init__(self, longest: float = 0.0) -> None:
        super().__init__(seed=14)
        self._longest = longest

    def road(self, url: str) -> Sequence[Trip]:
        delays = self._chance(url)
        return [Trip(delays.uniform(0.0, self._longest), apart=True) for _ in range(TIMES)]


def _telling(platforms: Platforms) -> Stage:
    """Reports of every message, the later before the earlier, and before the send is answered."""
    return replace(
        build_stage(platforms),
        whatsapp=WhatsApp(
            platforms,
            WhatsAppSettings(unordered=1.0, read_after=0.15, batch_seconds=0.0, jitter=0.2),
        ),
        sms=Sms(platforms, SmsSettings(report_first=True, duplicate_reports=1.0)),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(
    mortal: MortalServers, chaos_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A world with two web processes; webhooks go to either in turn."""
    folder = tmp_path_factory.mktemp("doors")
    settings = {"REDIS_URL": mortal.redis(), "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET}
    async with founded(folder, chaos_url, furnish=_telling, **settings) as built:
        front = Proxy(built.addresses)
        await front.start()
        built.environment["PUBLIC_URL"] = front.url
        await built.roles("web", "web", "scheduler", "worker")
        yield built
        await front.stop()
        for process in built.processes:
            await process.kill()
        await audited(built)


async def test_each_comes_five_times_to_two_processes(doors: World) -> None:
    """Fault case 14: one effect, one reply: as many as a twin gets, who is heard once."""
    platforms = doors.stage.world
    for player in cast.players(platforms, 1):
        twin = replace(player, human=doors.newcomer())
        await walk(doors.session, doors.base, twin)
        platforms.chaos = FiveTimes()
        await walk(doors.session, doors.base, player)
        platforms.chaos = None
        assert _said(doors, player) == _said(doors, twin)


def _said(doors: World, player: Player) -> Counter[str]:
    """What was said to somebody on their messenger, without the numbers in it."""
    platforms, messenger = doors.stage.world, player.messenger
    return Counter(
        re.sub(r"\d", "", it.text)
        for it in platforms.accepted.find(platform=messenger)
        if (who := platforms.who(messenger, it.to)) and who.id == player.human.id
    )


async def test_reports_in_any_order(doors: World) -> None:
    """Fault case 15: read before delivered before sent, and before the send is answered."""
    doors.stage.world.chaos = FiveTimes(longest=0.5)
    town = await doors.people(40, "whatsapp")
    broadcast = await doors.broadcast(town, "Отчёты", "last 60s read > sms 60s delivered")
    await doors.settled(broadcast)
    doors.stage.world.chaos = None
    told = await sound(doors, broadcast, "Отчёты", 40)
    assert told.states == {"read": 40}


async def test_reports_before_the_send_is_answered(doors: World) -> None:
    """Fault case 15: matched at the latest when the answer is committed, not by the next sweep."""
    town = await doors.people(20, "vk")
    broadcast = await doors.broadcast(town, "Раньше ответа", "sms 1h delivered")
    await doors.settled(broadcast)
    told = await sound(doors, broadcast, "Раньше ответа", 20)
    assert told.states == {"delivered": 20}


async def test_hostile_bodies_stop_nobody(doors: World) -> None:
    """Fault case 24, in short; tests/journeys fires ten thousand at each door."""
    for name, door in DOORS.items():
        wire = Wire(doors.addresses[0])
        for shot in shots(door, 150, seed=24):
            answer = await wire.ask(shot.raw, last=shot.last)
            assert answer.status < 500, (name, shot.raw[:500])
        await wire.aclose()
    assert all(process.lives for process in doors.processes)
    [somebody, *_] = cast.players(doors.stage.world, 1)
    phone = doors.phone(somebody.human, somebody.messenger)
    await phone.says("/help")
    await phone.sees("понимаю в любой момент")


@pytest.mark.chaos
async def test_silent_connections_delay_nobody(doors: World) -> None:
    """Fault case 13."""
    address = doors.addresses[0]
    where = address.removeprefix("http://").split(":")
    silent = [await asyncio.open_connection(*where) for _ in range(SILENT)]
    for number, (_, writer) in enumerate(silent):
        writer.write(HALF_SENT[number % len(HALF_SENT)])
    loop, took = asyncio.get_running_loop(), []
    for number in range(ORDINARY):
        body = DOORS["whatsapp"].prove(hello(f"wamid.silent{number}"))
        began = loop.time()
        answer = await Wire(address).ask(raw(DOORS["whatsapp"], body), last=True)
        assert answer.status == 200
        took.append(loop.time() - began)
    assert sorted(took)[int(ORDINARY * 0.95)] < P95_SECONDS
    for _, writer in silent:
        writer.transport.abort()
