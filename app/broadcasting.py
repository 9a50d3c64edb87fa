"""`vestnik broadcast`: drafts, shows and steers campaigns as the API does; a dry run of them."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from app.api import broadcast_json, steering
from app.api.broadcast_json import Broadcast, NewBroadcast
from app.api.problems import Problem, invalid
from app.starting import house
from app.wiring import House
from broadcast import campaign
from broadcast.campaign import Plan
from broadcast.forecast import foresee, sms_parts
from dialogs.languages import Languages
from dialogs.query.mistakes import Mistake
from dialogs.query.reading import parse
from fallback.routes import spell
from storage.unit_of_work import UnitOfWork


async def show_all(limit: int, after: str | None, *, as_json: bool) -> int:
    """Print a page of campaigns; 1 when `after` is no cursor."""

    async def show_page(built: House) -> None:
        async with built.database.read() as work:
            page = await broadcast_json.page(work, limit, after)
        if as_json:
            typer.echo(page.model_dump_json(by_alias=True))
            return
        for it in page.items:
            typer.echo(_line(it))
        if not page.items:
            typer.echo("There are no broadcasts yet: `vestnik broadcast create` drafts one.")
        if page.next:
            typer.echo(f"There are more: --after {page.next}")

    return await _at_home(show_page)


async def show(number: int, *, as_json: bool) -> int:
    """Print a campaign; 1 when there is none of that number."""

    async def show_one(built: House) -> None:
        async with built.database.read() as work:
            _tell(await broadcast_json.present(work, number), as_json=as_json)

    return await _at_home(show_one)


async def steer(number: int, verb: steering.Verb, actor: str, *, as_json: bool) -> int:
    """Start, pause, resume or cancel it; 1 when it is in no state for that."""

    async def act(built: House) -> None:
        async with built.database.begin() as work:
            after = await steering.steer(work, number, verb, actor)
        _tell(after, as_json=as_json)

    return await _at_home(act)


async def create(
    text: str,
    file: Path | None,
    asked: Mapping[str, Any],
    actor: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Draft a campaign, or only tell what would happen; 1 when it cannot be sent like that.

    `asked` are the segment (a query, or JSON), the route, the template and the topic, None where
    they are the house's or there is none, and the buttons, each an entry of the scenario or
    "entry=label".
    """

    async def draft(built: House) -> None:
        plan = broadcast_json.planned(built, _read(text, file, asked))
        if dry_run:
            async with built.database.read() as work:
                told = await _foreseen(work, built, plan)
            typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _lines(told))
            return
        async with built.database.begin() as work:
            drafted = await broadcast_json.present(work, await campaign.draft(work, plan, actor))
        _tell(drafted, as_json=as_json)

    return await _at_home(draft)


async def _at_home(act: Callable[[House], Awaitable[None]]) -> int:
    """Do it in the house of our settings; 1 when it was refused, which is told."""
    built = house()
    try:
        await act(built)
    except Problem as problem:
        typer.echo(str(problem), err=True)
        for place in problem.errors:
            typer.echo(f"  {place.at}: {place.detail}", err=True)
        return 1
    finally:
        await built.aclose()
    return 0


def _read(text: str, file: Path | None, asked: Mapping[str, Any]) -> NewBroadcast:
    """What is asked for, by the API's own rules; raises Problem."""
    if bool(text) == (file is not None):
        raise Problem(422, "Say what to send: --text or --file, one of them.")
    try:
        said = file.read_text(encoding="utf-8") if file is not None else text
        segment = _segment(asked["segment"] or "{}")
    except UnicodeDecodeError:
        raise Problem(422, f"{file} is not UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise Problem(422, f"{file} cannot be read: {error.strerror}.") from None
    except json.JSONDecodeError as error:
        raise Problem(422, f"--segment is no JSON: {error}.") from None
    buttons = [_button(it) for it in asked.get("buttons", ())]
    body: dict[str, Any] = {"text": said, "segment": segment, "buttons": buttons}
    body |= {name: it for name in ("route", "topic") if (it := asked[name]) is not None}
    if asked["template"] is not None:
        body["template"] = asked["template"] or None
    try:
        return NewBroadcast.model_validate_json(json.dumps(body))
    except ValidationError as error:
        raise invalid(error, "body") from None


def _segment(asked: str) -> Any:
    """The segment in JSON: as it was given so, or as a query; raises Problem."""
    if asked.lstrip().startswith(("{", "[")):
        return json.loads(asked)
    try:
        parse(asked)
    except Mistake as mistake:
        told = mistake.told(Languages(), "en")
        raise Problem(422, f"--segment: {told}\n{mistake.shown(asked)}") from None
    return {"query": asked}


def _button(typed: str) -> dict[str, str | None]:
    entry, _, label = typed.partition("=")
    return {"opens": entry, "label": label or None}


async def _foreseen(work: UnitOfWork, built: House, plan: Plan) -> dict[str, Any]:
    """What the chat's preview tells: whom it is for, where it would go first, what SMS may cost."""
    forecast = await foresee(work, plan, built.limits)
    parts = sms_parts(plan, forecast)
    reach = await work.audiences.reach(plan.segment)
    return {
        "audience": reach.total,
        "channels": dict(reach.channels),
        "route": spell(plan.route),
        "looked_at": forecast.looked_at,
        "first": dict(sorted(forecast.first.items())),
        "templates": forecast.templates,
        "free_templates": forecast.free,
        "held": forecast.held,
        "quiet": forecast.quiet,
        "skipped": dict(forecast.skipped.most_common()),
        "sms_parts": None if parts is None else asdict(parts),
    }


def _lines(told: Mapping[str, Any]) -> str:
    return "\n".join(_dry_run(told))


def _dry_run(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"audience: {told['audience']}"
    yield from (f"  reachable by {name}: {count}" for name, count in told["channels"].items())
    yield f"route: {told['route']}"
    yield "if it went out now:"
    yield from (f"  {name}: {count}" for name, count in told["first"].items())
    if told["templates"]:
        yield f"  of them by a template: {told['templates']}"
    if told["free_templates"]:
        yield f"  of the templates free, soon after an advertisement: {told['free_templates']}"
    if told["held"]:
        yield f"  an operator talks to them, they wait: {told['held']}"
    if told["quiet"]:
        yield f"  it is their quiet hours, they wait: {told['quiet']}"
    yield f"  left out: {sum(told['skipped'].values())}"
    yield from (f"    {reason}: {count}" for reason, count in told["skipped"].items())
    if told["looked_at"] < told["audience"]:
        yield f"  tried on the first of them only: {told['looked_at']}"
    if parts := told["sms_parts"]:
        least, most = parts["least"], parts["most"]
        in_all = str(least) if least == most else f"{least} to {most}"
        yield f"SMS parts: {parts['a_person']} a person, {in_all} in all"


def _tell(shown: Broadcast, *, as_json: bool) -> None:
    if as_json:
        typer.echo(shown.model_dump_json(by_alias=True))
        return
    typer.echo(_line(shown))
    typer.echo(f"  route: {shown.route}")
    for button in shown.buttons:
        typer.echo(f"  button: {button.label} ({button.opens})")
    for state, count in shown.states.items():
        typer.echo(f"  {state}: {count}")
    if shown.reason:
        typer.echo(f"  {shown.reason}")
    if shown.state == "draft":
        typer.echo(f"  `vestnik broadcast start {shown.id}` sends it.")


def _line(it: Broadcast) -> str:
    when = (it.started_at or it.created_at).isoformat(timespec="minutes")
    said = " ".join(it.text.split())[:60]
    return f"{it.id}  {it.state}  {when}  {it.audience} people  {said}"
