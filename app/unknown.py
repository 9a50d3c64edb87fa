"""`vestnik unknown`: lists messages nobody can account for, and settles them by decision."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from app.settings import load
from app.starting import ENV_FILE, house
from delivery.resolving import Decision, NotResolvable
from delivery.resolving import resolve as resolved
from storage.auditing import Deed
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.unknowns import Unknown
from vestnik.address import Lane
from vestnik.channel import NOTHING, Limits

_CURSOR = re.compile(r"[0-9]{1,18}")


async def show(limit: int, after: str, *, as_json: bool) -> int:
    """Print a page by id; 1 when `after` is no cursor."""
    if after and not _CURSOR.fullmatch(after):
        typer.echo(f"--after {after} is none of ours: take `next` of the page before.", err=True)
        return 1
    built = house()
    try:
        async with built.database.read() as work:
            found = await work.unknowns.page(after=int(after or 0), limit=limit + 1)
            counts = await work.unknowns.counts()
    finally:
        await built.aclose()
    items, following = found[:limit], str(found[limit - 1].id) if len(found) > limit else None
    if as_json:
        told = [_as_json(it, built.limits) for it in items]
        page = {"items": told, "next": following, "counts": dict(counts)}
        typer.echo(json.dumps(page, ensure_ascii=False))
        return 0
    for it in items:
        typer.echo(_line(it, built.limits))
    listed = ", ".join(f"{channel} {count}" for channel, count in counts.items())
    typer.echo(f"In all: {listed}." if listed else "Every message is accounted for.")
    if following:
        typer.echo(f"There are more: --after {following}")
    return 0


async def resolve(ids: Sequence[int], decision: Decision, actor: str) -> int:
    """Settle these, all or none; 1 when one of them cannot be. A running house takes them up."""
    database = Database(load(ENV_FILE).database_url)
    try:
        async with database.begin() as work:
            for delivery_id in sorted(set(ids)):
                await _resolve(work, delivery_id, decision, actor)
    except NotResolvable as refused:
        typer.echo(f"Nothing was changed: {refused}.", err=True)
        return 1
    finally:
        await database.aclose()
    typer.echo(f"Resolved as {decision}: {len(set(ids))}.")
    return 0


async def _resolve(work: UnitOfWork, delivery_id: int, decision: Decision, actor: str) -> None:
    held = await work.deliveries.locked([delivery_id])
    if not held:
        raise NotResolvable(f"there is no message {delivery_id}")
    [before] = held
    after = resolved(before, await work.deliveries.attempts(before.id), decision, work.now)
    if decision == "again" and before.broadcast_id is not None:
        await _reopen(work, before.id, before.broadcast_id)
    await work.ledger.change([after.delivery])
    await work.ledger.note(after.attempts)
    deed = Deed(
        actor=actor,
        action="unknown.resolve",
        subject=f"delivery:{before.id}",
        before={"state": before.state, "handles": [it.handle for it in after.attempts]},
        after={"as": decision, "state": after.delivery.state},
    )
    await work.audit.record(deed)


async def _reopen(work: UnitOfWork, delivery_id: int, broadcast_id: int) -> None:
    """Its broadcast is not finished any more, and its end will be told once more."""
    broadcast = await work.broadcasts.get(broadcast_id)
    if broadcast is None or broadcast.state == "cancelled":
        raise NotResolvable(f"the broadcast of message {delivery_id} was cancelled")
    await work.broadcasts.note(broadcast_id, reported_at=None)


def _line(it: Unknown, limits: Mapping[Lane, Limits]) -> str:
    told = _as_json(it, limits)
    of = f"broadcast {it.broadcast_id}" if it.broadcast_id is not None else it.kind
    whom = f"person {it.person_id}" if it.person_id is not None else "a staff chat"
    when = it.since.isoformat(timespec="seconds")
    where = f"{it.address.lane} {it.address.handle}"
    return (
        f"{it.id}  {when}  {where}  {of}, {whom}  handle {it.handle}  {it.reason}  "
        f"policy {told['policy']}; may still tell: {told['may_resolve']}"
    )


def _as_json(it: Unknown, limits: Mapping[Lane, Limits]) -> dict[str, Any]:
    known = limits.get(it.address.lane)
    return {
        "id": it.id,
        "kind": it.kind,
        "broadcast": it.broadcast_id,
        "person": it.person_id,
        "channel": it.address.channel,
        "account": it.address.account,
        "to": it.address.handle,
        "handle": it.handle,
        "since": it.since.isoformat(),
        "reason": it.reason,
        "policy": it.on_unknown or (known or NOTHING).on_unknown,
        "may_resolve": _may_resolve(known),
    }


def _may_resolve(limits: Limits | None) -> str:
    if limits is None:
        return "nothing, the channel is switched off"
    if "delivered" in limits.receipts:
        return "a delivery report that names the handle"
    return "a press on it, a reply or a reaction"
