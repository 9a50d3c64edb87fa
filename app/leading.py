"""Of all schedulers one leads; the others stand by, and one takes over when the leader is gone."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta

import structlog

from storage.database import Database

LEASE_SECONDS = 6.0
"""So long nobody can take over from a leader that died; with the next question, seven seconds."""

MARGIN_SECONDS = 2.0
"""A leader that could not renew its lease begins to stop so long before its end: it may notice a
question later, and its chores take a second to end."""

ASK_SECONDS = 1.0
"""Between two questions: of the leader for more time, of the others for the lead."""

NAME = "scheduler"

log = structlog.get_logger(__name__)


class Lead:
    """A claim to lead, under a holder's name of its own.

    The lease stands in the database and goes by its clock. Here only a span is measured, by our
    own clock and from before the question: so we stop early rather than late.
    """

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder
        self._until = 0.0

    async def pursue(self, act: Callable[[], AbstractAsyncContextManager[object]]) -> None:
        """Be `act`ing whenever we lead, until cancelled."""
        try:
            while True:
                if await self._ask():
                    await self._lead(act)
                await asyncio.sleep(ASK_SECONDS)
        finally:
            await self._give_up()

    async def _lead(self, act: Callable[[], AbstractAsyncContextManager[object]]) -> None:
        log.info("leading", holder=self._holder)
        try:
            async with act():
                await self._hold()
            log.warning("lead_lost", holder=self._holder)
        except Exception:
            log.exception("lead_failed", holder=self._holder)

    async def _hold(self) -> None:
        """Renew the lease; returns when it is lost, or can be no longer sure."""
        while True:
            await asyncio.sleep(ASK_SECONDS)
            asked = False
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._until):
                    asked = await self._ask()
            # Without an answer we go on as long as the last one holds.
            if not asked and asyncio.get_running_loop().time() >= self._until:
                return

    async def _ask(self) -> bool:
        """Whether the lease is ours from now on; a refusal ends what we had."""
        began = asyncio.get_running_loop().time()
        try:
            async with self._database.begin() as work:
                ours = await work.leases.take(NAME, self._holder, timedelta(seconds=LEASE_SECONDS))
        except Exception as error:
            log.warning("lead_not_known", why=repr(error))
            return False
        self._until = began + LEASE_SECONDS - MARGIN_SECONDS if ours else 0.0
        return ours

    async def _give_up(self) -> None:
        """Leave the lead to the others at once; without the database its end does the same."""
        with suppress(Exception):
            async with asyncio.timeout(ASK_SECONDS), self._database.begin() as work:
                await work.leases.give_up(NAME, self._holder)
