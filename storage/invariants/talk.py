"""I10 and I11: the customer-service window was open, and the bot is silent while people talk."""

from datetime import timedelta

import sqlalchemy as sa

from storage.expressions import seconds
from storage.invariants.check import Check, judged
from storage.tables import addresses, attempts, conversations, deliveries, events
from vestnik.window import MARGIN

# What somebody did themselves, and what therefore opens a window.
PERSONAL = ("Started", "TextReceived", "ButtonPressed", "ContactShared", "MediaReceived")

LOOK = timedelta(seconds=1)
"""A take-over is dated when its transaction begins, and unseen until it ends."""


def within_window(channel: str, hours: int) -> Check:
    """That whoever was sent a free-form message had written less than so many hours before.

    What came in and what went out are put in one order for each address, and each message looks
    back at the last that came in: one sort, however much somebody talks.
    """
    merged = _in_and_out(channel)
    heard = sa.func.max(merged.c.heard).over(
        partition_by=merged.c.address, order_by=(merged.c.at, merged.c.attempt.is_not(None))
    )
    seen = sa.select(merged.c.attempt, merged.c.at, heard.label("heard")).subquery()
    open_for = timedelta(hours=hours) - MARGIN
    late = seconds(seen.c.at) - seconds(seen.c.heard) >= open_for.total_seconds()
    return Check(
        "I10",
        f"no free-form message on {channel} outside its {hours}-hour window",
        "attempts",
        judged(seen.c.attempt, sa.func.coalesce(late, sa.true())).where(
            seen.c.attempt.is_not(None)
        ),
    )


def _in_and_out(channel: str) -> sa.Subquery:
    """(address, at, heard, attempt): with `heard` what came in, with `attempt` what went out.

    An event is of the address that has its handle, and of the person's there, since a number may
    have got its lasting id meanwhile. It counts from the provider's time, if that is earlier.
    """
    earlier = events.c.at < events.c.received_at
    counts_from = sa.case((earlier, events.c.at), else_=events.c.received_at)
    there = sa.and_(
        addresses.c.channel == events.c.channel, addresses.c.account == events.c.account
    )
    came_in = sa.select(
        addresses.c.id.label("address"),
        events.c.received_at.label("at"),
        counts_from.label("heard"),
        sa.null().cast(attempts.c.id.type).label("attempt"),
    ).where(events.c.channel == channel, events.c.kind.in_(PERSONAL))
    went_out = sa.select(
        attempts.c.address_id,
        attempts.c.started_at,
        sa.null().cast(events.c.at.type),
        attempts.c.id,
    ).where(
        attempts.c.channel == channel,
        attempts.c.form == "free",
        attempts.c.address_id.is_not(None),
    )
    by_handle = sa.and_(there, addresses.c.handle == events.c.handle)
    by_person = sa.and_(there, addresses.c.person_id == events.c.person_id)
    return sa.union_all(
        came_in.join_from(events, addresses, by_handle),
        came_in.join_from(events, addresses, by_person),
        went_out,
    ).subquery()


SILENT = Check(
    "I11",
    "no answer of the bot was tried that was written before somebody took the dialog over",
    "attempts",
    judged(
        attempts.c.id,
        sa.or_(
            deliveries.c.version > sa.func.coalesce(conversations.c.version, 0),
            sa.and_(
                conversations.c.holder.is_not(None),
                deliveries.c.version < conversations.c.version,
                seconds(attempts.c.started_at)
                > seconds(conversations.c.held_since) + LOOK.total_seconds(),
            ),
        ),
    )
    .select_from(
        attempts.join(deliveries, deliveries.c.id == attempts.c.delivery_id).outerjoin(
            conversations, conversations.c.address_id == attempts.c.address_id
        )
    )
    .where(deliveries.c.kind == "reply", deliveries.c.version.is_not(None)),
)

CHECKS = (SILENT,)
