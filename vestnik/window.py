"""The customer-service window: until when free-form may be written to an address."""

from datetime import datetime, timedelta

MARGIN = timedelta(minutes=3)
"""Kept clear before a window's end, for clocks that disagree and requests that take time."""

SESSION = timedelta(hours=24)
"""A dialog's session ends so long after the person's last message, on every channel."""


def open_until(
    known: datetime | None, *, at: datetime, received_at: datetime, hours: int
) -> datetime:
    """The window after a message: never shorter than it was, never from a provider's future."""
    until = min(at, received_at) + timedelta(hours=hours)
    return until if known is None else max(known, until)


def is_open(until: datetime | None, now: datetime) -> bool:
    """Whether a free-form message may leave now."""
    return until is not None and now < until - MARGIN
