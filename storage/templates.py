"""The providers' templates as they told of them last."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import alone, upsert
from storage.tables import templates
from storage.types import AnyRow
from vestnik.abilities import TemplateInfo
from vestnik.address import Lane

DELETED = "DELETED"
"""The status of a template that the provider has no more; Meta uses the same word."""
# Any constant of its own: of two looks at once, both would tell of the same change.
SYNCING = 0x7379_6E63


class Templates:
    """One row a template and language."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def of(self, lane: Lane) -> Sequence[TemplateInfo]:
        """The templates of an account."""
        found = sa.select(*templates.c).where(_of(lane)).order_by(templates.c.name)
        return [_info(row) for row in await self._connection.execute(found)]

    async def get(self, lane: Lane, name: str, language: str) -> TemplateInfo | None:
        """One template; None when the provider never told of it."""
        found = sa.select(*templates.c).where(
            _of(lane), templates.c.name == name, templates.c.language == language
        )
        row = (await self._connection.execute(found)).one_or_none()
        return _info(row) if row else None

    async def sync(
        self, lane: Lane, told: Sequence[TemplateInfo]
    ) -> list[tuple[TemplateInfo, TemplateInfo]]:
        """Store an account's whole catalogue; what is missing from it is deleted there.

        Gives what was known before and is another now; each change is given to one caller only.
        """
        await alone(self._connection, SYNCING)
        before = await self.of(lane)
        for info in told:
            await self.put(lane, info)
        gone = sa.update(templates).where(_of(lane), templates.c.synced_at < self._now)
        await self._connection.execute(gone.values(status=DELETED))
        now = {(it.name, it.language): it for it in await self.of(lane)}
        pairs = [(it, now[it.name, it.language]) for it in before]
        return [(was, now) for was, now in pairs if was != now]

    async def put(self, lane: Lane, info: TemplateInfo) -> None:
        """Store one template."""
        values = {
            "category": info.category,
            "status": info.status[:255],
            "body": info.body,
            "variables": info.variables,
            "names": list(info.names),
            "quick_replies": list(info.quick_replies),
            "synced_at": self._now,
        }
        insert = upsert(self._connection, templates).values(
            channel=lane.channel,
            account=lane.account,
            name=info.name,
            language=info.language,
            **values,
        )
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["channel", "account", "name", "language"], set_=values
            )
        )


def _of(lane: Lane) -> sa.ColumnElement[bool]:
    return sa.and_(templates.c.channel == lane.channel, templates.c.account == lane.account)


def _info(row: AnyRow) -> TemplateInfo:
    return TemplateInfo(
        name=row.name,
        language=row.language,
        category=row.category,
        status=row.status,
        body=row.body,
        variables=row.variables,
        quick_replies=tuple(row.quick_replies),
        names=tuple(row.names),
    )
