"""Counts the refusals of broadcasts, so that one whose text is wrong is seen before all is lost.

Only `Rejected` counts: it says that the message would be wrong for everybody. Who blocked us or
is gone says nothing of the text, and a step failed for good is what the next step is for.
"""

from collections.abc import Sequence

from delivery import hints
from delivery.decide import After
from storage.unit_of_work import UnitOfWork
from vestnik.sample import Sample

RECENT = 200
"""Answers that count; a broadcast of a million is judged by its newest, not by its average."""

MOST_REFUSED = 10
"""So many refusals among them, a twentieth, pause a broadcast: more than a few odd addresses,
and few enough to lose. A text that is wrong for all stops after ten people."""


async def count_refusals(work: UnitOfWork, afters: Sequence[After]) -> None:
    """Take a flush into the samples of its broadcasts.

    While nothing is refused this reads and writes nothing back. A sample needs no completeness:
    a broadcast that somebody else is changing just now (pausing it, counting) is not waited for.
    """
    told = _told(afters)
    known = await work.broadcasts.samples(list(told))
    news = [it for it in told if it in known and _fed(known[it], told[it]) != known[it]]
    for broadcast_id, sample in (await work.broadcasts.samples(news, to_change=True)).items():
        fed = _fed(sample, told[broadcast_id])
        await work.broadcasts.keep_sample(broadcast_id, fed)
        if fed.failures >= MOST_REFUSED:
            work.hints.add(hints.WATCH)


def _told(afters: Sequence[After]) -> dict[int, tuple[int, int]]:
    """By broadcast: answers, refusals among them."""
    told: dict[int, tuple[int, int]] = {}
    for it in afters:
        broadcast_id = it.delivery.broadcast_id
        if broadcast_id is not None and (it.refused or it.lane_failed is not None):
            answers, refused = told.get(broadcast_id, (0, 0))
            told[broadcast_id] = (answers + 1, refused + it.refused)
    return told


def _fed(sample: Sample, told: tuple[int, int]) -> Sample:
    return sample.fed(*told, RECENT)
