"""Deliveries, attempts and channels' limits to decide about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from delivery.decide import After, after_send
from delivery.reported import after_report
from vestnik.address import SMS, Address, ChannelName, Lane
from vestnik.channel import Limits
from vestnik.delivery import Attempt, Delivery
from vestnik.inbound import Author, DeliveryReported, Receipt
from vestnik.outbound import Template, Text
from vestnik.outcome import Cause, SendResult
from vestnik.richtext import RichText
from vestnik.route import Step

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

TELEGRAM, VK, WHATSAPP = map(ChannelName, ("telegram", "vk", "whatsapp"))

_PLAIN = Limits(
    text=4096, measure=len, buttons=10, label=40, payload=64, rate=10_000, page="https://e.ru"
)
LIMITS: dict[ChannelName, Limits] = {
    TELEGRAM: replace(_PLAIN, edits=True, contact_button=True),
    VK: replace(_PLAIN, receipts=frozenset(("read",)), on_unknown="again"),
    WHATSAPP: replace(
        _PLAIN,
        receipts=frozenset(("delivered", "read")),
        on_unknown="next",
        window_hours=24,
        templates=True,
    ),
    SMS: replace(_PLAIN, text=100, receipts=frozenset(("delivered",)), buttons=0, album=0),
}
ALL_LIMITS = {Lane(channel, "main"): limits for channel, limits in LIMITS.items()}

NEWS = Template("news", "ru", ("Завтра дегустация",))


def at(channel: ChannelName, handle: str = "1") -> Address:
    return Address(channel, "main", handle)


def route(*steps: ChannelName | Step) -> tuple[Step, ...]:
    return tuple(it if isinstance(it, Step) else Step(it, "delivered", 60) for it in steps)


def delivery(channel: ChannelName = TELEGRAM, **given: Any) -> Delivery:
    """A broadcast's delivery that is just being sent on a channel, its first try, SMS to follow."""
    values: dict[str, Any] = {
        "id": 7,
        "kind": "broadcast",
        "broadcast_id": 3 if given.get("kind", "broadcast") == "broadcast" else None,
        "person_id": 5,
        "content": Text(RichText("Завтра дегустация")),
        "route": route(channel, SMS),
        "state": "sending",
        "due_at": NOW - MINUTE,
        "address": at(channel),
        "address_id": 11,
        "attempts": 1,
        "fence": 1,
    }
    return Delivery(**{**values, **given})


def attempt(channel: ChannelName = TELEGRAM, number: int = 1, **given: Any) -> Attempt:
    """The try that is under way."""
    values: dict[str, Any] = {
        "delivery_id": 7,
        "number": number,
        "step": 0,
        "address": at(channel),
        "address_id": 11,
        "handle": str(7 * 64 + number - 1),
        "form": "free",
        "state": "sending",
    }
    return Attempt(**{**values, **given})


def decided(result: SendResult, before: Delivery) -> After:
    """What follows from the answer to the first try."""
    assert before.address is not None
    channel = before.address.channel
    return after_send(result, before, attempt(channel), LIMITS[channel], NOW)


def report(state: Receipt, cause: Cause | None = None, **given: Any) -> DeliveryReported:
    return DeliveryReported(
        event_id="e", address=at(SMS), author=Author("1"), at=NOW, state=state, cause=cause, **given
    )


def told(
    before: Delivery, tries: Sequence[Attempt], number: int, news: DeliveryReported
) -> After | None:
    channel = next(it for it in tries if it.number == number).address.channel
    return after_report(
        news, delivery=before, attempts=tries, number=number, limits=LIMITS[channel], now=NOW
    )
