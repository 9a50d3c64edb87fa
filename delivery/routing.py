"""Finds where a delivery's step goes: the address it may use, or the next step, or the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from delivery.ends import run_out, stop, wait
from delivery.gate import Defer, Pass, Place, Refuse, Stop, judge, missing
from vestnik.address import SMS, Address, Lane
from vestnik.channel import Limits
from vestnik.delivery import Delivery
from vestnik.route import LAST, Step


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address of the person, as the gate sees it; candidates come last used first.

    Until `free_until` the provider charges nothing for it; no route is chosen by that.
    """

    address: Address
    address_id: int
    place: Place
    free_until: datetime | None = None


def find_place(
    delivery: Delivery,
    candidates: Sequence[Candidate],
    limits: Mapping[Lane, Limits],
    now: datetime,
) -> Delivery:
    """The delivery with an address for its step or a later one, or settled without one."""
    reason = delivery.reason or "no_route"
    for number in range(delivery.step, len(delivery.route)):
        step = delivery.route[number]
        reason = missing(step.channel)
        for candidate in _of(step, candidates):
            known = limits.get(candidate.address.lane)
            if known is None:
                reason = "channel_off"
                continue
            placed = _placed(delivery, number, candidate)
            verdict = judge(placed, candidate.place, known, now)
            match verdict:
                case Pass():
                    return placed
                case Defer(until, why):
                    return wait(delivery, until, why)
                case Stop(why, expired):
                    return stopped(delivery, why, expired=expired)
                case Refuse(why):
                    reason = why
    return run_out(delivery, reason)


def stopped(delivery: Delivery, reason: str, *, expired: bool) -> Delivery:
    """The end that the gate's Stop means."""
    if expired and delivery.best is None:
        return replace(delivery, state="expired", reason=reason)
    return stop(delivery, reason)


def _of(step: Step, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those that the step may use; for LAST the messenger that the person chose comes first."""
    if step.channel == LAST:
        messengers = [it for it in candidates if it.address.channel != SMS]
        yield from sorted(messengers, key=lambda it: not _is_chosen(it))
    else:
        yield from (it for it in candidates if it.address.channel == step.channel)


def _is_chosen(candidate: Candidate) -> bool:
    return candidate.address.channel == candidate.place.preferences.channel


def _placed(delivery: Delivery, step: int, candidate: Candidate) -> Delivery:
    tries = delivery.tries if step == delivery.step else 0
    return replace(
        delivery,
        step=step,
        address=candidate.address,
        address_id=candidate.address_id,
        tries=tries,
    )
