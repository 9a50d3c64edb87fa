"""How SQLite is opened: our own BEGIN, durable commits, and an end that comes when it is asked."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_SECONDS = 30.0
ROWS_A_TURN = 64
"""So many rows a streamed result brings from the driver's thread at once: its default."""


def sqlite_engine(url: URL, **options: Any) -> AsyncEngine:
    """An engine on this file; `url` has our driver, the options are SQLAlchemy's."""
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(BUSY_SECONDS)})
    engine = create_async_engine(url, connect_args={"async_creator_fn": _opened}, **options)
    sa.event.listen(engine.sync_engine, "connect", _prepare)
    sa.event.listen(engine.sync_engine, "begin", _begin)
    return engine


class SqliteFile(sqlite3.Connection):
    """A file that is let go when it is closed.

    Closed in mid-transaction, SQLite would keep the locks until the last cursor is collected.
    """

    def close(self) -> None:
        """Undo what was not committed, and close; as often as one likes."""
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


class SqliteConnection(aiosqlite.Connection):
    """A connection that comes to its end, however often it is cancelled.

    SQLAlchemy closes a cancelled connection, and stops it when it is cancelled once more
    meanwhile. aiosqlite's thread ends at the first stop, so that the second one, with which its
    close ends, would wait for ever (aiosqlite 0.22.1; wapiti-scanner/wapiti#802 met the same).
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, ROWS_A_TURN)
        # A process may end while a statement is still under way: SQLite rolls it back.
        self._thread.daemon = True
        self._stopped: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        """Close in the thread and end it; the future of the first call, however often called."""
        if self._stopped is None:
            self._stopped = super().stop()
        return self._stopped

    async def close(self) -> None:
        """Close, and wait until the thread ended, which a cancellation waits for too.

        A thread that goes on when its loop is closed has nobody to tell what came of a statement.
        """
        ended, cancelled = self.stop(), False
        while ended is not None and not ended.done():
            try:
                await asyncio.shield(ended)
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            raise asyncio.CancelledError


def _opened(path: str, **options: Any) -> SqliteConnection:
    return SqliteConnection(partial(SqliteFile, path, **options))


def _prepare(connection: Any, _record: object) -> None:
    # We say BEGIN ourselves (below): the driver would put it off until the first write.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # A webhook is answered after its commit: the commit must survive a power cut too.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("vestnik_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
