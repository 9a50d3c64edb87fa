"""What goes out: one delivery a message to a person, one attempt a try on a channel.

They name people and addresses without foreign keys: each would be a look-up and a lock in another
table for every message, and nothing that they name is ever deleted.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.tables.metadata import metadata
from storage.types import Id, Json, UtcDateTime
from vestnik.states import ATTEMPT_STATES, DELIVERY_STATES, KINDS


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("person_id", Id),
    Column("broadcast_id", Id),
    # Where the current step goes; no channel yet: the delivery waits for its route.
    Column("channel", String(32)),
    Column("account", String(64)),
    Column("handle", String(255)),
    Column("address_id", Id),
    # The customer whom a message to operators is about.
    Column("about_id", Id),
    # A broadcast's content and route stand in its own row.
    Column("content", Json),
    Column("route", Json),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False),
    Column("reason", String(128)),
    Column("ground", Json),
    # The conversation's version when it was written; a take-over since then refuses it.
    Column("version", Integer),
    Column("priority", Integer, nullable=False),
    # Goes out also while the person is to be left in peace.
    Column("urgent", Boolean, nullable=False, server_default=false()),
    # planned: not before; waiting: until.
    Column("due_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    # How many attempts there are; `again` is the handle to use once more, if any.
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("again", String(64)),
    # The best that any attempt came to, and on which channel.
    Column("best", String(16)),
    Column("reached", String(32)),
    Column("key", String(128)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("broadcast_id", "person_id"),
    Index("ix_deliveries_of_person", "person_id", "id"),
    _one_of("state", DELIVERY_STATES),
    _one_of("kind", KINDS),
)
_TALK = text("state = 'planned' AND broadcast_id IS NULL")
_BULK = text("state = 'planned' AND broadcast_id IS NOT NULL")
_TURNS = text("state IN ('planned', 'sending') AND broadcast_id IS NULL")
_KEYED = text("key IS NOT NULL")
# Beyond a provider's number of people a day: how many wait is asked with each batch.
_DEFERRED = text("state = 'planned' AND reason = 'daily_limit'")
_HELD = text("state IN ('sending', 'waiting')")
# Most deliveries are broadcasts', which have no key.
Index(
    "uq_deliveries_key",
    deliveries.c.key,
    unique=True,
    postgresql_where=_KEYED,
    sqlite_where=_KEYED,
)
Index(
    "ix_deliveries_talk",
    deliveries.c.channel,
    deliveries.c.account,
    deliveries.c.priority,
    deliveries.c.id,
    postgresql_where=_TALK,
    sqlite_where=_TALK,
)
Index(
    "ix_deliveries_bulk",
    deliveries.c.broadcast_id,
    deliveries.c.channel,
    deliveries.c.account,
    deliveries.c.due_at,
    deliveries.c.id,
    postgresql_where=_BULK,
    sqlite_where=_BULK,
)
Index(
    "ix_deliveries_deferred",
    deliveries.c.channel,
    deliveries.c.account,
    deliveries.c.due_at,
    postgresql_where=_DEFERRED,
    sqlite_where=_DEFERRED,
)
Index(
    "ix_deliveries_held",
    deliveries.c.state,
    deliveries.c.due_at,
    postgresql_where=_HELD,
    sqlite_where=_HELD,
)
Index(
    "ix_deliveries_on_way",
    deliveries.c.broadcast_id,
    postgresql_where=_HELD,
    sqlite_where=_HELD,
)
Index(
    "ix_deliveries_to_handle",
    deliveries.c.channel,
    deliveries.c.account,
    deliveries.c.handle,
    deliveries.c.id,
    postgresql_where=_TURNS,
    sqlite_where=_TURNS,
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("broadcast_id", Id),
    Column("step", Integer, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("address_id", Id),
    # The idempotency handle that the provider is given.
    Column("handle", String(64), nullable=False, index=True),
    # free or template
    Column("form", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(128)),
    Column("reference", String(255)),
    Column("worker", String(64), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("deadline", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("segments", Integer),
    Column("cost", Numeric(12, 4)),
    UniqueConstraint("delivery_id", "number"),
    Index("ix_attempts_of_address", "address_id", "id"),
    Index("ix_attempts_of_broadcast", "broadcast_id"),
    _one_of("state", ATTEMPT_STATES),
    # No index holds what an outcome changes, and pages have room for it: PostgreSQL then changes
    # the row alone, and leaves six indexes as they are.
    postgresql_with={"fillfactor": 60},
)

# Messages by the providers' ids, where something may be asked for by such an id alone: a report,
# an answer in a staff chat.
message_ids = Table(
    "message_ids",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("reference", String(255), primary_key=True),
    Column("delivery_id", Id, primary_key=True),
    Column("number", Integer, primary_key=True),
)

# Reports that overtook the answer to the send: we do not know their message yet, or are still
# waiting for the answer. `handle` is that of the attempt, where it is known.
orphan_receipts = Table(
    "orphan_receipts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("reference", String(255)),
    Column("handle", String(64)),
    Column("report", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_orphan_receipts_reference", "channel", "account", "reference"),
    Index("ix_orphan_receipts_handle", "channel", "account", "handle"),
)

# A lane's pause, its breaker, and what its account is allowed, are shared by all workers.
lanes = Table(
    "lanes",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("paused_until", UtcDateTime),
    Column("down", Text),
    # Broadcasts alone rest so long: the provider still takes answers.
    Column("bulk_paused_until", UtcDateTime),
    Column("bulk_down", Text),
    # The breaker: about the newest answers, how often it opened in a row, who may probe.
    Column("answers", Float, nullable=False, server_default="0"),
    Column("failures", Float, nullable=False, server_default="0"),
    Column("counted_at", UtcDateTime),
    Column("openings", Integer, nullable=False, server_default="0"),
    Column("probing_until", UtcDateTime),
    # Since when staff know that it is not well.
    Column("alarmed_at", UtcDateTime),
    # What the provider allows the account now: messages a second, people a day, and in words.
    Column("rate", Float),
    Column("people_a_day", Integer),
    Column("note", Text),
)
