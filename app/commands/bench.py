"""`vestnik bench …`: one command a benchmark, each printing ratios with what they were made of."""

import asyncio
import json as to_json
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import logs
from app.commands.given import Json
from app.running import CANNOT_START, run_to_the_end

if TYPE_CHECKING:
    from app.bench.ground import Ground

commands = typer.Typer(
    help="Ratios taken in one run against a ceiling beside it, and counts that must be nought.",
    no_args_is_help=True,
)

STOPPED = 128 + signal.SIGTERM

Database = Annotated[
    str,
    typer.Option(
        envvar="TEST_DATABASE_URL",
        help="A PostgreSQL where databases may be made, or `sqlite`; one of its own unless told.",
    ),
]
Rounds = Annotated[int, typer.Option(min=1, help="The figures are medians over so many.")]
People = Annotated[int, typer.Option(min=200, help="How many people a round.")]


@commands.command()
def pipeline(
    people: People = 20_000,
    rounds: Rounds = 3,
    beside_peers: Annotated[
        bool, typer.Option("--peers/--no-peers", help="Also beside others that broadcast.")
    ] = True,
    database: Database = "",
    json: Json = False,
) -> None:
    """A broadcast through the whole platform over a raw client, our sender, and the best peer."""
    from app.bench.pipeline import pipeline as measure

    _show(lambda ground: measure(ground, people, rounds, beside_peers), database, json)


@commands.command()
def peers(
    people: People = 2_000,
    rounds: Rounds = 3,
    database: Database = "",
    json: Json = False,
) -> None:
    """Others that broadcast in Telegram, on the same stub; installed into a place of their own."""
    from app.bench.peers import peers as measure

    _show(lambda ground: measure(ground, people, rounds), database, json)


@commands.command()
def pacing(
    seconds: Annotated[float, typer.Option(min=1, help="How long each run lasts.")] = 15.0,
    rate: Annotated[list[float] | None, typer.Option(min=1, help="Messages a second.")] = None,
    processes: Annotated[list[int] | None, typer.Option(min=1, help="Workers.")] = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """The share that workers reach of a rate they have in common, and the 429s they meet."""
    from app.bench.pacing import PROCESSES, RATES
    from app.bench.pacing import pacing as measure

    rates, counts = rate or RATES, processes or PROCESSES
    _show(lambda ground: measure(ground, seconds, rates, counts), database, json)


@commands.command()
def snapshot(
    people: People = 1_000_000,
    ledger_people: Annotated[
        int, typer.Option(min=200, help="People of the broadcast without a wire.")
    ] = 20_000,
    rounds: Rounds = 3,
    database: Database = "",
    json: Json = False,
) -> None:
    """The freezing of an audience over a bare INSERT … SELECT, and the ledger's own speed."""
    from app.bench.snapshot import snapshot as measure

    _show(lambda ground: measure(ground, people, rounds, ledger_people), database, json)


@commands.command()
def segments(
    people: People = 1_000_000,
    rounds: Rounds = 3,
    database: Database = "",
    json: Json = False,
) -> None:
    """Seconds to count each kind of segment by channel and to name a few of its people."""
    from app.bench.segments import segments as measure

    _show(lambda ground: measure(ground, people, rounds), database, json)


@commands.command()
def ingest(
    webhooks: Annotated[int, typer.Option(min=100, help="How many a round.")] = 10_000,
    rounds: Rounds = 3,
    database: Database = "",
    json: Json = False,
) -> None:
    """Signed webhooks answered after their commit over the same without a commit."""
    from app.bench.ingest import ingest as measure

    _show(lambda ground: measure(ground, webhooks, rounds), database, json)


@commands.command()
def dialog(
    people: People = 10_000,
    rounds: Rounds = 3,
    database: Database = "",
    json: Json = False,
) -> None:
    """People who walk a scenario at once: in, stored and answered over webhooks kept by nobody."""
    from app.bench.dialog import dialog as measure

    _show(lambda ground: measure(ground, people, rounds), database, json)


@commands.command()
def scale(
    many: Annotated[int, typer.Option(min=200, help="A big audience.")] = 1_000_000,
    few: Annotated[int, typer.Option(min=200, help="A small one.")] = 10_000,
    rounds: Rounds = 3,
    database: Database = "",
    json: Json = False,
) -> None:
    """What a person costs in a big audience over a small one, in time and in memory."""
    from app.bench.scale import scale as measure

    _show(lambda ground: measure(ground, many, few, rounds), database, json)


@commands.command()
def crash(
    people: Annotated[int, typer.Option(min=40, help="How many, over four channels.")] = 10_000,
    kills: Annotated[int, typer.Option(min=1, help="How often a worker is killed.")] = 20,
    seed: Annotated[int, typer.Option(help="The same moments for the same seed.")] = 1,
    database: Database = "",
    json: Json = False,
) -> None:
    """Workers killed at random: what was lost and doubled, by the platforms' own log."""
    from app.bench.crash import crash as measure

    _show(lambda ground: measure(ground, people, kills, seed), database, json)


def _show(
    measure: Callable[["Ground"], Awaitable[Mapping[str, Any]]],
    database: str,
    as_json: bool,
) -> None:
    """Measure on servers of its own or these, and print what came of it."""
    from app.bench.ground import ground
    from app.bench.staff import Wrong

    logs.configure(quiet=True)

    async def run() -> Mapping[str, Any]:
        # Being told to stop, it must stop its servers and workers too.
        measuring = asyncio.ensure_future(_measured())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, measuring.cancel)
        return await measuring

    async def _measured() -> Mapping[str, Any]:
        with ground(database) as here:
            return await measure(here)

    try:
        told = run_to_the_end(run)
    except asyncio.CancelledError:
        raise typer.Exit(STOPPED) from None
    except Wrong as wrong:
        typer.echo(f"This was no measurement: {wrong}", err=True)
        raise typer.Exit(CANNOT_START) from None
    typer.echo(to_json.dumps(told, ensure_ascii=False, indent=None if as_json else 2))
