"""A check of a guarantee: which rows it looks at, which of them break it, and what was found."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

MOST_EXAMPLES = 5

Rows = sa.Select[int, bool]


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows a check looked at and how many of them break the guarantee.

    `examples` are the ids of some that do, in the table `table`.
    """

    guarantee: str
    what: str
    checked: int
    broken: int
    table: str = ""
    examples: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence of a guarantee; `rows` come from `judged`, their ids are those of `table`."""

    guarantee: str
    what: str
    table: str
    rows: Rows

    async def run(self, connection: AsyncConnection) -> Finding:
        """Count on the database; the ids are asked for only where something is broken."""
        each = self.rows.subquery()
        counted = sa.select(
            sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((each.c.broken, 1), else_=0)), 0)
        ).select_from(each)
        checked, broken = (await connection.execute(counted)).one()
        examples: tuple[int, ...] = ()
        if broken:
            some = sa.select(each.c.id).where(each.c.broken).order_by(each.c.id)
            rows = await connection.execute(some.limit(MOST_EXAMPLES))
            examples = tuple(rows.scalars())
        return Finding(self.guarantee, self.what, checked, broken, self.table, examples)


def judged(row_id: sa.ColumnElement[int], broken: sa.ColumnElement[bool]) -> Rows:
    """One row for each that is looked at; a `broken` that is null counts as sound."""
    return sa.select(row_id.label("id"), sa.type_coerce(broken, sa.Boolean).label("broken"))
