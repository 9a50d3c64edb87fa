"""`vestnik dead`: what came in and took no effect, and another try for it."""

import json
import re
from collections.abc import Sequence

import typer

from app.settings import load
from storage.database import Database
from storage.dead import Dead

_ID = re.compile(r"(event|item)-(\d{1,18})")
_SHOWN = 160


async def show(limit: int, *, as_json: bool) -> int:
    """Print the newest; as JSON, a line each."""
    database = Database(load().database_url)
    try:
        async with database.read() as work:
            found = await work.letters.newest(limit)
    finally:
        await database.aclose()
    for dead in found:
        typer.echo(_as_json(dead) if as_json else _line(dead))
    if not found and not as_json:
        typer.echo("Nothing is dead.")
    return 0


async def redrive(ids: Sequence[str], *, everything: bool) -> int:
    """Another try for these, or for all; 1 when an id is none, or none of these is dead."""
    parsed = [_ID.fullmatch(it) for it in ids]
    wrong = [it for it, found in zip(ids, parsed, strict=True) if found is None]
    if wrong or not (ids or everything):
        typer.echo(
            f"{', '.join(wrong) or 'Nothing'} named: write ids as `vestnik dead list` does, "
            "event-12 or item-3, or --all.",
            err=True,
        )
        return 1
    named = [(found[1], int(found[2])) for found in parsed if found]
    database = Database(load().database_url)
    try:
        async with database.begin() as work:
            chosen = None if everything else [number for kind, number in named if kind == "event"]
            events = await work.letters.revive_events(chosen)
            chosen = None if everything else [number for kind, number in named if kind == "item"]
            items = await work.letters.reread_items(chosen)
    finally:
        await database.aclose()
    typer.echo(f"Tried again: {events} events, {items} items.")
    return int(not (events or items))


def _line(dead: Dead) -> str:
    when = dead.at.isoformat(timespec="seconds")
    return f"{dead.id}  {when}  {dead.lane}  {dead.why}  {' '.join(dead.what.split())}"[:_SHOWN]


def _as_json(dead: Dead) -> str:
    told = {
        "id": dead.id,
        "at": dead.at.isoformat(),
        "channel": dead.lane.channel,
        "account": dead.lane.account,
        "why": dead.why,
        "what": dead.what,
    }
    return json.dumps(told, ensure_ascii=False)
