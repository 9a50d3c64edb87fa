"""Scenarios' versions, dialogs that go on by themselves, questions to other programs."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "scenarios"
down_revision = "events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario_versions",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_scenario_versions")),
    )
    op.create_table(
        "continuations",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("address_id", Id, nullable=True),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("ground", Json, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=True),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_continuations_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_continuations_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_continuations")),
        sa.UniqueConstraint("key", name=op.f("uq_continuations_key")),
    )
    op.create_index(op.f("ix_continuations_person_id"), "continuations", ["person_id"])
    op.create_index(
        "ix_continuations_due",
        "continuations",
        ["due_at"],
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address_id", Id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sends", Json, nullable=False),
        sa.Column("within", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_calls_address_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_address_id"), "calls", ["address_id"])
    op.create_index(op.f("ix_calls_due_at"), "calls", ["due_at"])
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wakes_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_conversations_waking",
        "conversations",
        ["wakes_at"],
        postgresql_where=sa.text("wakes_at IS NOT NULL"),
        sqlite_where=sa.text("wakes_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_waking", table_name="conversations")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("wakes_at")
    op.drop_table("calls")
    op.drop_table("continuations")
    op.drop_table("scenario_versions")
