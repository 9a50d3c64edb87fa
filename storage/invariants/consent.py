"""I5 and I9: nobody is written to against their word, and each message stores its ground."""

import sqlalchemy as sa

from storage.invariants.check import Check, judged
from storage.tables import attempts, consents, deliveries, standings
from vestnik.address import SMS
from vestnik.consent import MESSENGERS

_tried = attempts.join(deliveries, deliveries.c.id == attempts.c.delivery_id)
_listed = sa.cast(consents.c.channels, sa.Text)
_names_it = sa.func.replace(_listed, sa.literal('"') + attempts.c.channel + '"', "") != _listed
_covers = sa.or_(_names_it, sa.and_(_listed.contains(f'"{MESSENGERS}"'), attempts.c.channel != SMS))


def _in_force(kind: str, purpose: str) -> sa.Subquery:
    """For each attempt of a kind of message: the last entry of the purpose before it began."""
    before = sa.and_(
        consents.c.person_id == deliveries.c.person_id,
        consents.c.purpose == purpose,
        consents.c.at <= attempts.c.started_at,
    )
    return (
        sa.select(attempts.c.id.label("attempt"), sa.func.max(consents.c.id).label("entry"))
        .select_from(_tried.outerjoin(consents, before))
        .where(deliveries.c.kind == kind)
        .group_by(attempts.c.id)
        .subquery()
    )


_advertising = _in_force("broadcast", "advertising")
_service = _in_force("transactional", "service")

CONSENTED = Check(
    "I5",
    "no broadcast was tried without advertising consent in force, for its channel",
    "attempts",
    judged(
        _advertising.c.attempt,
        sa.or_(
            consents.c.action.is_distinct_from("grant"), sa.not_(sa.func.coalesce(_covers, False))
        ),
    ).select_from(
        _advertising.join(attempts, attempts.c.id == _advertising.c.attempt).outerjoin(
            consents, consents.c.id == _advertising.c.entry
        )
    ),
)

NOT_STOPPED = Check(
    "I5",
    "no message was tried after everything was stopped",
    "attempts",
    judged(
        _service.c.attempt, sa.func.coalesce(consents.c.action == "withdraw", sa.false())
    ).select_from(_service.outerjoin(consents, consents.c.id == _service.c.entry)),
)

_last = (
    sa.select(consents.c.person_id, consents.c.purpose, sa.func.max(consents.c.id).label("entry"))
    .group_by(consents.c.person_id, consents.c.purpose)
    .subquery()
)

PRESENT = Check(
    "I9",
    "the present state of consent is its ledger's last entry",
    "consents",
    judged(
        consents.c.id,
        sa.or_(
            standings.c.entry_id.is_distinct_from(consents.c.id),
            standings.c.granted != (consents.c.action == "grant"),
            standings.c.channels != consents.c.channels,
        ),
    ).select_from(
        _last.join(consents, consents.c.id == _last.c.entry).outerjoin(
            standings,
            sa.and_(
                standings.c.person_id == _last.c.person_id,
                standings.c.purpose == _last.c.purpose,
            ),
        )
    ),
)

ENTERED = Check(
    "I9",
    "no consent stands that is not in its person's ledger",
    "consents",
    judged(
        standings.c.entry_id,
        sa.or_(
            consents.c.person_id.is_distinct_from(standings.c.person_id),
            consents.c.purpose.is_distinct_from(standings.c.purpose),
        ),
    ).select_from(standings.outerjoin(consents, consents.c.id == standings.c.entry_id)),
)

GROUNDED = Check(
    "I9",
    "every message that was tried stores its ground",
    "deliveries",
    judged(deliveries.c.id, deliveries.c.ground.is_(None)).where(deliveries.c.attempts > 0),
)

_named = sa.cast(deliveries.c.ground["consent"].as_string(), sa.BigInteger)

ON_A_GRANT = Check(
    "I9",
    "a broadcast's ground is a consent that its person gave",
    "deliveries",
    judged(
        deliveries.c.id,
        sa.or_(
            consents.c.person_id.is_distinct_from(deliveries.c.person_id),
            consents.c.purpose.is_distinct_from("advertising"),
            consents.c.action.is_distinct_from("grant"),
        ),
    )
    .select_from(deliveries.outerjoin(consents, consents.c.id == _named))
    .where(deliveries.c.kind == "broadcast", deliveries.c.attempts > 0),
)

CHECKS = (CONSENTED, NOT_STOPPED, PRESENT, ENTERED, GROUNDED, ON_A_GRANT)
