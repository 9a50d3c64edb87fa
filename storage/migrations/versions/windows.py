"""Scenarios that staff publish while the house runs."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "windows"
down_revision = "segments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("published_at", "kept_at")
    with op.batch_alter_table("scenario_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("scenario_versions", schema=None) as batch_op:
        batch_op.drop_column("published_at")
    _rename("kept_at", "published_at")


def _rename(old: str, new: str) -> None:
    # PostgreSQL names a constraint after the column: NOT NULL is made anew under the new name.
    with op.batch_alter_table("scenario_versions", schema=None) as batch_op:
        batch_op.alter_column(old, nullable=True)
    with op.batch_alter_table("scenario_versions", schema=None) as batch_op:
        batch_op.alter_column(old, new_column_name=new)
    with op.batch_alter_table("scenario_versions", schema=None) as batch_op:
        batch_op.alter_column(new, nullable=False)
