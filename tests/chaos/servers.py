"""Servers that may be killed: a PostgreSQL and a Valkey of our own, whatever the environment names."""

import subprocess
from collections.abc import Mapping

from tests.servers import Servers


class MortalServers(Servers):
    """Each may crash and come back at the same address. All of it blocks: use a thread."""

    # A commit that was answered must outlive the server: only the power cut is out of scope.
    haste: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}

    def crash_postgresql(self) -> None:
        """End it without a clean shutdown: what was not committed is gone."""
        self._pg_ctl("-m", "immediate", "stop")

    def revive_postgresql(self) -> None:
        """Start it again; it recovers."""
        self.own_postgres.ensure_postgres_running()

    def crash_redis(self) -> None:
        """Kill it: it keeps nothing."""
        self.own_valkey.terminate()

    def revive_redis(self) -> None:
        """Start it again, empty."""
        self.own_valkey.start()

    def _named(self, _variable: str) -> None:
        return None

    def _pg_ctl(self, *arguments: str) -> None:
        server = self.own_postgres
        subprocess.run(
            [server.bin_path / "pg_ctl", "-w", "-s", "-D", str(server.pgdata), *arguments],
            check=True,
            user=server.system_user,
        )
