"""What is kept of the channels: files and where they are known, templates, moved groups."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from storage.tables.metadata import metadata
from storage.types import Id, Json, UtcDateTime

# A file to send, or one that somebody sent and that is fetched when it is first needed.
files = Table(
    "files",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("type", String(128), nullable=False),
    Column("content", LargeBinary),
    # Whoever sent it: the lane it came in by, and the provider's id of it there.
    Column("channel", String(32)),
    Column("account", String(64)),
    Column("media_id", Text),
    Column("created_at", UtcDateTime, nullable=False),
)

# Uploaded once, sent by the provider's id from then on.
uploads = Table(
    "uploads",
    metadata,
    Column("file", ForeignKey("files.key"), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("media_id", Text, nullable=False),
    Column("until", UtcDateTime),
)

# Templates as the provider has them.
templates = Table(
    "templates",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("name", String(512), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("category", String(64), nullable=False),
    Column("status", String(255), nullable=False),
    Column("body", Text, nullable=False),
    Column("variables", Integer, nullable=False),
    Column("names", Json, nullable=False),
    Column("quick_replies", Json, nullable=False),
    Column("synced_at", UtcDateTime, nullable=False),
)

# A group that got another id: we go on under the one that the settings name.
moved_chats = Table(
    "moved_chats",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    # The handle it has now, and the one it had first.
    Column("handle", String(255), primary_key=True),
    Column("first_handle", String(255), nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
)

# When we last wrote first to somebody: providers bound how many people that may be in a day.
initiations = Table(
    "initiations",
    metadata,
    Column("address_id", Id, ForeignKey("addresses.id"), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_initiations_at", "channel", "account", "at"),
)
