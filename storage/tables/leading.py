"""What only one process may do, and which one does it."""

from sqlalchemy import Column, String, Table

from storage.tables.metadata import metadata
from storage.types import UtcDateTime

leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
