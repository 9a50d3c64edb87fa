"""A campaign in unsteady hands: started, paused, resumed, cancelled, while workers come and go."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from broadcast import campaign
from delivery.pace import Grant, LocalPace
from delivery.sending import LEASE, Sender
from storage.database import Database
from storage.tables import deliveries
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import ALL_LIMITS, TELEGRAM, VK, route
from tests.delivery.post import Post, words
from vestnik.address import ChannelName, Lane
from vestnik.outbound import Send
from vestnik.outcome import SendResult, Sent, Temporary
from vestnik.route import LAST
from vestnik.states import OPEN, REACHED

T = TypeVar("T")

PEOPLE_EACH = 3
MOST_BROADCASTS = 4
A_LEASE = LEASE.total_seconds() + 1
MOVES = {"pause": campaign.pause, "resume": campaign.resume, "cancel": campaign.cancel}
CHANNELS = (TELEGRAM, VK)
MOVE = st.sampled_from(sorted(MOVES))
CHANNEL = st.sampled_from(CHANNELS)
WHICH = st.integers(0, MOST_BROADCASTS - 1)


class Died(Exception):
    """What becomes of a worker in mid-call."""


class Trickle(LocalPace):
    """Two messages at a time, so that there is a middle to interrupt."""

    async def take(self, lane: Lane, most: int, rate: float, ahead: float = 0.0) -> Grant:
        return Grant(min(most, 2))


class Recorder(Post):
    """Writes down whom it took which text for before it answers; VK drops what it took before."""

    def __init__(self, lane: Lane, accepted: Counter[tuple[str, str]]) -> None:
        super().__init__(lane, ALL_LIMITS[lane])
        self._accepted = accepted
        self._known: set[tuple[str, str]] = set()

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        results = [self._answer(item) for item in batch]
        for item, result in zip(batch, results, strict=True):
            call = (item.handle, item.address.handle)
            if isinstance(result, Sent) and not (self.name == VK and call in self._known):
                self._known.add(call)
                self._accepted[words(item), item.address.handle] += 1
        if self.while_sending:
            await self.while_sending(batch)
        return results


class Steering(RuleBasedStateMachine):
    """Everything that staff and fate may do to broadcasts, in any order.

    `accepted` is the truth: the copies that the channels took, by text and handle.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._database = Database(url)
        self._ledger = Ledger(self._database)
        self._accepted: Counter[tuple[str, str]] = Counter()
        self._posts = {
            Lane(name, "main"): Recorder(Lane(name, "main"), self._accepted) for name in CHANNELS
        }
        self._texts: dict[int, str] = {}
        self._still: dict[int, int] = {}
        self._workers = 0
        self._comes()

    @initialize()
    def subscribe(self) -> None:
        for _ in range(PEOPLE_EACH):
            for channel in CHANNELS:
                self._run(self._ledger.customer(channel))

    @precondition(lambda self: len(self._texts) < MOST_BROADCASTS)
    @rule()
    def start(self) -> None:
        text = f"Новость {len(self._texts)}."
        self._texts[self._run(self._ledger.broadcast(route(LAST), text=text))] = text

    @precondition(lambda self: self._texts)
    @rule(which=WHICH, move=MOVE)
    def steer(self, which: int, move: str) -> None:
        self._run(self._steer(which, move))

    @precondition(lambda self: self._texts)
    @rule(which=WHICH, move=MOVE, channel=CHANNEL)
    def steer_in_mid_call(self, which: int, move: str, channel: ChannelName) -> None:
        async def steer(_: Sequence[Send]) -> None:
            await self._steer(which, move)

        self._posts[Lane(channel, "main")].while_sending = steer
        self.send(channel)

    @rule(channel=CHANNEL)
    def send(self, channel: ChannelName) -> None:
        """One batch, if anything is due."""

        async def one() -> None:
            await self._ledger.planner.route_due()
            await self._ledger.sender.send_due(Lane(channel, "main"))

        try:
            self._run(one())
        finally:
            self._posts[Lane(channel, "main")].while_sending = None

    @rule(channel=CHANNEL, person=st.integers(1, PEOPLE_EACH * len(CHANNELS)))
    def be_refused(self, channel: ChannelName, person: int) -> None:
        """The next message to somebody is refused for a while."""
        post, at = self._posts[Lane(channel, "main")], handle(person, channel)
        if not post.answers[at]:
            post.answer(at, Temporary("503"))

    @rule()
    def restart(self) -> None:
        """A worker goes, another comes."""
        self._comes()

    @rule(channel=CHANNEL)
    def die_in_mid_call(self, channel: ChannelName) -> None:
        async def die(_: Sequence[Send]) -> None:
            raise Died

        self._posts[Lane(channel, "main")].while_sending = die
        try:
            self.send(channel)
        except Died:
            self._comes()

    @rule(seconds=st.sampled_from([1.0, 10.0, A_LEASE]))
    def wait(self, seconds: float) -> None:
        """Time passes, and only the sweep looks."""
        self._run(self._wait(seconds))

    @invariant()
    def nobody_gets_it_twice(self) -> None:
        assert [it for it in self._accepted.items() if it[1] > 1] == []

    @invariant()
    def what_rests_or_is_over_stays_so(self) -> None:
        for broadcast, text in self._texts.items():
            sent = self._sent(text)
            if self._run(self._is_still(broadcast)):
                assert self._still.setdefault(broadcast, sent) == sent
            else:
                self._still.pop(broadcast, None)

    def teardown(self) -> None:
        """In the end all go on, and everybody is accounted for."""
        try:
            if self._texts:
                self._run(self._to_the_end())
        finally:
            self._run(self._database.aclose())
            self._runner.close()

    async def _to_the_end(self) -> None:
        for which in range(len(self._texts)):
            await self._steer(which, "resume")
        for _ in range(5):
            await self._ledger.pass_time(A_LEASE)
        assert await self._ledger.broken() == []
        for broadcast, text in self._texts.items():
            rows = await self._ledger.rows(deliveries, broadcast_id=broadcast)
            assert len({row["person_id"] for row in rows}) == len(rows) == PEOPLE_EACH * 2
            for row in rows:
                taken = self._accepted[text, row["handle"]]
                assert row["state"] not in OPEN
                assert taken or row["state"] not in REACHED
                assert not taken or row["state"] in REACHED | {"unknown"}

    async def _steer(self, which: int, move: str) -> None:
        broadcasts = list(self._texts)
        async with self._database.begin() as work:
            await MOVES[move](work, broadcasts[which % len(broadcasts)], "telegram:1")

    async def _wait(self, seconds: float) -> None:
        await self._database.shift_clock(seconds)
        await self._ledger.planner.sweep()
        while await self._ledger.planner.end_waits() is not None:
            pass

    async def _is_still(self, broadcast: int) -> bool:
        """Whether nothing of it may go out now."""
        # Both at one moment: outcomes may still be on their way into the ledger.
        async with self._database.read() as work:
            found = await work.broadcasts.get(broadcast)
            rows = sa.select(deliveries.c.state).where(deliveries.c.broadcast_id == broadcast)
            states = (await work.connection.execute(rows)).scalars().all()
        assert found is not None
        assert len(states) == found.audience
        assert found.finished == (not OPEN & set(states))
        return found.finished or found.state != "running"

    def _sent(self, text: str) -> int:
        return sum(copies for (said, _), copies in self._accepted.items() if said == text)

    def _comes(self) -> None:
        """A new worker, who knows nothing of the one before."""
        self._workers += 1
        name = f"worker {self._workers}"
        self._ledger.sender = Sender(self._database, self._posts, Trickle(), name)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)
