"""Tells a database that is away, which passes, from a statement that is wrong, which does not."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# PostgreSQL's codes (appendix A): connection lost, not let in, no such database, read-only,
# out of resources, stopping or told to hang up; and a transaction that was undone because it and
# another one waited for each other: like a lost connection, it goes when it is tried again.
_AWAY = ("08", "28", "3D", "25006", "53", "57", "40P01")
_NO_TABLE = ("42P01", "no such table")


class DatabaseUnavailable(Exception):
    """The database cannot be used; the text says what to do, without credentials."""


@contextmanager
def answering(url: URL, *also: type[Exception]) -> Iterator[None]:
    """Raise DatabaseUnavailable for what says that the database is away, and for `also`."""
    lost: tuple[type[Exception], ...] = (PoolTimeout, ConnectionError, *also)
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or _is_away(error.orig):
            raise DatabaseUnavailable(_advice(url, error.orig or error)) from error
        raise
    except lost as error:
        raise DatabaseUnavailable(_advice(url, error)) from error


@contextmanager
def having_tables(url: URL) -> Iterator[None]:
    """Raise DatabaseUnavailable where the first statement of all finds no table."""
    try:
        yield
    except DBAPIError as error:
        told = str(getattr(error.orig, "sqlstate", None) or error.orig)
        if told.startswith(_NO_TABLE):
            where = url.render_as_string(hide_password=True)
            advice = f"The database {where} has no tables: run `vestnik db upgrade`."
            raise DatabaseUnavailable(advice) from error
        raise


def _is_away(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        # The generic code is for wrong SQL; locked, full, read-only and the like have their own.
        return error.sqlite_errorcode != sqlite3.SQLITE_ERROR
    return str(getattr(error, "sqlstate", "") or "").startswith(_AWAY)


def _advice(url: URL, error: BaseException) -> str:
    where = url.render_as_string(hide_password=True)
    why = str(error).strip().splitlines()
    return (
        f"The database {where} does not answer ({why[0] if why else type(error).__name__}): "
        "check that it runs and that DATABASE_URL is right."
    )
