"""Answers compare as text, numbers and days; columns of a CRM; segments in their typed form."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.forms import forms
from storage.types import Id, Json, UtcDateTime

revision = "segments"
down_revision = "scenarios"
branch_labels = None
depends_on = None

CHUNK = 5_000

answers = sa.table(
    "answers",
    sa.column("person_id", Id),
    sa.column("question", sa.String),
    sa.column("value", sa.String),
    sa.column("folded", sa.String),
    sa.column("number", sa.Float),
    sa.column("day", sa.Date),
)
broadcasts = sa.table("broadcasts", sa.column("id", Id), sa.column("segment", Json))

PRESSED = {name: sa.text("kind = 'ButtonPressed'") for name in ("postgresql_where", "sqlite_where")}


def upgrade() -> None:
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
    _read_answers()
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.alter_column("folded", existing_type=sa.String(length=255), nullable=False)
        batch_op.drop_index("ix_answers_by_value")
    op.create_table(
        "profile",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("folded", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_profile_person_id")),
        sa.PrimaryKeyConstraint("person_id", "name", "value", name=op.f("pk_profile")),
    )
    for table, name in (("answers", "question"), ("profile", "name")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(f"ix_{table}_by_value", [name, "folded", "value", "person_id"])
            for form in ("number", "day"):
                there = sa.text(f"{form} IS NOT NULL")
                batch_op.create_index(
                    f"ix_{table}_by_{form}",
                    [name, form, "person_id"],
                    postgresql_where=there,
                    sqlite_where=there,
                )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_pressed", ["received_at", "person_id"], **PRESSED)
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_index("ix_addresses_person_id")
        batch_op.create_index("ix_addresses_of_person", ["person_id", "channel", "reachable"])
    _write_segments()


def downgrade() -> None:
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_index("ix_addresses_of_person")
        batch_op.create_index("ix_addresses_person_id", ["person_id"])
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_pressed", **PRESSED)
    op.drop_table("profile")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        for form in ("number", "day"):
            there = sa.text(f"{form} IS NOT NULL")
            batch_op.drop_index(f"ix_answers_by_{form}", postgresql_where=there, sqlite_where=there)
        batch_op.drop_index("ix_answers_by_value")
        batch_op.create_index("ix_answers_by_value", ["question", "value", "person_id"])
        batch_op.drop_column("day")
        batch_op.drop_column("number")
        batch_op.drop_column("folded")


def _read_answers() -> None:
    """Every answer in the forms in which it compares, a chunk at a time."""
    connection = op.get_bind()
    key = [answers.c.person_id, answers.c.question, answers.c.value]
    unread = sa.select(*key).where(answers.c.folded.is_(None)).limit(CHUNK)
    written = sa.update(answers).where(
        *(column == sa.bindparam(f"its_{column.name}") for column in key)
    )
    while rows := connection.execute(unread).all():
        read = [
            {**{f"its_{name}": value for name, value in row._mapping.items()}, **forms(row.value)}
            for row in rows
        ]
        connection.execute(written, read)


def _write_segments() -> None:
    connection = op.get_bind()
    for number, segment in connection.execute(
        sa.select(broadcasts.c.id, broadcasts.c.segment)
    ).all():
        changed = sa.update(broadcasts).where(broadcasts.c.id == number)
        connection.execute(changed.values(segment=_typed(segment)))


def _typed(segment: Any) -> Any:
    """The segment with its conditions on answers and last messages in their new form."""
    if isinstance(segment, list):
        return [_typed(part) for part in segment]
    if not isinstance(segment, dict):
        return segment
    match segment.get("is"):
        case "Answered":
            values = segment.get("values") or []
            condition = {"is": "OneOf", "values": values} if values else {"is": "Known"}
            return {
                "is": "Fact",
                "name": segment["question"],
                "condition": condition,
                "source": "answers",
            }
        case "SeenWithin":
            bound = {"is": "Ago", "hours": 24 * segment["days"]}
            condition = {"is": "Compared", "operator": "<=", "bound": bound}
            return {"is": "Active", "activity": "seen", "condition": condition}
        case _:
            return {name: _typed(part) for name, part in segment.items()}
