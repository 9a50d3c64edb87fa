"""Broadcasts, the staff's drafts and nonces, and the audit log of what staff did."""

from sqlalchemy import Column, Float, Integer, String, Table, Text

from storage.tables.metadata import metadata
from storage.types import Id, Json, UtcDateTime

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True),
    # draft, running, paused, cancelled; "finished" is computed: started, and no open delivery.
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("segment", Json, nullable=False),
    Column("content", Json, nullable=False),
    # By channel: the template to use when the window is closed.
    Column("templates", Json, nullable=False),
    Column("route", Json, nullable=False),
    # What it is about: people may have switched that off.
    Column("topic", String(64)),
    Column("content_hash", String(64), nullable=False),
    Column("audience", Integer),
    Column("created_by", String(128), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_by", String(128)),
    Column("started_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    # The staff message that is edited as the broadcast goes on, and what it says now.
    Column("progress_id", Id),
    Column("progress_text", Text),
    Column("reported_at", UtcDateTime),
    # About the newest answers, and the refusals among them, since it was started or resumed.
    Column("answers", Float, nullable=False, server_default="0"),
    Column("refusals", Float, nullable=False, server_default="0"),
)

# Single use: a button that does something dangerous carries one.
nonces = Table(
    "nonces",
    metadata,
    Column("value", String(64), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("used_by", String(128)),
)

# What a member of staff has typed so far, by chat and author.
drafts = Table(
    "drafts",
    metadata,
    Column("owner", String(255), primary_key=True),
    Column("body", Json, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

# Hash-chained: each entry's hash covers the one before.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)
