"""The whole story: people subscribe, misbehave and leave; a broadcast goes out; who was reached."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from app.demo import cast, crowd, mischief
from app.demo.cast import Player
from app.demo.mischief import Somebody
from app.demo.stage import ADMIN_CHAT, Stage
from app.demo.walking import walk_all
from dialogs.scenario import Scenario
from emulators.handset import Handset
from emulators.world import Human
from storage.broadcasts import Broadcast
from storage.database import Database

MARK = "№ 7-24-УТРО"
"""Stands in the broadcast and nowhere else: by it the emulators' logs are counted."""

TEXT = (
    f"**Осенний вкус** уже в кофейнях «Утро» ☕\n"
    f"До воскресенья тыквенный латте по цене капучино. Промокод {MARK}"
)

WALKERS = 12
"""People on each messenger who walk the whole dialog."""

LOOK_SECONDS = 0.2
PATIENCE = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Theatre:
    """Where the story is played: the emulators' address, their world, and the ledger."""

    session: aiohttp.ClientSession
    base: str
    stage: Stage
    database: Database
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: the broadcast, and those who had opted out before it was confirmed."""

    broadcast: Broadcast
    opted_out: Sequence[Human]


async def prologue(theatre: Theatre, people: int, walkers: int = WALKERS) -> list[Player]:
    """Load the crowd and let the players walk the dialog."""
    world = theatre.stage.world
    players = cast.players(world, walkers)
    cast.staff(world)
    residents = list(cast.crowd(world, people - len(players)))
    await crowd.load(theatre.database, theatre.stage, theatre.scenario, residents)
    await walk_all(theatre.session, theatre.base, players)
    return players


def on_their_phones(theatre: Theatre, walkers: int) -> None:
    """The players and the staff, who have done nothing yet: the crowd knows one dialog only."""
    cast.players(theatre.stage.world, walkers)
    cast.staff(theatre.stage.world)


async def play(theatre: Theatre, people: int) -> Played:
    """Everything, from the first Start to the last report."""
    players = await prologue(theatre, people)
    opted_out = await complications(theatre, people - len(players))
    await broadcast(theatre)
    return Played(await finished(theatre), opted_out)


async def complications(theatre: Theatre, crowd_size: int) -> list[Human]:
    """Some of the crowd block, deny, go offline or opt out; gives those who opted out."""
    residents = [
        Somebody(it.human, it.messenger) for it in cast.crowd(theatre.stage.world, crowd_size)
    ]
    opted_out = await mischief.play(theatre.session, theatre.base, residents)
    await settled(theatre)
    return opted_out


async def broadcast(theatre: Theatre) -> None:
    """Marina writes the text, takes everybody, looks at the preview and sends."""
    marina = Handset(
        theatre.session,
        theatre.base,
        platform="telegram",
        who="marina",
        chat=ADMIN_CHAT,
        group=True,
    )
    await marina.says("/broadcast")
    await marina.sees("текст")
    await marina.says(TEXT)
    await marina.presses("Все")
    await marina.presses("С шаблоном")
    await marina.presses("Отправить")


async def settled(theatre: Theatre) -> None:
    """Wait until everything that came in has taken effect."""
    quiet = 0
    while quiet < 3:
        async with theatre.database.read() as work:
            quiet = 0 if await work.inbox.waiting() else quiet + 1
        await asyncio.sleep(LOOK_SECONDS)


async def finished(theatre: Theatre) -> Broadcast:
    """Wait for the broadcast's end and its report; raises TimeoutError."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while True:
            async with theatre.database.read() as work:
                latest = await work.broadcasts.latest(1)
            if latest and latest[0].finished and latest[0].reported_at:
                return latest[0]
            await asyncio.sleep(LOOK_SECONDS)
