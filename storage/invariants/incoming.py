"""I8: what came in was kept first, and each event takes effect once, with its mark."""

import sqlalchemy as sa

from storage.invariants.check import Check, judged
from storage.tables import consents, deliveries, events, inbox

KEPT = Check(
    "I8",
    "every event comes from bytes that were kept",
    "events",
    judged(events.c.id, inbox.c.id.is_(None)).select_from(
        events.outerjoin(inbox, inbox.c.id == events.c.inbox_id)
    ),
)

ONCE = Check(
    "I8",
    "every event is there once, however often it came",
    "events",
    judged(sa.func.min(events.c.id), sa.func.count() > 1).group_by(
        events.c.channel, events.c.account, events.c.external_id
    ),
)

MARKED = Check(
    "I8",
    "an event waits, is done, or is dead and says why",
    "events",
    judged(
        events.c.id,
        sa.or_(
            events.c.state.not_in(("new", "done", "dead")),
            sa.and_(events.c.state == "dead", sa.func.coalesce(events.c.error, "") == ""),
        ),
    ),
)

_cause = sa.cast(deliveries.c.ground["event"].as_string(), sa.BigInteger)
_effects = sa.union_all(
    sa.select(consents.c.evidence.label("event")).where(consents.c.evidence.is_not(None)),
    sa.select(_cause).where(deliveries.c.kind == "reply", _cause.is_not(None)),
).subquery()

IN_ONE_TRANSACTION = Check(
    "I8",
    "an event that brought about a consent or an answer is marked as done",
    "events",
    judged(_effects.c.event, events.c.state.is_distinct_from("done")).select_from(
        _effects.outerjoin(events, events.c.id == _effects.c.event)
    ),
)

CHECKS = (KEPT, ONCE, MARKED, IN_ONE_TRANSACTION)
