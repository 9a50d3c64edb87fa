"""Run by Alembic on the connection that storage.migrate hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, BigInteger

from storage.tables import metadata
from storage.types import UtcDateTime


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    names = {UtcDateTime: "UtcDateTime()", BigInteger: "Id", JSON: "Json"}
    if kind == "type" and type(item) in names:
        name = names[type(item)]
        autogen.imports.add(f"from storage.types import {name.removesuffix('()')}")
        return name
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render,
    # SQLite cannot alter a table in place: Alembic copies it.
    render_as_batch=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
