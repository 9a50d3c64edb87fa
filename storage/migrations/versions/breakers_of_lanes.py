"""Breakers of lanes, and what broadcasts are refused."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "breakers"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bulk_down", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("failures", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("counted_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("openings", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("probing_until", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("alarmed_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("refusals", sa.Float(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.drop_column("refusals")
        batch_op.drop_column("answers")

    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.drop_column("alarmed_at")
        batch_op.drop_column("probing_until")
        batch_op.drop_column("openings")
        batch_op.drop_column("counted_at")
        batch_op.drop_column("failures")
        batch_op.drop_column("answers")
        batch_op.drop_column("bulk_down")
