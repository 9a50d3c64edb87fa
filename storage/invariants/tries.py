"""I3 and I4: what is written of each try, and that none was taken twice."""

import sqlalchemy as sa

from storage.invariants.check import Check, judged
from storage.tables import attempts, deliveries

_written = (
    sa.select(
        attempts.c.delivery_id,
        sa.func.count().label("count"),
        sa.func.max(attempts.c.number).label("last"),
        sa.func.sum(sa.case((attempts.c.state == "sending", 1), else_=0)).label("sending"),
    )
    .group_by(attempts.c.delivery_id)
    .subquery()
)
_with_tries = deliveries.outerjoin(_written, _written.c.delivery_id == deliveries.c.id)


def _number(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(column, 0)


WRITTEN = Check(
    "I3",
    "every try has its attempt row",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.or_(
            deliveries.c.attempts != _number(_written.c.count),
            deliveries.c.attempts != _number(_written.c.last),
        ),
    )
    .select_from(_with_tries)
    .where(sa.or_(deliveries.c.attempts > 0, _written.c.count > 0)),
)

TOLD = Check(
    "I3",
    "an attempt says by whom, under which handle, from when and until when at the latest",
    "attempts",
    judged(
        attempts.c.id,
        sa.or_(
            attempts.c.handle == "",
            attempts.c.worker == "",
            attempts.c.deadline <= attempts.c.started_at,
        ),
    ),
)

BEFORE_ITS_OUTCOME = Check(
    "I3",
    "an attempt was written before its outcome, which it has unless it is being sent",
    "attempts",
    judged(
        attempts.c.id,
        sa.or_(
            (attempts.c.state == "sending") != attempts.c.finished_at.is_(None),
            sa.func.coalesce(attempts.c.finished_at < attempts.c.started_at, sa.false()),
        ),
    ),
)

SENDING = Check(
    "I3",
    "a message is being sent exactly while one of its attempts is",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.case((deliveries.c.state == "sending", 1), else_=0) != _number(_written.c.sending),
    )
    .select_from(_with_tries)
    .where(sa.or_(deliveries.c.state == "sending", _written.c.count > 0)),
)

ONE_COPY = Check(
    "I4",
    "no provider accepted two copies under one handle",
    "attempts",
    # A request to many (VK) has one handle for all of them: an address counts for itself.
    judged(
        sa.func.min(attempts.c.id),
        sa.func.min(attempts.c.reference) != sa.func.max(attempts.c.reference),
    )
    .where(attempts.c.reference.is_not(None))
    .group_by(attempts.c.channel, attempts.c.account, attempts.c.handle, attempts.c.address_id),
)

CHECKS = (WRITTEN, TOLD, BEFORE_ITS_OUTCOME, SENDING, ONE_COPY)
