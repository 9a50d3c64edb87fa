"""I1 and I2: everybody of the frozen audience is there once, in a state that says enough."""

import sqlalchemy as sa

from storage.invariants.check import Check, judged
from storage.tables import broadcasts, deliveries, people
from vestnik.states import DELIVERY_STATES, OPEN, REACHED

# What ended otherwise than by reaching somebody says why.
REASONED = ("failed", "skipped", "expired", "cancelled", "unknown")

_counted = (
    sa.select(
        deliveries.c.broadcast_id,
        sa.func.count().label("people"),
        sa.func.sum(sa.case((deliveries.c.state.in_(sorted(OPEN)), 1), else_=0)).label("open"),
    )
    .group_by(deliveries.c.broadcast_id)
    .subquery()
)
_campaigns = broadcasts.outerjoin(_counted, _counted.c.broadcast_id == broadcasts.c.id)
_people = sa.func.coalesce(_counted.c.people, 0)

ADDS_UP = Check(
    "I1",
    "the states of a broadcast add up to its frozen audience",
    "broadcasts",
    judged(
        broadcasts.c.id,
        sa.case(
            (broadcasts.c.started_at.is_(None), _people != 0),
            else_=sa.func.coalesce(broadcasts.c.audience, -1) != _people,
        ),
    ).select_from(_campaigns),
)

ONE_A_PERSON = Check(
    "I1",
    "a broadcast has one message a person",
    "deliveries",
    judged(
        sa.func.min(deliveries.c.id),
        sa.or_(deliveries.c.person_id.is_(None), sa.func.count() > 1),
    )
    .where(deliveries.c.broadcast_id.is_not(None))
    .group_by(deliveries.c.broadcast_id, deliveries.c.person_id),
)

FINISHED = Check(
    "I1",
    "a broadcast that was told to be finished has no message open",
    "broadcasts",
    judged(broadcasts.c.id, sa.func.coalesce(_counted.c.open, 0) > 0)
    .select_from(_campaigns)
    .where(broadcasts.c.reported_at.is_not(None)),
)

OF_ITS_KIND = Check(
    "I1",
    "what belongs to a broadcast is a broadcast's message, and nothing else is",
    "deliveries",
    judged(
        deliveries.c.id,
        (deliveries.c.kind == "broadcast") != deliveries.c.broadcast_id.is_not(None),
    ),
)

# Nobody's rows are deleted: whoever is forgotten keeps an empty one.
NAMED = Check(
    "I1",
    "the person and the broadcast that a message names are there",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.or_(
            sa.and_(deliveries.c.person_id.is_not(None), people.c.id.is_(None)),
            sa.and_(deliveries.c.broadcast_id.is_not(None), broadcasts.c.id.is_(None)),
        ),
    ).select_from(
        deliveries.outerjoin(people, people.c.id == deliveries.c.person_id).outerjoin(
            broadcasts, broadcasts.c.id == deliveries.c.broadcast_id
        )
    ),
)

KNOWN_STATES = Check(
    "I2",
    "a message is in one of the known states, and says where it reached somebody",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.or_(
            deliveries.c.state.not_in(DELIVERY_STATES),
            sa.and_(deliveries.c.state.in_(sorted(REACHED)), deliveries.c.reached.is_(None)),
        ),
    ),
)

REASONS = Check(
    "I2",
    "what failed, was skipped or expired has a reason",
    "deliveries",
    judged(deliveries.c.id, sa.func.coalesce(deliveries.c.reason, "") == "").where(
        deliveries.c.state.in_(REASONED)
    ),
)

CHECKS = (ADDS_UP, ONE_A_PERSON, FINISHED, OF_ITS_KIND, NAMED, KNOWN_STATES, REASONS)
