"""The queue of updates that getUpdates and the webhook share."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from emulators.clock import Clock
from emulators.telegram.counters import counter
from emulators.telegram.errors import ApiError, conflict

# https://core.telegram.org/bots/api#update; those not told of unless asked for.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post"),
        *("business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "guest_message", "inline_query", "chosen_inline_result"),
        *("callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media"),
        *("poll", "poll_answer", "my_chat_member", "chat_join_request", "chat_boost"),
        *("removed_chat_boost", "managed_bot"),
    }
)

# How long an update is kept (Client.cpp): a pressed button is soon of no use.
MESSAGE_SECONDS = 86_400
PRESS_SECONDS = 150
# The webhook's queue of an update is its chat or user, told apart by kind (Client.cpp).
QUEUE_OF = {"callback_query": 3 << 33, "my_chat_member": 5 << 33, "message_reaction": 8 << 33}

# Client.cpp, process_get_updates_query and fail_query_conflict.
MAX_POLL_SECONDS = 50
HASTY_SECONDS = 3.0
VERY_HASTY_SECONDS = 0.5
CONFLICT_DELAY = 3.0

OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_SET = "terminated by setWebhook request"


@dataclass(frozen=True, slots=True)
class Update:
    """An update as it is sent, the queue that it travels in, when it is of no use any more."""

    id: int
    body: bytes
    queue: str
    expires_at: float


class Updates:
    """Numbered by one; kept until taken, confirmed or too old. `deliver` is told of new ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = counter(clock)
        self._waiting: dict[int, Update] = {}
        self._poll: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_poll_at = 0.0
        self._next_conflict_at = 0.0
        self.allowed = DEFAULT
        self.deliver: Callable[[Update], None] | None = None

    def add(self, kind: str, whose: int, content: dict[str, Any]) -> None:
        """Tell the bot of something, if it wants to know; `whose` is the chat or the user."""
        if kind not in self.allowed:
            return
        lifetime = PRESS_SECONDS if kind == "callback_query" else MESSAGE_SECONDS
        number = next(self._numbers)
        update = Update(
            id=number,
            body=orjson.dumps({"update_id": number, kind: content}),
            queue=str(whose + QUEUE_OF.get(kind, 0)),
            expires_at=self._clock.now() + lifetime,
        )
        self._waiting[number] = update
        if self.deliver is not None:
            self.deliver(update)
        else:
            self.rest()

    def allow(self, kinds: Any) -> None:
        """Remember which kinds the bot asked for; nothing legible keeps what was."""
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            return
        self.allowed = frozenset(map(str.lower, kinds)) & (DEFAULT | ON_REQUEST) or DEFAULT

    def waiting(self) -> list[Update]:
        """What was not taken yet, oldest first."""
        return list(self._fresh())

    def _fresh(self) -> Iterator[Update]:
        now = self._clock.now()
        for update in self._waiting.values():
            if update.expires_at > now:
                yield update

    def forget(self, numbers: Iterable[int]) -> None:
        """These were taken."""
        for number in numbers:
            self._waiting.pop(number, None)

    async def poll(self, offset: int, limit: int, seconds: int) -> list[Update]:
        """getUpdates: updates from the offset on, after a wait if there are none; ApiError."""
        await self.end_poll(OTHER_POLL)
        now = self._clock.now()
        if offset == self._last_offset:
            if now < self._last_poll_at + HASTY_SECONDS:
                seconds = max(seconds, int(HASTY_SECONDS))
            if now < self._last_poll_at + VERY_HASTY_SECONDS:
                limit = 1
        self._last_offset, self._last_poll_at = offset, now
        self._confirm(offset)
        if seconds and next(self._fresh(), None) is None:
            await self._wait(seconds)
        return list(itertools.islice(self._fresh(), limit))

    async def end_poll(self, why: str) -> None:
        """Send home whoever polls; the waiting request fails with 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(why))
            await asyncio.sleep(0)

    def rest(self) -> None:
        """Let whoever polls go, with whatever there is."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def conflict(self, why: str) -> ApiError:
        """A 409, held back for a while when it repeats."""
        if self._clock.now() < self._next_conflict_at:
            await asyncio.sleep(CONFLICT_DELAY)
        self._next_conflict_at = self._clock.now() + CONFLICT_DELAY
        return conflict(why)

    async def _wait(self, seconds: int) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            # Polls are measured by the machine's clock, as the client's own timeout is.
            await asyncio.wait_for(poll, seconds)
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    def _confirm(self, offset: int) -> None:
        """Forget what came before the offset; a negative one counts from the end."""
        if offset < 0:
            offset = next(itertools.islice(reversed(self._waiting), -offset - 1, None), 0)
        self.forget(list(itertools.takewhile(lambda number: number < offset, self._waiting)))
