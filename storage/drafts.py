"""What a member of staff has typed so far, and the single-use nonces of dangerous buttons."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import drafts, nonces

NONCE_LIVES = timedelta(hours=1)

NonceUse = Literal["first", "used", "unknown"]


class Drafts:
    """Wizards of staff, by chat and author."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def get(self, owner: str) -> Mapping[str, Any] | None:
        """The draft of an owner, if there is one."""
        found = sa.select(drafts.c.body).where(drafts.c.owner == owner).with_for_update()
        body: Mapping[str, Any] | None = (
            await self._connection.execute(found)
        ).scalar_one_or_none()
        return body

    async def owned(self, prefix: str) -> Sequence[str]:
        """The owners that begin so and have a draft."""
        found = sa.select(drafts.c.owner).where(drafts.c.owner.startswith(prefix, autoescape=True))
        return (await self._connection.execute(found.order_by(drafts.c.updated_at))).scalars().all()

    async def put(self, owner: str, body: Mapping[str, Any]) -> None:
        """Keep a draft."""
        values = {"body": dict(body), "updated_at": self._now}
        insert = upsert(self._connection, drafts).values(owner=owner, **values)
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=["owner"], set_=values)
        )

    async def drop(self, owner: str) -> None:
        """Forget a draft."""
        await self._connection.execute(sa.delete(drafts).where(drafts.c.owner == owner))

    async def new_nonce(self, purpose: str, subject: str, value: str = "") -> str:
        """A value that can be used once, for this purpose and subject; made up unless given."""
        value = value or secrets.token_urlsafe(12)
        await self._connection.execute(
            sa.insert(nonces).values(
                value=value, purpose=purpose, subject=subject, created_at=self._now
            )
        )
        return value

    async def subject_of(self, value: str, purpose: str) -> str | None:
        """What an unused nonce is about; None where there is none, or it is too old."""
        found = sa.select(nonces.c.subject).where(
            nonces.c.value == value,
            nonces.c.purpose == purpose,
            nonces.c.used_at.is_(None),
            nonces.c.created_at >= self._now - NONCE_LIVES,
        )
        subject: str | None = (await self._connection.execute(found)).scalar_one_or_none()
        return subject

    async def use_nonce(self, value: str, purpose: str, by: str) -> tuple[NonceUse, str]:
        """Use a nonce up; tells whether this was the first use, and of what."""
        fresh = self._now - NONCE_LIVES
        used = (
            sa.update(nonces)
            .where(
                nonces.c.value == value,
                nonces.c.purpose == purpose,
                nonces.c.used_at.is_(None),
                nonces.c.created_at >= fresh,
            )
            .values(used_at=self._now, used_by=by)
            .returning(nonces.c.subject)
        )
        subject = (await self._connection.execute(used)).scalar_one_or_none()
        if subject is not None:
            return "first", subject
        found = sa.select(nonces.c.subject).where(
            nonces.c.value == value, nonces.c.purpose == purpose, nonces.c.used_at.is_not(None)
        )
        spent = (await self._connection.execute(found)).scalar_one_or_none()
        return ("unknown", "") if spent is None else ("used", spent)

    async def user_of(self, value: str) -> str:
        """Who used a nonce up; nobody: an empty text."""
        found = sa.select(nonces.c.used_by).where(nonces.c.value == value)
        return (await self._connection.execute(found)).scalar_one_or_none() or ""
