"""Prepares one claimed delivery for its call: the gate, the fitting form, the attempt."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from delivery.attaching import files_of, without
from delivery.decide import back_off
from delivery.ends import credit, next_step, wait
from delivery.gate import Defer, Pass, Place, Refuse, Stop, judge
from delivery.routing import stopped
from delivery.told import LONGEST_REASON, reason_of
from storage.standing import AddressStanding, PersonStanding
from vestnik.changing import changed
from vestnik.channel import Limits
from vestnik.delivery import Attempt, Delivery, Form, new_handle
from vestnik.fit import Unfit, fit
from vestnik.outbound import NOBODY, Message, Recipient, Send, Text
from vestnik.outcome import Rejected, SendResult, Temporary
from vestnik.states import Kind

Ready = tuple[Delivery, Attempt, Send]
"""A delivery as it is once its attempt is written, the attempt, and what the channel is given."""

TALK: frozenset[Kind] = frozenset(("reply", "operator", "staff"))
FILE_MISSING = Unfit("a file is missing")
FILE_REFUSED = Temporary("file_refused")


class Fitting:
    """Fits messages to a channel; what many are told is fitted once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        # By identity: a broadcast's deliveries share their content. It is kept, so that no other
        # message can get its place in memory.
        self._known: dict[int, tuple[Message, Message | Unfit]] = {}

    def __call__(self, message: Message) -> Message | Unfit:
        """The form in which the channel can say it; Unfit when it cannot."""
        known = self._known.get(id(message))
        if known is None:
            known = self._known[id(message)] = message, fit(message, self.limits)
        return known[1]


def prepare(
    delivery: Delivery,
    person: PersonStanding,
    address: AddressStanding | None,
    fitting: Fitting,
    now: datetime,
) -> Ready | Delivery:
    """What is to be sent; or the delivery as it is because nothing may be sent now."""
    match judge(delivery, place_of(person, address), fitting.limits, now):
        case Pass(form, ground):
            message: Message = delivery.content
            if form == "template" and delivery.template:
                message = delivery.template
            fitted = fitting(message)
            if isinstance(fitted, Unfit):
                return _unfit(delivery, fitted, now)
            attempt = _attempt(delivery, form)
            return _begun(delivery, ground), attempt, _send(delivery, attempt, fitted, address)
        case Defer(until, why):
            return wait(delivery, until, why)
        case Refuse(reason):
            return next_step(delivery, reason, now)
        case Stop(reason, expired):
            return stopped(delivery, reason, expired=expired)


def completed(
    it: Ready | Delivery, at_hand: Collection[str], limits: Limits, now: datetime
) -> Ready | Delivery:
    """What is prepared, when a file that it shows cannot be had now, or was refused.

    Where people talk the words go at once, without it: an answer does not wait for a picture.
    Anything else is tried again for a while, and then takes its next step.
    """
    if isinstance(it, Delivery):
        return it
    begun, attempt, send = it
    refused = begun.reason == reason_of(FILE_REFUSED)
    missing = files_of(send.outbound) - (set() if refused else set(at_hand))
    if not missing or not isinstance(send.outbound, Text):
        return it
    if begun.kind not in TALK:
        failed = credit(unbegun(begun), "failed", attempt.address.channel)
        return back_off(failed, _reason(FILE_MISSING), now)
    words = fit(without(send.outbound, missing), limits)
    if isinstance(words, Unfit):
        return _unfit(unbegun(begun), FILE_MISSING, now)
    return begun, attempt, replace(send, outbound=words)


def softened(result: SendResult, begun: Delivery, send: Send) -> SendResult:
    """The result; where people talk, a refused message with a file goes once more without it."""
    may_be_the_file = begun.kind in TALK and files_of(send.outbound)
    return FILE_REFUSED if may_be_the_file and isinstance(result, Rejected) else result


def unbegun(begun: Delivery) -> Delivery:
    """The delivery as it was before its attempt, which is not written after all."""
    return replace(begun, state="planned", attempts=begun.attempts - 1, fence=begun.fence - 1)


def place_of(person: PersonStanding, address: AddressStanding | None) -> Place:
    """What the gate looks at; a number that is proved by this very message is no address yet."""
    if address is None:
        return Place(
            advertising=person.advertising,
            advertising_entry=person.advertising_entry,
            stopped_everything=person.service_withdrawn,
            held=person.held,
            preferences=person.preferences,
            had_enough=person.had_enough,
        )
    return Place(
        advertising=person.advertising,
        advertising_entry=person.advertising_entry,
        stopped_everything=person.service_withdrawn,
        held=person.held,
        preferences=person.preferences,
        had_enough=person.had_enough,
        reachable=address.reachable,
        closed_reason=address.closed_reason,
        window_until=address.window_until,
        version=address.version,
    )


def _unfit(delivery: Delivery, unfit: Unfit, now: datetime) -> Delivery:
    # This channel cannot say it; the next one may.
    if delivery.address is None:
        raise AssertionError("a claimed delivery has an address")
    failed = credit(delivery, "failed", delivery.address.channel)
    return next_step(failed, _reason(unfit), now)


def _reason(unfit: Unfit) -> str:
    return f"unfit:{unfit.why}"[:LONGEST_REASON]


def _begun(delivery: Delivery, ground: Mapping[str, Any]) -> Delivery:
    return changed(
        delivery,
        state="sending",
        ground=ground,
        attempts=delivery.attempts + 1,
        fence=delivery.fence + 1,
    )


def _attempt(delivery: Delivery, form: Form) -> Attempt:
    if delivery.address is None:
        raise AssertionError("a claimed delivery has an address")
    return Attempt(
        delivery_id=delivery.id,
        number=delivery.attempts + 1,
        step=delivery.step,
        address=delivery.address,
        address_id=delivery.address_id,
        handle=new_handle(delivery),
        form=form,
        state="sending",
    )


def _send(
    delivery: Delivery, attempt: Attempt, fitted: Message, address: AddressStanding | None
) -> Send:
    recipient = NOBODY
    if address is not None:
        recipient = Recipient(address.phone, address.language, address.shows)
    return Send(
        attempt.address,
        fitted,
        attempt.handle,
        delivery.expires_at,
        recipient,
        bulk=delivery.kind == "broadcast",
        again=delivery.again is not None,
    )
