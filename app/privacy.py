"""`vestnik privacy`: proves consents, hands out a person's data, forgets a person."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import Any

import typer

from app.settings import load
from app.starting import ENV_FILE
from dialogs.forgetting import forget
from storage.auditing import Deed
from storage.database import Database
from storage.directory import Card
from storage.evidence import Evidence, Message
from storage.history import Said
from storage.unit_of_work import UnitOfWork
from vestnik.record import encode

AT_ONCE = 500


async def prove(person_id: int, *, as_json: bool) -> int:
    """Print the evidence; 1 when there is none, or some words are not what was agreed to."""

    async def show(database: Database) -> int:
        async with database.read() as work:
            found = await work.evidence.of(person_id)
        if as_json:
            typer.echo(json.dumps([_told(it) for it in found], ensure_ascii=False, default=str))
        else:
            for line in (line for it in found for line in _lines(it)):
                typer.echo(line)
        if not found:
            typer.echo(f"Person {person_id} was asked for nothing.", err=True)
        return int(not found or not all(it.intact for it in found))

    return await _with_database(show)


async def export(person_id: int, actor: str) -> int:
    """Print everything about a person as JSON; 1 when there is no such person."""

    async def show(database: Database) -> int:
        async with database.begin() as work:
            card = await work.directory.card(person_id)
            if card is None:
                return _nobody(person_id)
            await work.audit.record(_deed(actor, "privacy.export", person_id))
            told = await _everything(work, card)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return 0

    return await _with_database(show)


async def erase(person_id: int, actor: str, *, sure: bool) -> int:
    """Forget a person; 1 when there is no such person, or it was not said for sure."""

    async def act(database: Database) -> int:
        async with database.begin() as work:
            if await work.people.person(person_id) is None:
                return _nobody(person_id)
            if not sure:
                typer.echo("Nothing was done: this cannot be undone, so add --yes.", err=True)
                return 1
            await forget(work, person_id, actor, None)
            await work.audit.record(_deed(actor, "privacy.erase", person_id))
        typer.echo(
            f"Person {person_id} is forgotten. What staff wrote about them, and reports of "
            "messages that are on their way, go in a day; a running house sees to it."
        )
        return 0

    return await _with_database(act)


async def _with_database(act: Callable[[Database], Awaitable[int]]) -> int:
    settings = load(ENV_FILE)
    database = Database(settings.database_url, house=settings.preferences)
    try:
        return await act(database)
    finally:
        await database.aclose()


def _nobody(person_id: int) -> int:
    typer.echo(f"There is no person {person_id}: `GET /api/v1/people` lists them.", err=True)
    return 1


def _deed(actor: str, action: str, person_id: int) -> Deed:
    return Deed(actor=actor, action=action, subject=f"person:{person_id}")


async def _everything(work: UnitOfWork, card: Card) -> dict[str, Any]:
    person_id = card.person.id
    chosen = await work.choices.of(person_id)
    return {
        "person": asdict(card.person),
        "addresses": [asdict(it) for it in card.addresses],
        "answers": card.answers,
        "profile": card.columns,
        "preferences": encode(chosen),
        "consents": [_told(it) for it in await work.evidence.of(person_id)],
        "messages": [_message(it) async for it in _messages(work, person_id)],
    }


async def _messages(work: UnitOfWork, person_id: int) -> Any:
    before = None
    while page := await work.history.of(person_id, before=before, limit=AT_ONCE):
        for said in page:
            yield said
        before = page[-1].at, page[-1].direction, page[-1].id


def _message(said: Said) -> dict[str, Any]:
    return {
        "direction": said.direction,
        "at": said.at,
        "channel": said.channel,
        "state": said.state,
        "kind": said.kind,
        "content": encode(said.content),
    }


def _told(it: Evidence) -> dict[str, Any]:
    entry = encode(it.entry)
    return {
        "id": it.id,
        **{name: value for name, value in entry.items() if name != "is"},
        "text": it.text,
        "intact": it.intact,
        "message": None if it.message is None else _raw(it.message),
    }


def _raw(message: Message) -> dict[str, Any]:
    return {**asdict(message), "raw": message.raw.decode("utf-8", "backslashreplace")}


def _lines(it: Evidence) -> Iterator[str]:
    entry, message = it.entry, it.message
    when = entry.at.isoformat(timespec="seconds")
    where = f" for {', '.join(entry.channels)}" if entry.channels else ""
    yield f"{it.id}  {when}  {entry.action} {entry.purpose}{where}, recorded by {entry.actor}"
    if entry.text_hash:
        mark = "matches the words" if it.intact else "DOES NOT MATCH THE WORDS"
        yield f"    wording {entry.text_version}, SHA-256 {entry.text_hash}: {mark}"
        yield from (f"    | {line}" for line in (it.text or "").splitlines())
    if message is None:
        yield "    no message: not the person's own act"
        return
    lane = f"{message.channel}:{message.account}"
    yield f"    message {message.external_id} on {lane}, {message.kind}, {message.at.isoformat()}"
    yield f"    as it came: {message.raw.decode('utf-8', 'backslashreplace') or 'erased'}"
