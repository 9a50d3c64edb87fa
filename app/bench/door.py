"""The web role that keeps nothing: the ceiling of how fast webhooks can be answered at all."""

import sys

import uvloop

from app import logs
from app.keeping import Keeper
from app.roles import told_to_stop
from app.starting import house
from app.web import serving
from vestnik.address import Lane


class Forgetful(Keeper):
    """Says that it has kept a body, and has not."""

    async def keep(self, lane: Lane, body: bytes) -> None:
        """Nothing."""


async def run() -> None:
    """Answer until told to stop; prints the address."""
    built = house()
    async with serving(built, Forgetful(built.database)) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        await told_to_stop().wait()
    await built.aclose()


if __name__ == "__main__":
    logs.configure()
    uvloop.run(run())
