"""The gate of every send: whether this message may go to this address now, and on what ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from vestnik.address import SMS
from vestnik.channel import Limits
from vestnik.consent import NEVER_ASKED, Standing
from vestnik.delivery import Delivery, Form
from vestnik.outbound import Template
from vestnik.preferences import NOTHING_CHOSEN, Preferences
from vestnik.window import is_open

HELD_RETRY = timedelta(minutes=1)

Delay = Literal["held", "quiet_hours"]

Refusal = Literal[
    "no_consent",
    "no_phone",
    "no_address",
    "closed",
    "window_closed",
    "opted_out",
    "taken_over",
    "topic_off",
    "paused",
    "frequency_cap",
    "expired",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the gate looks at besides the message: one address of one person, at one moment.

    `version` is the conversation's present one, `held` whether an operator talks to the person
    on any address, `had_enough` whether they got as many broadcasts lately as their cap allows.
    A staff chat has neither person nor consent.
    """

    reachable: bool = True
    closed_reason: str | None = None
    window_until: datetime | None = None
    advertising: Standing = NEVER_ASKED
    advertising_entry: int | None = None
    stopped_everything: bool = False
    version: int = 0
    held: bool = False
    preferences: Preferences = NOTHING_CHOSEN
    had_enough: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """It may go; `ground` is stored with the delivery."""

    form: Form
    ground: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refuse:
    """It may not go to this address; a later step of the route may do."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """It may not go at all any more."""

    reason: str
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Defer:
    """It may not go yet, and why."""

    until: datetime
    why: Delay


Verdict = Pass | Refuse | Stop | Defer


def judge(delivery: Delivery, place: Place, limits: Limits, now: datetime) -> Verdict:
    """The gate's table of guarantees.md, one row a kind of message."""
    if delivery.expires_at is not None and now >= delivery.expires_at:
        return Stop("expired", expired=True)
    match delivery.kind:
        case "staff":
            return Pass("free", delivery.ground or {})
        case "reply":
            if delivery.version is not None and delivery.version != place.version:
                return Stop("taken_over")
        case "operator":
            pass
        case "transactional":
            if place.stopped_everything:
                return Stop("opted_out")
            if not delivery.urgent and (quiet := _quiet(delivery, place, now)):
                return quiet
        case "broadcast":
            refusal = _broadcast(delivery, place, now)
            if refusal is not None:
                return refusal
    return _by_address(delivery, place, limits, now)


def _broadcast(delivery: Delivery, place: Place, now: datetime) -> Verdict | None:
    if not place.advertising.granted:
        return Stop("no_consent" if place.advertising_entry is None else "opted_out")
    if delivery.topic in place.preferences.topics_off:
        return Stop("topic_off")
    if place.preferences.paused(now):
        return Stop("paused")
    if delivery.address is None or not place.advertising.covers(delivery.address.channel):
        return Refuse("no_consent")
    if place.held:
        return Defer(now + HELD_RETRY, "held")
    # Last: what waits for the morning is counted then.
    return _quiet(delivery, place, now) or (Stop("frequency_cap") if place.had_enough else None)


def _quiet(delivery: Delivery, place: Place, now: datetime) -> Defer | None:
    until = place.preferences.quiet_until(now)
    if until is None:
        return None
    # What will be too late by then ends when it is.
    return Defer(min(until, delivery.expires_at or until), "quiet_hours")


def _by_address(delivery: Delivery, place: Place, limits: Limits, now: datetime) -> Verdict:
    if not place.reachable:
        return Refuse(place.closed_reason or "closed")
    ground = dict(delivery.ground or {})
    if delivery.kind == "broadcast":
        ground = {"consent": place.advertising_entry}
    if limits.window_hours is None or is_open(place.window_until, now):
        return Pass("free", ground)
    approved = delivery.template or isinstance(delivery.content, Template)
    return Pass("template", ground) if approved else Refuse("window_closed")


def missing(channel: str) -> Refusal:
    """Why a step without any address is refused."""
    return "no_phone" if channel == SMS else "no_address"
