"""Our ledger beside the platforms' own acceptance log, person by person."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from app.inspection import check_ledger
from emulators.accepted import Accepted, read
from storage.tables import addresses, attempts, deliveries
from tests.chaos.processes import PATIENCE_SECONDS, Process, until
from tests.chaos.world import World
from vestnik.states import OPEN, REACHED

Copies = Counter[tuple[str, str]]
"""How many copies a platform accepted for a person: (platform, the person's id)."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What became of a broadcast. `tried` are (channel, person's id, state) of attempts."""

    copies: Copies
    tried: Counter[tuple[str, str, str]]
    states: Counter[str]
    reasons: Counter[str]

    def of(self, *states: str) -> set[tuple[str, str]]:
        """Whom the ledger says it tried, with this outcome."""
        return {(channel, who) for channel, who, state in self.tried if state in states}


def accepted(world: World, mark: str) -> list[Accepted]:
    """What the platforms accepted for people with these words in it, from the log's file."""
    entries = read(world.log) if world.log.exists() else iter(())
    return [it for it in entries if mark in it.text and not it.to.startswith("-")]


async def taken(world: World, mark: str, number: int, within: float = PATIENCE_SECONDS) -> None:
    """Wait until the platforms have accepted so many of them."""
    await until(lambda: len(accepted(world, mark)) >= number, world.last_words, within)


def copies(world: World, mark: str) -> Copies:
    """Counted by person."""
    return Counter((it.platform, _who(world, it.platform, it.to)) for it in accepted(world, mark))


async def accounts(world: World, broadcast: int, mark: str) -> Accounts:
    """Both sides of a broadcast."""
    tried = (
        sa.select(attempts.c.channel, addresses.c.handle, attempts.c.state)
        .join_from(attempts, deliveries, attempts.c.delivery_id == deliveries.c.id)
        .join(addresses, attempts.c.address_id == addresses.c.id)
        .where(deliveries.c.broadcast_id == broadcast)
    )
    ends = sa.select(deliveries.c.state, deliveries.c.reason).where(
        deliveries.c.broadcast_id == broadcast
    )
    async with world.database.read() as work:
        rows = (await work.connection.execute(tried)).all()
        ended = (await work.connection.execute(ends)).all()
    return Accounts(
        copies(world, mark),
        Counter((it.channel, _who(world, it.channel, it.handle), it.state) for it in rows),
        Counter(it.state for it in ended),
        Counter(it.reason for it in ended if it.reason),
    )


async def sound(world: World, broadcast: int, mark: str, audience: int) -> Accounts:
    """The accounts of a broadcast that is over, after everything that must hold of any was held."""
    told = await accounts(world, broadcast, mark)
    findings = await check_ledger(world.database, {"whatsapp": 24})
    assert [f"{it.guarantee}: {it.what}" for it in findings if it.broken] == []
    assert told.states.total() == audience
    assert not OPEN & set(told.states)
    assert [it for it, number in told.copies.items() if number > 1] == []
    # What we say was taken, was; what was taken, we know of, or say that we do not know.
    assert told.of(*REACHED) <= set(told.copies)
    assert set(told.copies) <= told.of(*REACHED, "unknown", "failed")
    assert set(told.copies) & told.of("failed") <= told.of(*REACHED, "unknown")
    return told


async def audited(world: World) -> None:
    """`vestnik audit` finds every guarantee held."""
    command = Process("audit", world.environment, world.folder / "audit.log", "--json")
    await command.start()
    assert await command.ended() == 0, command.told


def _who(world: World, platform: str, handle: str) -> str:
    human = world.stage.world.who(platform, handle)
    assert human is not None, f"nobody has {handle} on {platform}"
    return human.id
