"""Whose turn it is: broadcasts that run at the same time share a lane evenly."""

import time
from collections import deque
from collections.abc import Sequence

from storage.claims import Claimed, Place
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane

LOOK_SECONDS = 1.0
"""A broadcast that starts or ends is seen after so long at the latest."""


class Turns:
    """The running broadcasts of one lane, one after another, a batch each."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._queue: deque[int] = deque()
        self._looked = float("-inf")
        self._places: dict[int, Place] = {}

    async def claim(self, work: UnitOfWork, most: int) -> Sequence[Claimed]:
        """Up to `most` messages of the first broadcast in turn that has something due."""
        for _ in range(len(await self._due(work))):
            broadcast_id = self._queue.popleft()
            place = self._places.pop(broadcast_id, None)
            claimed = await work.claims.bulk(self._lane, broadcast_id, most, place)
            if place is not None and not claimed:
                # What has become due before that place since.
                claimed = await work.claims.bulk(self._lane, broadcast_id, most)
            if claimed:
                self._queue.append(broadcast_id)
                if len(claimed) == most:
                    last = max((it.delivery.due_at, it.delivery.id) for it in claimed)
                    self._places[broadcast_id] = last
                return claimed
        return []

    async def _due(self, work: UnitOfWork) -> Sequence[int]:
        """The broadcasts that have something due, the one whose turn it is first."""
        if not self._queue or time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            due = await work.claims.broadcasts_due(self._lane)
            known = [it for it in self._queue if it in due]
            self._queue = deque([*known, *(it for it in due if it not in known)])
        return self._queue
