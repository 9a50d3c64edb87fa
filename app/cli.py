"""The command `vestnik`: what people and process managers start."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.commands import bench, broadcast, dialogs, people, privacy, unknown
from app.commands.given import Json
from app.running import run_to_the_end as _run

app = typer.Typer(
    name="vestnik",
    help="Conversations in messengers: subscriptions, broadcasts, fallback to SMS.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database's tables.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(dialogs.commands, name="dialogs")

dead = typer.Typer(help="What came in and took no effect.", no_args_is_help=True)
app.add_typer(dead, name="dead")

app.add_typer(bench.commands, name="bench")
app.add_typer(unknown.commands, name="unknown")
app.add_typer(broadcast.commands, name="broadcast")
app.add_typer(privacy.commands, name="privacy")
app.add_typer(people.commands, name="people")


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Play the whole story without a browser.")] = False,
    json: Json = False,
    people: Annotated[int, typer.Option(min=30, max=100_000, help="How many people.")] = 90,
    port: Annotated[int, typer.Option(help="Port of the page of phones.")] = 8081,
) -> None:
    """Emulated messengers, the platform and a page of phones, in one process; no token needed."""
    from app.demo import performance

    logs.configure(quiet=True)
    if once:
        sys.exit(_run(lambda: performance.once(people, as_json=json)))
    _run(lambda: performance.on_stage(people, port))


@app.command()
def run() -> None:
    """Everything in one process."""
    from app.starting import run_everything

    logs.configure()
    _run(run_everything)


@app.command()
def web() -> None:
    """Webhooks and the API; workers do the rest."""
    from app.starting import run_web

    logs.configure()
    _run(run_web)


@app.command()
def worker() -> None:
    """Reads events and sends messages; as many as you like."""
    from app.starting import run_worker

    logs.configure()
    _run(run_worker)


@app.command()
def scheduler() -> None:
    """Sweeps, polls, and keeps staff informed."""
    from app.starting import run_scheduler

    logs.configure()
    _run(run_scheduler)


@app.command()
def emulate(
    host: str = "127.0.0.1",
    port: int = 8081,
    house: Annotated[
        str, typer.Option(help="Where Vestnik listens: the SMS gateway reports there.")
    ] = "http://127.0.0.1:8080",
    log: Annotated[Path | None, typer.Option(help="Write the acceptance log here.")] = None,
    chaos: Annotated[
        int | None,
        typer.Option(
            metavar="SEED",
            help="Let random faults happen: refusals, lost answers, repeated and late webhooks. "
            "The same seed gives the same faults.",
        ),
    ] = None,
) -> None:
    """The emulated platforms and the page of phones alone."""
    from app.emulation import run_emulators

    logs.configure()
    _run(lambda: run_emulators(host, port, house, log, chaos))


@app.command()
def audit(json: Json = False) -> None:
    """Check the ledger against every guarantee; exit code 1 when one is broken."""
    from app.inspection import audit as check

    logs.configure(quiet=True)
    sys.exit(_run(lambda: check(as_json=json)))


@app.command()
def report(broadcast: int, json: Json = False) -> None:
    """What became of a broadcast."""
    from app.inspection import report as show

    logs.configure(quiet=True)
    sys.exit(_run(lambda: show(broadcast, as_json=json)))


@app.command()
def doctor() -> None:
    """Check settings, database and the credentials of every channel."""
    from app.inspection import doctor as examine

    logs.configure(quiet=True)
    sys.exit(_run(examine))


@database.command("upgrade")
def db_upgrade(revision: str = "head") -> None:
    """Bring the tables up to date."""
    from app.inspection import upgrade

    _run(lambda: upgrade(revision))


@database.command("downgrade")
def db_downgrade(revision: str) -> None:
    """Take the tables back to a revision (`base`: remove them)."""
    from app.inspection import downgrade

    _run(lambda: downgrade(revision))


@dead.command("list")
def dead_list(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest.")] = 50,
    json: Json = False,
) -> None:
    """Events that failed for good, and items that nobody could read."""
    from app.dead import show

    logs.configure(quiet=True)
    sys.exit(_run(lambda: show(limit, as_json=json)))


@dead.command("redrive")
def dead_redrive(
    ids: Annotated[list[str] | None, typer.Argument(help="event-12, item-3, …")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Let them try once more: a running house takes them up within seconds."""
    from app.dead import redrive

    logs.configure(quiet=True)
    sys.exit(_run(lambda: redrive(ids or [], everything=everything)))


def main() -> None:
    """The entry point."""
    app()
