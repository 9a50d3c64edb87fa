"""Claims by broadcast: each index holds only the deliveries that its question is about."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = "state IN ('planned', 'sending', 'waiting')"
OLD = {
    "ix_deliveries_planned": (["channel", "account", "priority", "id"], "state = 'planned'"),
    "ix_deliveries_to_handle": (["channel", "account", "handle", "id"], OPEN),
}
NEW = {
    "ix_deliveries_talk": (
        ["channel", "account", "priority", "id"],
        "state = 'planned' AND broadcast_id IS NULL",
    ),
    "ix_deliveries_bulk": (
        ["broadcast_id", "channel", "account", "due_at", "id"],
        "state = 'planned' AND broadcast_id IS NOT NULL",
    ),
    "ix_deliveries_unplaced": (["priority", "id"], "state = 'planned' AND channel IS NULL"),
    "ix_deliveries_to_handle": (
        ["channel", "account", "handle", "id"],
        "state IN ('planned', 'sending') AND broadcast_id IS NULL",
    ),
}


def upgrade() -> None:
    for name in OLD:
        op.drop_index(name, table_name="deliveries")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint("uq_deliveries_key", type_="unique")
    for name, (columns, where) in NEW.items():
        _index(name, "deliveries", columns, where)
    _index("uq_deliveries_key", "deliveries", ["key"], "key IS NOT NULL", unique=True)
    _index("ix_conversations_held", "conversations", ["address_id"], "holder IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_conversations_held", table_name="conversations")
    op.drop_index("uq_deliveries_key", table_name="deliveries")
    for name in NEW:
        op.drop_index(name, table_name="deliveries")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_deliveries_key", ["key"])
    for name, (columns, where) in OLD.items():
        _index(name, "deliveries", columns, where)


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=only, sqlite_where=only)
