"""The breaker of a lane: when most goes wrong it opens, rests, and lets a few probes try. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from delivery.decide import After
from storage.lanes import Breaker
from vestnik.sample import EMPTY

RECENT = 100
"""Answers that count, whatever the rate: an outage shows within the next 25 failures."""

LEAST = 20
"""Fewer answers prove nothing: one person's luck would stop a lane."""

SHARE = 0.25
"""Failures among the recent answers that open the lane. A platform in health fails well under one
in a hundred; and where a channel has no idempotency key, each unclear answer costs a person."""

FORGOTTEN_AFTER = timedelta(minutes=1)
"""Older failures say nothing of now; a quiet lane collects them over hours."""

FIRST_REST, LONGEST_REST = 2.0, 300.0
"""Seconds of the first rest, which doubles with each opening, up to the longest: that is how long
it takes us to see that something was mended."""

JITTER = 0.25
"""The part by which rests differ: lanes that one outage stopped do not come back at one moment."""

DOWN_OPENINGS = 6
"""Where an account that cannot send begins (64 s): that does not pass by itself."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one flush of answers tells of its lane.

    `answers` that were clear or failed, the `failures` among them and why the most of them failed;
    `down`: why the account cannot send at all.
    """

    answers: int = 0
    failures: int = 0
    why: str | None = None
    down: str | None = None


SILENCE = Tally()


def tally(afters: Sequence[After]) -> Tally:
    """The count of a flush."""
    failed = Counter(it.attempt.reason for it in afters if it.lane_failed)
    answers = sum(it.lane_failed is not None for it in afters)
    why = failed.most_common(1)[0][0] if failed else None
    down = next((it.lane_down for it in afters if it.lane_down and not it.lane_bulk), None)
    return Tally(answers, failed.total(), why, down)


def after_answers(breaker: Breaker, told: Tally, now: datetime, luck: float) -> Breaker:
    """The breaker after a flush; the same one when that tells nothing new.

    `luck` is a random number from 0 to 1. While the lane rests, answers to what was sent before
    change nothing; after the rest they are those of the probes.
    """
    resting = breaker.rest_until is not None and now < breaker.rest_until
    if told.down and (not resting or breaker.openings < DOWN_OPENINGS):
        openings = max(breaker.openings + 1, DOWN_OPENINGS)
        return _opened(breaker, openings, told.down, now, luck)
    if not breaker.openings:
        return _counted(breaker, told, now, luck)
    if resting:
        return replace(breaker, probing_until=None)
    if not told.answers:
        return breaker
    if told.failures * 2 < told.answers:
        return Breaker(rest_until=breaker.rest_until)
    return _opened(breaker, breaker.openings + 1, told.why or breaker.why, now, luck)


def rest(openings: int, luck: float) -> float:
    """Seconds that a lane rests when it has opened so many times in a row."""
    longest = LONGEST_REST / FIRST_REST
    doubled = FIRST_REST * min(2.0 ** min(openings - 1, 32), longest)
    return doubled * (1 + JITTER * luck)


def _counted(breaker: Breaker, told: Tally, now: datetime, luck: float) -> Breaker:
    stale = breaker.counted_at is None or now - breaker.counted_at > FORGOTTEN_AFTER
    before = EMPTY if stale else breaker.sample
    sample = before.fed(told.answers, told.failures, RECENT)
    if sample.answers >= LEAST and sample.share >= SHARE:
        return _opened(breaker, 1, told.why or breaker.why, now, luck)
    if sample == before:
        return breaker
    return replace(breaker, sample=sample, counted_at=now)


def _opened(
    breaker: Breaker, openings: int, why: str | None, now: datetime, luck: float
) -> Breaker:
    until = now + timedelta(seconds=rest(openings, luck))
    longer = max(until, breaker.rest_until) if breaker.rest_until else until
    return Breaker(openings=openings, rest_until=longer, why=why)
