"""I2, I4 and I6: what may follow a try, and when: an end, the same again, the next step."""

from collections.abc import Collection

import sqlalchemy as sa

from storage.expressions import item, seconds
from storage.invariants.check import Check, judged
from storage.tables import attempts, broadcasts, deliveries
from vestnik.delivery import SENT_AGAIN

CLOCK = 0.001
"""Seconds that two databases' notions of the same moment may differ by."""

_route = sa.func.coalesce(broadcasts.c.route, deliveries.c.route, type_=deliveries.c.route.type)
_tried = attempts.join(deliveries, deliveries.c.id == attempts.c.delivery_id)
_routed = _tried.outerjoin(broadcasts, broadcasts.c.id == deliveries.c.broadcast_id)

_unsure = attempts.alias("unsure")

# Whoever waits for an answer gets one copy rather than silence; staff may decide for another.
NOT_BLINDLY = Check(
    "I4",
    "a broadcast's message that may have arrived is sent again only under the same handle",
    "attempts",
    judged(_unsure.c.id, sa.func.count(attempts.c.id) > 0)
    .select_from(
        _unsure.outerjoin(
            attempts,
            sa.and_(
                attempts.c.delivery_id == _unsure.c.delivery_id,
                attempts.c.step == _unsure.c.step,
                attempts.c.number > _unsure.c.number,
                attempts.c.handle != _unsure.c.handle,
            ),
        )
    )
    .where(
        _unsure.c.broadcast_id.is_not(None),
        _unsure.c.state == "unknown",
        _unsure.c.reason.is_distinct_from(SENT_AGAIN),
    )
    .group_by(_unsure.c.id),
)

_earlier = attempts.alias("earlier")
_waited = sa.cast(item(_route, _earlier.c.step, sa.literal("seconds")), sa.Float)

# Of what was accepted a failure may be reported later, and then the next step follows at once.
IN_ORDER = Check(
    "I6",
    "a step began only after the earlier ones had failed or their time was over",
    "attempts",
    judged(
        attempts.c.id,
        sa.func.max(
            sa.case(
                (_earlier.c.state == "sending", 1),
                (_earlier.c.started_at > attempts.c.started_at, 1),
                (
                    sa.and_(
                        _earlier.c.state == "accepted",
                        seconds(attempts.c.started_at) + CLOCK
                        < seconds(_earlier.c.started_at) + _waited,
                    ),
                    1,
                ),
                else_=0,
            )
        )
        == 1,
    )
    .select_from(
        _routed.outerjoin(
            _earlier,
            sa.and_(
                _earlier.c.delivery_id == attempts.c.delivery_id,
                _earlier.c.step < attempts.c.step,
            ),
        )
    )
    .where(attempts.c.step > 0)
    .group_by(attempts.c.id),
)


def settled_in_time(channel: str, receipts: Collection[str]) -> Check:
    """That nobody stopped waiting for what the channel reports before the step's time was over."""
    longer = ("delivered", "read") if "delivered" in receipts else ("read",)
    waits = item(_route, attempts.c.step, sa.literal("wait_for")).in_(longer)
    time = sa.cast(item(_route, attempts.c.step, sa.literal("seconds")), sa.Float)
    over = seconds(deliveries.c.updated_at) + CLOCK >= seconds(attempts.c.started_at) + time
    return Check(
        "I2",
        f"accepted by {channel} is the end only where no report is awaited any more",
        "deliveries",
        judged(deliveries.c.id, sa.and_(waits, sa.not_(over)))
        .select_from(_routed)
        .where(
            deliveries.c.state == "accepted",
            attempts.c.state == "accepted",
            attempts.c.reference.is_not(None),
            attempts.c.channel == channel,
        ),
    )


CHECKS = (NOT_BLINDLY, IN_ORDER)
