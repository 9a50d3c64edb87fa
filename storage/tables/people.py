"""People, where they are reached, what they answered and agreed to, and their conversations."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.metadata import metadata
from storage.types import Id, Json, UtcDateTime
from vestnik.values import LONGEST, LONGEST_NAME

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", String(35)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),
    # Since when the person is being erased, and what is still to be looked for, a day later: what
    # was on its way then, and what staff wrote and were told.
    Column("erasing_since", UtcDateTime),
    Column("traces", Json),
    Index(
        "ix_people_erasing",
        "erasing_since",
        postgresql_where=text("erasing_since IS NOT NULL"),
        sqlite_where=text("erasing_since IS NOT NULL"),
    ),
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("handle", String(255), nullable=False),
    # Shown by the provider beside the handle (a WhatsApp user's number); not a proof for SMS.
    Column("phone", String(32)),
    Column("reachable", Boolean, nullable=False, default=True),
    Column("closed_reason", String(64)),
    Column("last_inbound_at", UtcDateTime),
    Column("window_until", UtcDateTime),
    # What the person's app can show, where the channel tells; null: nobody knows.
    Column("shows", Json),
    # What brought the person here, and until when messages cost nothing for that.
    Column("source", String(255)),
    Column("free_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "account", "handle"),
    # All that counting an audience reads.
    Index("ix_addresses_of_person", "person_id", "channel", "reachable"),
    Index("ix_addresses_heard", "channel", "account", "last_inbound_at"),
)

# What a person chose about being written to; null: the house's own holds.
preferences = Table(
    "preferences",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("zone", String(64)),
    # Minutes of the local day.
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    # At most so many broadcasts in so many days.
    Column("cap_most", Integer),
    Column("cap_days", Integer),
    Column("paused_until", UtcDateTime),
    Column("topics_off", Json, nullable=False),
    # The messenger that is tried first.
    Column("channel", String(32)),
    Column("updated_at", UtcDateTime, nullable=False),
)


def _known_values(table: str, name: str) -> Table:
    """Values that are known of people under names, with the forms in which they compare.

    These forms are vestnik.values.typed of the value, whoever writes it.
    """
    values = Table(
        table,
        metadata,
        Column("person_id", ForeignKey("people.id"), primary_key=True),
        Column(name, String(LONGEST_NAME), primary_key=True),
        Column("value", String(LONGEST), primary_key=True),
        Column("folded", String(LONGEST), nullable=False),
        Column("number", Float),
        Column("day", Date),
        Column("at", UtcDateTime, nullable=False),
        Index(f"ix_{table}_by_value", name, "folded", "value", "person_id"),
    )
    # Few values are numbers or days.
    for form in ("number", "day"):
        there = text(f"{form} IS NOT NULL")
        Index(
            f"ix_{table}_by_{form}",
            values.c[name],
            values.c[form],
            values.c.person_id,
            postgresql_where=there,
            sqlite_where=there,
        )
    return values


answers = _known_values("answers", "question")

# What the company's own systems know: columns of a CRM, and tags under the name "tags".
profile = _known_values("profile", "name")

# Append-only: the present is its fold (vestnik.consent.fold), kept beside it in `standings`.
consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
    Column("action", String(16), nullable=False),
    Column("channels", Json, nullable=False),
    Column("text_version", String(64), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("evidence", ForeignKey("events.id")),
    Column("actor", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

standings = Table(
    "standings",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("purpose", String(32), primary_key=True),
    Column("granted", Boolean, nullable=False),
    Column("channels", Json, nullable=False),
    Column("entry_id", ForeignKey("consents.id"), nullable=False),
    Index("ix_standings_granted", "purpose", "granted", "person_id"),
)

# The exact words of each consent, once.
consent_texts = Table(
    "consent_texts",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
)

# `version` grows with every take-over and hand-back: an answer written before is told by it.
conversations = Table(
    "conversations",
    metadata,
    Column("address_id", ForeignKey("addresses.id"), primary_key=True),
    Column("session", Json),
    Column("version", Integer, nullable=False, server_default="0"),
    # Who holds the dialog: null (the bot), "" (a person was asked for), else an operator.
    Column("holder", String(128)),
    Column("held_since", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    # The settings' screen that was shown last: what is typed may be meant for it.
    Column("screen", String(16)),
    # When the person is reminded of the question that waits; null: they are not.
    Column("wakes_at", UtcDateTime),
    Index(
        "ix_conversations_waking",
        "wakes_at",
        postgresql_where=text("wakes_at IS NOT NULL"),
        sqlite_where=text("wakes_at IS NOT NULL"),
    ),
)
# Few are held at a time; the gate asks for all of them.
_HELD = text("holder IS NOT NULL")
Index(
    "ix_conversations_held",
    conversations.c.address_id,
    postgresql_where=_HELD,
    sqlite_where=_HELD,
)
