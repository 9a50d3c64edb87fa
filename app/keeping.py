"""Commits the webhooks' bytes, those that wait at the same time in one transaction."""

import asyncio
from collections import defaultdict

from delivery import hints
from storage.database import Database
from vestnik.address import Lane

MOST_BODIES = 1_000
MOST_BYTES = 32 * 2**20
"""So much may wait for one commit; what is more, the providers bring again."""


class Overfull(Exception):
    """More waits for the database than may be held in memory."""


class _Batch:
    """Bodies that share a commit."""

    def __init__(self) -> None:
        self.bodies: defaultdict[Lane, list[bytes]] = defaultdict(list)
        self.count = 0
        self.size = 0

    def add(self, lane: Lane, body: bytes) -> None:
        if self.count >= MOST_BODIES or self.size + len(body) > MOST_BYTES:
            raise Overfull(f"{self.count} webhooks wait for the database already")
        self.bodies[lane].append(body)
        self.count += 1
        self.size += len(body)


class Keeper:
    """The way of the webhooks' bytes into the inbox.

    While a commit is under way the next bodies gather, and then share theirs: the cost of a
    commit, which is the disk's, does not grow with their number.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._gathering: tuple[_Batch, asyncio.Task[None]] | None = None
        self._commits: set[asyncio.Task[None]] = set()

    async def keep(self, lane: Lane, body: bytes) -> None:
        """Return when the body is committed; raises DatabaseUnavailable, Overfull."""
        batch, commit = self._gathering or self._gather()
        batch.add(lane, body)
        # A caller who hangs up must not take along what the others wait for.
        await asyncio.shield(commit)

    async def aclose(self) -> None:
        """Give up what is still waiting: nobody was told that it is kept."""
        for commit in self._commits:
            commit.cancel()
        await asyncio.gather(*self._commits, return_exceptions=True)

    def _gather(self) -> tuple[_Batch, asyncio.Task[None]]:
        batch = _Batch()
        commit = asyncio.create_task(self._commit(batch))
        self._commits.add(commit)
        commit.add_done_callback(self._commits.discard)
        self._gathering = batch, commit
        return self._gathering

    async def _commit(self, batch: _Batch) -> None:
        async with self._turn:
            try:
                async with self._database.begin() as work:
                    # Until here, while others wrote, the batch could still grow.
                    self._gathering = None
                    for lane, bodies in batch.bodies.items():
                        await work.inbox.keep(lane, bodies)
                    work.hints.add(hints.READ)
            finally:
                if self._gathering and self._gathering[0] is batch:
                    self._gathering = None
