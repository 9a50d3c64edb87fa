"""What people chose about being written to, what broadcasts are about, what cannot wait."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "preferences"
down_revision = "windows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("cap_most", sa.Integer(), nullable=True),
        sa.Column("cap_days", sa.Integer(), nullable=True),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("topics_off", Json, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_preferences_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )
    op.add_column("people", sa.Column("erasing_since", UtcDateTime(), nullable=True))
    op.add_column("people", sa.Column("traces", Json, nullable=True))
    op.create_index(
        "ix_people_erasing",
        "people",
        ["erasing_since"],
        postgresql_where=sa.text("erasing_since IS NOT NULL"),
        sqlite_where=sa.text("erasing_since IS NOT NULL"),
    )
    op.add_column("conversations", sa.Column("screen", sa.String(length=16), nullable=True))
    op.add_column("broadcasts", sa.Column("topic", sa.String(length=64), nullable=True))
    op.add_column(
        "deliveries", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("deliveries", "urgent")
    op.drop_column("broadcasts", "topic")
    op.drop_column("conversations", "screen")
    op.drop_index("ix_people_erasing", table_name="people")
    op.drop_column("people", "traces")
    op.drop_column("people", "erasing_since")
    op.drop_table("preferences")
