"""Commands that look and tell: audit, report, doctor, tables."""

import dataclasses
import json
from collections.abc import Iterator, Sequence

import typer

from app.api.reports import Report as Numbers
from app.leading import NAME
from app.settings import load
from app.starting import house
from storage import migrate
from storage.database import Database, DatabaseUnavailable
from storage.invariants import Finding, Invariants
from storage.lanes import Trouble
from vestnik.abilities import Probe, SetupFailed, Tiered
from vestnik.channel import Channel


async def check_ledger(database: Database, windows: dict[str, int]) -> list[Finding]:
    """Every guarantee that the ledger can show, checked now."""
    async with database.read() as work:
        return await Invariants(work.connection, work.now, windows).check()


async def audit(*, as_json: bool) -> int:
    """Print the findings, with ids of rows to look at; 1 when a guarantee is broken."""
    built = house()
    try:
        async with built.database.read() as work:
            findings = await Invariants.of(work.connection, work.now, built.limits).check()
    finally:
        await built.aclose()
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(finding) for finding in findings]))
    else:
        for it in findings:
            mark = "ok " if not it.broken else "BAD"
            typer.echo(f"{mark} {it.guarantee:4} {it.what}: {it.broken} of {it.checked} broken")
            if it.broken:
                some = ", ".join(map(str, it.examples))
                typer.echo(f"         look at {it.table}: {some}")
    return int(any(finding.broken for finding in findings))


async def report(broadcast_id: int, *, as_json: bool) -> int:
    """Print the numbers of a broadcast; 1 when there is no such broadcast."""
    built = house()
    async with built.database.read() as work:
        known = await work.broadcasts.get(broadcast_id)
        told = await work.reports.of(broadcast_id)
    await built.aclose()
    if known is None:
        typer.echo(f"There is no broadcast {broadcast_id}.", err=True)
        return 1
    # As the API shows it: every number is told in one way.
    numbers = Numbers.model_validate(told).model_dump()
    if as_json:
        typer.echo(json.dumps(numbers, ensure_ascii=False))
    else:
        for name, value in numbers.items():
            typer.echo(f"{name}: {value}")
    return 0


async def doctor() -> int:
    """Examine the database and every channel; 1 when something does not work."""
    built = house()
    ill = 0
    troubles: Sequence[Trouble] = ()
    try:
        await built.database.ping()
        current = await migrate.is_current(built.database)
        by_itself = built.database.embedded  # see app.roles.opened
        old = "come with `vestnik run`" if by_itself else "OLD: run `vestnik db upgrade`"
        typer.echo(f"database: ok, tables {'current' if current else old}")
        ill += not (current or by_itself)
        if current:
            async with built.database.read() as work:
                troubles = await work.lanes.troubles()
    except DatabaseUnavailable as error:
        typer.echo(f"database: {error}")
        ill += 1
    if not built.settings.embedded and not ill:
        async with built.database.read() as work:
            leader = await work.leases.holder(NAME)
        typer.echo(f"scheduler: {leader or 'none leads (`vestnik run` needs none)'}")
    for lane, channel in built.channels.items():
        told, well = await _probe(channel)
        typer.echo(f"{lane}: {told}")
        ill += not well
    for trouble in troubles:
        for told in standing(trouble):
            typer.echo(f"{trouble.lane}: {told}")
        ill += bool(trouble.openings or trouble.bulk_why)
    await built.aclose()
    return int(bool(ill))


def standing(trouble: Trouble) -> Iterator[str]:
    """What our sending has to say of a lane, whatever its provider answers to the doctor."""
    if trouble.openings and trouble.rest:
        yield f"sends nothing for another {trouble.rest:.0f} s: {trouble.why}"
    elif trouble.openings:
        yield f"a few messages try whether it sends again; it did not: {trouble.why}"
    elif trouble.rest:
        yield f"rests for another {trouble.rest:.0f} s: the provider asked to slow down"
    if trouble.bulk_why:
        yield f"sends no broadcasts for another {trouble.bulk_rest:.0f} s: {trouble.bulk_why}"


async def _probe(channel: Channel) -> tuple[str, bool]:
    if not isinstance(channel, Probe):
        return "switched on", True
    try:
        told = f"ok, {await channel.probe()}"
        if isinstance(channel, Tiered):
            told += f"; {(await channel.tier()).note}"
        return told, True
    except SetupFailed as failure:
        return str(failure), False


async def upgrade(revision: str) -> None:
    """Apply revisions."""
    database = Database(load().database_url)
    await database.ping()
    await migrate.upgrade(database, revision)
    await database.aclose()


async def downgrade(revision: str) -> None:
    """Undo revisions."""
    database = Database(load().database_url)
    await database.ping()
    await migrate.downgrade(database, revision)
    await database.aclose()
