"""Published scenarios, dialogs that go on at some time, and questions to other programs."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.metadata import metadata
from storage.types import Id, Json, UtcDateTime

# Each content once: a dialog ends by the words with which it began.
scenario_versions = Table(
    "scenario_versions",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("source", Text, nullable=False),
    # The keys in `files` of those that stood beside it, by the name that it calls them.
    Column("files", Json, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    # The last one is that by which dialogs begin; null: staff never published it.
    Column("published_at", UtcDateTime),
)

# A wait that began, or something that happened to a person, until the dialog goes on with it.
continuations = Table(
    "continuations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    # Where the dialog was; null: wherever the person is.
    Column("address_id", ForeignKey("addresses.id")),
    Column("version", String(64), nullable=False),
    Column("step", String(30), nullable=False),
    Column("values", Json, nullable=False),
    Column("ground", Json, nullable=False),
    # Who told of it may do so again with the same key.
    Column("key", String(128), unique=True),
    Column("planned_at", UtcDateTime, nullable=False),
    # The next try: later than planned where the person was busy.
    Column("due_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index(
        "ix_continuations_due",
        "due_at",
        postgresql_where=text("done_at IS NULL"),
        sqlite_where=text("done_at IS NULL"),
    ),
)

calls = Table(
    "calls",
    metadata,
    # Never used again, as a number may be: a late answer must not be taken for another call's.
    Column("id", String(32), primary_key=True),
    Column("address_id", ForeignKey("addresses.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("sends", Json, nullable=False),
    Column("within", Float, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    # Whoever asks holds it until then.
    Column("due_at", UtcDateTime, nullable=False, index=True),
)
