"""What came in: raw bytes, the events read from them, what could not be read."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.metadata import metadata
from storage.types import Id, Json, UtcDateTime

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
)
Index(
    "ix_inbox_unread",
    inbox.c.id,
    postgresql_where=text("read_at IS NULL"),
    sqlite_where=text("read_at IS NULL"),
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("external_id", String(255), nullable=False),
    Column("handle", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    # new, done, dead
    Column("state", String(8), nullable=False, server_default="new"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),
    Column("error", Text),
    Column("person_id", ForeignKey("people.id")),
    UniqueConstraint("channel", "account", "external_id"),
    Index("ix_events_of_person", "person_id", "id"),
)
# What waits, in order: of each address; reports by themselves; all else, also of each address.
_NEW = text("state = 'new'")
_REPORTS = text("state = 'new' AND kind = 'DeliveryReported'")
_SAID = text("state = 'new' AND kind <> 'DeliveryReported'")
# Segments ask who pressed a button lately.
_PRESSED = text("kind = 'ButtonPressed'")
Index(
    "ix_events_pressed",
    events.c.received_at,
    events.c.person_id,
    postgresql_where=_PRESSED,
    sqlite_where=_PRESSED,
)
Index(
    "ix_events_new",
    events.c.channel,
    events.c.account,
    events.c.handle,
    events.c.id,
    postgresql_where=_NEW,
    sqlite_where=_NEW,
)
Index("ix_events_reports", events.c.id, postgresql_where=_REPORTS, sqlite_where=_REPORTS)
Index("ix_events_waiting", events.c.id, postgresql_where=_SAID, sqlite_where=_SAID)
Index(
    "ix_events_said",
    events.c.channel,
    events.c.account,
    events.c.handle,
    events.c.id,
    postgresql_where=_SAID,
    sqlite_where=_SAID,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Where a poll goes on; moved in the transaction that keeps what it brought.
cursors = Table(
    "cursors",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("cursor", Text),
)

# One row: seconds added to the database's time; only the demo and the tests set it.
clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shift", Float, nullable=False),
)
