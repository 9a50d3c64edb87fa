"""Opens the database and its units of work; SQLite and PostgreSQL behave alike behind it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.away import DatabaseUnavailable, answering, having_tables
from storage.sqlite import sqlite_engine
from storage.tables import clock
from storage.unit_of_work import UnitOfWork
from vestnik.preferences import NOTHING_CHOSEN, Preferences

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}

ASLEEP_SECONDS = 30
"""A process that was stopped in mid-transaction keeps its locks no longer: half a lease."""

__all__ = ["Database", "DatabaseUnavailable", "parse_url"]

OnCommit = Callable[[UnitOfWork], Awaitable[None]]
Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]

log = structlog.get_logger(__name__)


def parse_url(url: str) -> URL:
    """A SQLAlchemy address with our driver; raises DatabaseUnavailable for one we cannot use."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUnavailable(
            "DATABASE_URL is not an address: use sqlite:///vestnik.sqlite3 "
            "or postgresql://user:password@host/database"
        ) from None
    driver = DRIVERS.get(parsed.get_backend_name())
    if driver is None or (driver == DRIVERS["sqlite"] and parsed.database in (None, ":memory:")):
        raise DatabaseUnavailable(
            f"DATABASE_URL names {parsed.drivername!r}: use sqlite:///file or postgresql://"
        )
    return parsed.set(drivername=driver)


class Database:
    """The one door to the ledger.

    `on_commit` is called after each committed unit of work, for the hints and courtesies that
    were left in it; its failure undoes nothing. `zone` is where the house's days begin, `house`
    are the preferences of people who chose nothing themselves.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        zone: tzinfo = UTC,
        house: Preferences = NOTHING_CHOSEN,
    ) -> None:
        self.url = parse_url(url)
        self.house = house
        self._zone = zone
        self.on_commit: OnCommit | None = None
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, pool_size)
        # SQLite has one writer; waiting here is fairer and cheaper than its busy timeout.
        self._writer = asyncio.Lock() if self.embedded else None
        # What a transaction of SQLite sees by itself.
        self._snapshot: dict[str, Any] = (
            {}
            if self.embedded
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work: everything in it is committed together, or nothing is.

        Raises DatabaseUnavailable; it is not known then whether a commit under way took place.
        """
        turn = self._writer or nullcontext()
        async with turn, self.opened(vestnik_writes=True) as opened, self._unit(opened) as work:
            yield work
        await self._tell(work)

    @asynccontextmanager
    async def series(self) -> AsyncIterator[Begin]:
        """Units of work one after another, each as of `begin`, over one connection.

        To take a connection costs as much as a small unit of work. SQLite's are taken anew: a
        connection is not to be held while others write.
        """
        if self.embedded:
            yield self.begin
            return
        async with self.opened(vestnik_writes=True) as opened:

            @asynccontextmanager
            async def begin() -> AsyncIterator[UnitOfWork]:
                with answering(self.url):
                    async with self._unit(opened) as work:
                        yield work
                await self._tell(work)

            yield begin

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that only reads, sees one moment, and never waits for a writer."""
        async with self.opened(**self._snapshot) as opened, self._unit(opened) as work:
            yield work

    @asynccontextmanager
    async def opened(self, **options: Any) -> AsyncIterator[AsyncConnection]:
        """A connection with these execution options; raises DatabaseUnavailable."""
        with answering(self.url):
            async with AsyncExitStack() as stack:
                with answering(self.url, OSError):
                    connection = await stack.enter_async_context(self.engine.connect())
                yield await connection.execution_options(**options)

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when the database does not answer."""
        folder = Path(self.url.database or "").parent
        if self.embedded and not folder.is_dir():
            raise DatabaseUnavailable(f"There is no folder {folder}: make it first.")
        async with self.opened() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def shift_clock(self, seconds: float) -> None:
        """Move the platform's clock by so many seconds; for the demo and tests only."""
        async with self.begin() as work:
            moved = sa.update(clock).values(shift=clock.c.shift + seconds)
            await work.connection.execute(moved)

    async def aclose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    @asynccontextmanager
    async def _unit(self, connection: AsyncConnection) -> AsyncIterator[UnitOfWork]:
        async with connection.begin():
            yield UnitOfWork(connection, await self._now(connection), self._zone, self.house)

    async def _tell(self, work: UnitOfWork) -> None:
        if self.on_commit is None:
            return
        try:
            await self.on_commit(work)
        except Exception:
            log.exception("after_commit_failed")

    async def _now(self, connection: AsyncConnection) -> datetime:
        with having_tables(self.url):
            if self.embedded:
                seconds: float = (await connection.execute(_SHIFT)).scalar_one() or 0.0
                return datetime.now(UTC) + timedelta(seconds=seconds)
            row = (await connection.execute(_SHIFTED_NOW)).one()
        now: datetime = row[0]
        return now + timedelta(seconds=row[1] or 0.0)


def _engine(url: URL, pool_size: int) -> AsyncEngine:
    options: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "pool_size": pool_size,
        "max_overflow": 0,
        # What a failed statement carried (numbers, texts, codes) is nothing for logs.
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(url, **options)
    awake = {"idle_in_transaction_session_timeout": f"{ASLEEP_SECONDS}s"}
    options["connect_args"] = {"server_settings": awake}
    return create_async_engine(url, pool_pre_ping=True, **options)


_CLOCK = sa.select(clock.c.shift).scalar_subquery()
_SHIFT = sa.select(_CLOCK)
_SHIFTED_NOW = sa.select(sa.func.clock_timestamp(), _CLOCK)
