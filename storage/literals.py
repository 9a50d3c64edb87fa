"""States written out in statements, not bound: only so may a prepared one use partial indexes."""

import sqlalchemy as sa

PLANNED: sa.ColumnElement[str] = sa.literal_column("'planned'")
SENDING: sa.ColumnElement[str] = sa.literal_column("'sending'")
WAITING: sa.ColumnElement[str] = sa.literal_column("'waiting'")
