"""The chore that asks other programs, and lets dialogs go on with what they return."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import structlog

from dialogs.continuing import Returned, answer_call
from dialogs.talk import Talks
from storage.calls import PendingCall
from storage.database import Database, DatabaseUnavailable
from vestnik.record import encode

AT_ONCE = 10
MOST_TRIES = 2
"""A call that lost its worker is made once more; the other side knows it by its key."""

Post = Callable[[PendingCall], Awaitable[Mapping[str, object] | None]]
"""Asks the other program; None when it failed, was too slow, or may not be asked. Never raises."""

log = structlog.get_logger(__name__)


class Calling:
    """Calls are claimed, made outside of any transaction, and their answers stored."""

    def __init__(self, database: Database, talks: Talks, post: Post) -> None:
        self._database = database
        self._talks = talks
        self._post = post

    async def call_due(self) -> float | None:
        """Make the calls that wait; 0 when there may be more, None when there is none."""
        async with self._database.begin() as work:
            claimed = await work.calls.claim(AT_ONCE)
        if not claimed:
            return None
        await asyncio.gather(*map(self._make, claimed))
        return 0.0

    async def _make(self, call: PendingCall) -> None:
        values = await self._post(call) if call.tries <= MOST_TRIES else None
        # What cannot be taken in counts as a failure: nobody is to wait for it for ever.
        for returned in (Returned(call.id, values), Returned(call.id)):
            try:
                await self._answer(call, returned)
            except DatabaseUnavailable as error:
                log.error("call_put_off", id=call.id, why=str(error))
            except Exception:
                log.exception("call_failed", id=call.id)
                continue
            return
        async with self._database.begin() as work:
            await work.calls.done(call.id)

    async def _answer(self, call: PendingCall, returned: Returned) -> None:
        async with self._database.begin() as work:
            known = await work.people.address_by_id(call.address_id)
            conversation = await work.conversations.of(call.address_id)
            await work.calls.done(call.id)
            if known is None or known.address.lane not in self._talks.limits:
                return
            talk = await self._talks.open(work, known, conversation, {})
            if talk.session is None or talk.session.call != call.id:
                return
            if conversation.held:
                # Whoever took the dialog over goes on with it.
                over = encode(talk.session.over())
                await work.conversations.keep_session(known.id, over)
                return
            running = await self._talks.running(talk)
            turn = answer_call(running, talk.session, returned, work.now, talk.context)
            await self._talks.take(replace(talk, ground=talk.session.ground), turn)
