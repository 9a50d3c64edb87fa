"""The ground of a benchmark: servers of its own, or named ones, and databases full of people."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

import bots.telegram
from app.rehearsal import servers
from app.rehearsal.programs import Program, bare, program
from storage.crowd import Crowd, Homes
from storage.database import Database
from storage.migrate import upgrade
from vestnik.address import Lane

SQLITE = "sqlite"
LANE = Lane(bots.telegram.NAME, "main")
FIRST_CHAT = 500_000
TOLD_SETTINGS = ("server_version", "fsync", "synchronous_commit")
UNLIMITED = 1_000_000.0

_numbers = count()


@dataclass(frozen=True, slots=True)
class Tally:
    """What a stub has counted (app.bench.stub.Book): `seconds` from its first message to its last,
    `worst_second` the most that came within one."""

    accepted: int
    refused: int
    people: int
    duplicates: int
    seconds: float
    worst_second: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Servers: `postgresql` is empty where SQLite is asked for; files go into `folder`.

    `redis` gives the address of one of which nobody else knows, or nothing beside SQLite.
    """

    postgresql: str
    redis: Callable[[], str]
    folder: Path

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The address of a fresh database with all tables; it goes with the benchmark."""
        name = f"vestnik_bench_{secrets.token_hex(6)}"
        if not self.postgresql:
            url = f"sqlite:///{self.folder}/{name}.sqlite3"
            await _migrate(url)
            yield url
            return
        server = Database(self.postgresql)
        url = server.url.set(database=name).render_as_string(hide_password=False)
        await _alone(server, f'CREATE DATABASE "{name}"')
        try:
            await _migrate(url)
            yield url
        finally:
            await _alone(server, f'DROP DATABASE "{name}" WITH (FORCE)')
            await server.aclose()

    async def told(self) -> Mapping[str, str]:
        """What the database is, as it matters for figures."""
        if not self.postgresql:
            return {"database": SQLITE, "synchronous": "FULL"}
        server, told = Database(self.postgresql), {"database": "postgresql"}
        async with server.opened() as connection:
            for name in TOLD_SETTINGS:
                told[name] = (await connection.exec_driver_sql(f"SHOW {name}")).scalar_one()
        await server.aclose()
        return told


@contextmanager
def ground(database: str = "") -> Iterator[Ground]:
    """The servers of a benchmark; `database` names a PostgreSQL, or "sqlite"."""
    with ExitStack() as stack:
        folder = stack.enter_context(servers.folder())
        if database == SQLITE:
            yield Ground("", str, folder)
            return
        postgresql = database or stack.enter_context(servers.postgresql())
        redis, numbers = stack.enter_context(servers.valkey()), count()
        yield Ground(postgresql, lambda: f"{redis}/{next(numbers)}", folder)


async def settle(
    url: str, people: int, homes: Sequence[Homes] = (Homes(LANE, FIRST_CHAT),)
) -> None:
    """Let so many subscribers more live in a database."""
    database = Database(url)
    async with database.begin() as work:
        await Crowd(work.connection, work.now).settle(people, homes)
    await database.aclose()


@asynccontextmanager
async def stub(
    folder: Path, *, latency: float = 0.0, rate: float | None = None, tally: bool = False
) -> AsyncIterator[str]:
    """A Telegram that accepts all (with `rate`: only so many a second); gives its address."""
    options = ["--latency", str(latency)]
    options += ["--rate", str(rate)] if rate else []
    options += ["--tally"] if tally else []
    arguments = ("app.bench.stub", *options)
    async with program(*arguments, environment=bare({}), folder=folder, heard=True) as running:
        yield await running.says()


async def tally(base: str) -> Tally:
    """What the stub at this address has counted."""
    return Tally(**await _asked(f"{base}/tally"))


async def cleared(base: str) -> None:
    """Let the stub begin to count anew."""
    await _asked(f"{base}/clear")


async def _asked(url: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        told: dict[str, Any] = await answer.json()
        return told


def environment(url: str, redis: str, base: str, rate: float = UNLIMITED) -> dict[str, str]:
    """The settings of a house that has one bot, at the stub."""
    return {
        "DATABASE_URL": url,
        "REDIS_URL": redis,
        "PORT": "0",
        "SECRET_KEY": secrets.token_hex(32),
        "BROADCAST_ROUTE": str(LANE.channel),
        "TELEGRAM_TOKEN": "1:bench",
        "TELEGRAM_API_URL": base,
        "TELEGRAM_RATE": str(rate),
    }


@asynccontextmanager
async def worker(settings: Mapping[str, str], folder: Path, name: str) -> AsyncIterator[Program]:
    """One worker process, at work; on SQLite it is the whole platform."""
    role, says = ("worker", "working") if settings["REDIS_URL"] else ("run", "listening")
    log = folder / f"{name}-{next(_numbers)}.log"
    async with program("app", role, environment=bare(settings), folder=folder, log=log) as running:
        await running.logs(f'"{says}"')
        yield running


async def _migrate(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.aclose()


async def _alone(server: Database, statement: str) -> None:
    """A statement that no transaction may hold."""
    async with server.opened(isolation_level="AUTOCOMMIT") as connection:
        await connection.exec_driver_sql(statement)
