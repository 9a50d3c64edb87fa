"""The chores by which dialogs go on without a message: reminders, waits that are over, events."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from dialogs.continuing import awaits, enter, remind
from dialogs.facts import ContinuationWanted
from dialogs.nudging import beginning, is_nudge, unwanted
from dialogs.scenario import Scenario
from dialogs.talk import Talk, Talks
from storage.continuations import Continuation
from storage.database import Database, DatabaseUnavailable
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS
from vestnik.window import is_open

BUSY_RETRY = timedelta(minutes=10)
"""So long a dialog that cannot go on waits for the person, or for the operator who holds it."""

TOO_LATE = timedelta(days=1)
"""What could not go on by then never does: nobody would know what it is about."""

KEPT = timedelta(days=30)
"""So long the keys of those who told us of something stay known."""

TIDY_EVERY = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Reminding:
    """Each is worked off in one transaction with its mark: once, by the database's clock."""

    def __init__(self, database: Database, talks: Talks) -> None:
        self._database = database
        self._talks = talks
        self._tidied: datetime | None = None

    async def remind_due(self) -> float | None:
        """Remind one person of a question; 0 when there may be more, None when there are none."""
        address_id = None
        try:
            async with self._database.begin() as work:
                due = await work.conversations.waking(1)
                if not due:
                    return None
                [conversation] = due
                address_id = conversation.address_id
                await work.conversations.keep_session(address_id, conversation.session)
                known = await work.people.address_by_id(address_id)
                if known is not None and self._reached(known) and self._open(known, work):
                    talk = await self._talks.open(work, known, conversation, {})
                    await self._remind(talk)
        except DatabaseUnavailable:
            raise
        except Exception:
            if address_id is None:
                raise
            log.exception("reminder_failed", address=address_id)
            async with self._database.begin() as work:
                conversation = await work.conversations.of(address_id)
                await work.conversations.keep_session(address_id, conversation.session)
        return 0.0

    async def _remind(self, talk: Talk) -> None:
        if talk.session is None:
            return
        running = await self._talks.running(talk)
        turn = remind(running, talk.session, talk.work.now, talk.context)
        await self._talks.take(replace(talk, ground=talk.session.ground), turn)

    async def continue_due(self) -> float | None:
        """Let one dialog go on; 0 when there may be more, None when there is none."""
        due: Continuation | None = None
        try:
            async with self._database.begin() as work:
                due = await work.continuations.due()
                if due is None:
                    await self._tidy(work)
                    return None
                await self._continue(work, due)
        except DatabaseUnavailable:
            raise
        except Exception:
            if due is None:
                raise
            log.exception("continuation_failed", id=due.id)
            async with self._database.begin() as work:
                await work.continuations.done(due.id)
        return 0.0

    async def _tidy(self, work: UnitOfWork) -> None:
        if self._tidied is None or work.now - self._tidied > TIDY_EVERY:
            self._tidied = work.now
            await work.continuations.purge(KEPT)

    async def _continue(self, work: UnitOfWork, due: Continuation) -> None:
        known = await self._place(work, due)
        # Whoever hears the person locks the conversation first, and what belongs to it then.
        conversation = await work.conversations.of(known.id) if known else None
        if not await work.continuations.lock(due.id):
            return
        scenario, step = await self._beginning(work, due)
        why = await self._hindrance(work, due, known, step)
        if why or known is None or conversation is None or step is None:
            log.info("continuation_dropped", id=due.id, step=due.step, why=why)
            await work.continuations.done(due.id)
            return
        conversation = await self._talks.operators.released(work, conversation)
        talk = await self._talks.open(work, known, conversation, due.ground)
        if conversation.held or await self._busy(talk, due):
            await work.continuations.put_off(due.id, work.now + BUSY_RETRY)
            return
        wanted = ContinuationWanted(step, due.at, due.values)
        turn = enter(scenario, talk.session, wanted, work.now, talk.context)
        await work.continuations.done(due.id)
        if self._talks.closed(talk) and turn.outside is None:
            log.info("continuation_dropped", id=due.id, step=step, why="window_closed")
            return
        await self._talks.take(talk, turn)

    async def _beginning(self, work: UnitOfWork, due: Continuation) -> tuple[Scenario, str | None]:
        """The scenario and its step; a nudge is the present one's, since nothing is under way."""
        current = self._talks.shelf.current
        if is_nudge(due):
            return current, beginning(current, due)
        scenario = await self._talks.shelf.of(work, due.version)
        if scenario is None or due.step not in scenario.steps:
            scenario = current
        return scenario, due.step if due.step in scenario.steps else None

    async def _hindrance(
        self, work: UnitOfWork, due: Continuation, known: KnownAddress | None, step: str | None
    ) -> str | None:
        """Why it never takes place, if it does not."""
        if work.now - due.at >= TOO_LATE:
            return "late"
        if known is None:
            return "unreachable"
        if step is None:
            return "no such step"
        return "opted_out" if is_nudge(due) and await unwanted(work, due) else None

    async def _busy(self, talk: Talk, due: Continuation) -> bool:
        """Whether the person is answering something; a nudge asks only when they last wrote.

        It comes so late that a question left unanswered is what it is about.
        """
        if is_nudge(due):
            heard = talk.known.last_inbound_at
            return heard is not None and talk.work.now - heard < BUSY_RETRY
        running = await self._talks.running(talk)
        return awaits(running, talk.session, talk.work.now)

    async def _place(self, work: UnitOfWork, due: Continuation) -> KnownAddress | None:
        """Where the dialog was, else where the person was last; where a window is open first.

        None where nothing may be said at all. A nudge is for the window that closes alone.
        """
        addresses = await work.people.addresses(due.person_id)
        own = [it for it in addresses if it.id == due.address_id]
        if is_nudge(due):
            return next((it for it in own if self._reached(it) and self._open(it, work)), None)
        reached = [it for it in (*own, *addresses) if self._reached(it)]
        return next((it for it in reached if self._open(it, work)), next(iter(reached), None))

    def _reached(self, known: KnownAddress) -> bool:
        on = known.address.lane in self._talks.limits
        return on and known.reachable and known.address.channel != SMS

    def _open(self, known: KnownAddress, work: UnitOfWork) -> bool:
        windowed = self._talks.limits[known.address.lane].window_hours is not None
        return not windowed or is_open(known.window_until, work.now)
