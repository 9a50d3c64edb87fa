"""Whose turn it is: broadcasts that run at the same time share a lane evenly."""

import time
from collections import deque
from collections.abc import Sequence

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

    async def order(self, work: UnitOfWork) -> Sequence[int]:
        """The broadcasts that have something due, the one whose turn it is first."""
        if not self._queue or time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            due = await work.claims.broadcasts_due(self._lane)
            known = [it for it in self._queue if it in due]
            self._queue = deque([*known, *(it for it in due if it not in known)])
        return list(self._queue)

    def had(self, broadcast_id: int, *, more: bool) -> None:
        """It had its turn; without `more` it is not asked again before the next look."""
        self._queue.remove(broadcast_id)
        if more:
            self._queue.append(broadcast_id)
