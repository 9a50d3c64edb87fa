"""Reports wait in a queue of their own, so that neither they nor anything else are searched."""

import sqlalchemy as sa
from alembic import op

revision = "events"
down_revision = "leading"
branch_labels = None
depends_on = None

NEW, SAID, REPORTS = (
    {"postgresql_where": sa.text(where), "sqlite_where": sa.text(where)}
    for where in (
        "state = 'new'",
        "state = 'new' AND kind <> 'DeliveryReported'",
        "state = 'new' AND kind = 'DeliveryReported'",
    )
)


def upgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_waiting", **NEW)
        batch_op.create_index("ix_events_waiting", ["id"], unique=False, **SAID)
        batch_op.create_index("ix_events_reports", ["id"], unique=False, **REPORTS)
        batch_op.create_index(
            "ix_events_said", ["channel", "account", "handle", "id"], unique=False, **SAID
        )


def downgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_said", **SAID)
        batch_op.drop_index("ix_events_reports", **REPORTS)
        batch_op.drop_index("ix_events_waiting", **SAID)
        batch_op.create_index("ix_events_waiting", ["id"], unique=False, **NEW)
