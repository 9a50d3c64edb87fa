"""I7, I12 and I13: a message is what its attempts came to, and the report counts exactly them."""

import sqlalchemy as sa

from storage.invariants.check import Check, judged
from storage.reports import COUNTED
from storage.tables import attempts, deliveries
from vestnik.states import REACHED

# As delivery.ends ranks them; what was never tried, or refused, came to nothing.
_RANK = {"unknown": 1, "accepted": 2, "delivered": 3, "read": 4}
# Their state is their fold. Whoever was skipped or cancelled stays so, whatever is heard later.
_FOLDED = ("failed", "expired", *_RANK)


def _rank(state: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    return sa.case(_RANK, value=state, else_=0)


# The best of a message's attempts, and of equals the last: rank and number in one.
_STEP = 1_000_000
_best = (
    sa.select(
        attempts.c.delivery_id,
        sa.func.max(_rank(attempts.c.state) * _STEP + attempts.c.number).label("best"),
    )
    .group_by(attempts.c.delivery_id)
    .subquery()
)
_with_best = deliveries.outerjoin(_best, _best.c.delivery_id == deliveries.c.id)
_rank_of_tries = sa.func.coalesce(_best.c.best, 0) // _STEP

FOLDED = Check(
    "I7",
    "a message came to the best that any of its attempts came to",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.or_(
            _rank(deliveries.c.best) != _rank_of_tries,
            sa.and_(deliveries.c.state.in_(_FOLDED), _rank(deliveries.c.state) != _rank_of_tries),
        ),
    ).select_from(_with_best),
)

REACHED_THERE = Check(
    "I7",
    "a message that reached somebody has an attempt that did, on the channel it names",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.or_(
            attempts.c.state.is_distinct_from(deliveries.c.state),
            attempts.c.channel.is_distinct_from(deliveries.c.reached),
        ),
    )
    .select_from(
        _with_best.outerjoin(
            attempts,
            sa.and_(
                attempts.c.delivery_id == deliveries.c.id,
                attempts.c.number == _best.c.best % _STEP,
            ),
        )
    )
    .where(deliveries.c.state.in_(sorted(REACHED))),
)

COUNTED_THERE = Check(
    "I12",
    "an attempt is counted in its message's broadcast",
    "attempts",
    judged(
        attempts.c.id,
        sa.or_(
            deliveries.c.id.is_(None),
            attempts.c.broadcast_id.is_distinct_from(deliveries.c.broadcast_id),
        ),
    ).select_from(attempts.outerjoin(deliveries, deliveries.c.id == attempts.c.delivery_id)),
)

BILLED = Check(
    "I13",
    "every SMS part and cost that a gateway told is in the report's sum",
    "attempts",
    judged(
        attempts.c.id,
        sa.or_(
            sa.not_(COUNTED),
            sa.func.coalesce(attempts.c.segments, 0) < 0,
            sa.func.coalesce(attempts.c.cost, 0) < 0,
        ),
    ).where(sa.or_(attempts.c.segments.is_not(None), attempts.c.cost.is_not(None))),
)

CHECKS = (FOLDED, REACHED_THERE, COUNTED_THERE, BILLED)
