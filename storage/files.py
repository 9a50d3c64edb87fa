"""Files: their content or where it can be fetched, and by which ids the providers know them."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import files, uploads
from vestnik.address import ChannelName, Lane
from vestnik.outbound import File
from vestnik.outcome import Upload

STILL_GOOD = timedelta(minutes=10)
"""An id that ends sooner is not used any more: the request that names it takes time too."""


def key_of(file: File) -> str:
    """The key under which a file is kept: the same for the same content and name."""
    told = f"{file.name}\0{file.type}\0".encode()
    return hashlib.sha256(told + file.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of ours: its content, or the lane and the id by which it can be fetched."""

    content: File | None
    lane: Lane | None = None
    media_id: str | None = None


class Files:
    """One row a file, and one for each account at which it was uploaded."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def keep(self, file: File) -> str:
        """Store a file; gives its key, the same for the same content and name."""
        key = key_of(file)
        await self._add(key, name=file.name, type=file.type, content=file.content)
        return key

    async def refer(self, lane: Lane, media_id: str) -> str:
        """A file that somebody sent us, to be fetched when it is needed; gives its key."""
        key = hashlib.sha256(f"{lane}\0{media_id}".encode()).hexdigest()
        await self._add(
            key, name="", type="", channel=lane.channel, account=lane.account, media_id=media_id
        )
        await self.uploaded(lane, {key: Upload(media_id)})
        return key

    async def fetched(self, key: str, file: File) -> None:
        """Store the content of a file that was only referred to."""
        filled = sa.update(files).where(files.c.key == key, files.c.content.is_(None))
        await self._connection.execute(
            filled.values(name=file.name[:255], type=file.type[:128], content=file.content)
        )

    async def get(self, keys: Collection[str]) -> dict[str, Kept]:
        """These files, by key."""
        found = sa.select(*files.c).where(files.c.key.in_(keys))
        return {
            row.key: Kept(
                content=None if row.content is None else File(row.name, row.type, row.content),
                lane=Lane(ChannelName(row.channel), row.account) if row.channel else None,
                media_id=row.media_id,
            )
            for row in await self._connection.execute(found)
        }

    async def purge(self, older_than: timedelta) -> int:
        """Drop the content of what people sent: the provider has it still, as a rule."""
        old = sa.update(files).where(
            files.c.media_id.is_not(None),
            files.c.content.is_not(None),
            files.c.created_at < self._now - older_than,
        )
        return (await self._connection.execute(old.values(content=None))).rowcount

    async def uploads(self, lane: Lane, keys: Collection[str]) -> dict[str, Upload]:
        """By which ids the provider knows these files, as long as they are good."""
        if not keys:
            return {}
        good = sa.or_(uploads.c.until.is_(None), uploads.c.until > self._now + STILL_GOOD)
        found = sa.select(uploads.c.file, uploads.c.media_id, uploads.c.until).where(
            uploads.c.file.in_(keys),
            uploads.c.channel == lane.channel,
            uploads.c.account == lane.account,
            good,
        )
        rows = await self._connection.execute(found)
        return {row.file: Upload(row.media_id, row.until) for row in rows}

    async def uploaded(self, lane: Lane, known: Mapping[str, Upload]) -> None:
        """The provider knows these files by these ids."""
        for key, upload in sorted(known.items()):
            values = {"media_id": upload.id, "until": upload.until}
            insert = upsert(self._connection, uploads).values(
                file=key, channel=lane.channel, account=lane.account, **values
            )
            await self._connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["file", "channel", "account"], set_=values
                )
            )

    async def forget(self, lane: Lane, keys: Collection[str]) -> None:
        """The provider does not know these files by the ids we kept."""
        if keys:
            stale = sa.delete(uploads).where(
                uploads.c.file.in_(keys),
                uploads.c.channel == lane.channel,
                uploads.c.account == lane.account,
            )
            await self._connection.execute(stale)

    async def _add(self, key: str, **values: object) -> None:
        insert = upsert(self._connection, files).values(key=key, created_at=self._now, **values)
        await self._connection.execute(insert.on_conflict_do_nothing(index_elements=["key"]))
