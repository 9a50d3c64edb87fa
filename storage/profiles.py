"""What the company's own systems know of people: columns and tags, by name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among
from storage.forms import forms
from storage.tables import addresses, people, profile
from vestnik.address import Lane


@dataclass(frozen=True, slots=True)
class Change:
    """Under a name, a person has these values now, in place of those."""

    person_id: int
    name: str
    before: frozenset[str]
    after: frozenset[str]


class Profiles:
    """The columns of people."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def existing(self, person_ids: Collection[int]) -> set[int]:
        """Those of the ids that are people's; nobody who was forgotten, or became another."""
        forgotten = addresses.c.closed_reason == "forgotten"
        there = sa.exists().where(addresses.c.person_id == people.c.id, forgotten.is_not(True))
        ours = among(self._connection, people.c.id, person_ids)
        found = sa.select(people.c.id).where(ours, there)
        return set((await self._connection.execute(found)).scalars())

    async def owners(
        self, lanes: Iterable[Lane], handles: Collection[str]
    ) -> dict[str, frozenset[int]]:
        """Whose the handles are, on any of the lanes; what nobody has, is left out."""
        owned: dict[str, frozenset[int]] = {}
        for lane in lanes:
            found = sa.select(addresses.c.handle, addresses.c.person_id).where(
                addresses.c.channel == lane.channel,
                addresses.c.account == lane.account,
                among(self._connection, addresses.c.handle, handles),
            )
            for handle, person_id in await self._connection.execute(found):
                owned[handle] = owned.get(handle, frozenset()) | {person_id}
        return owned

    async def known(
        self, person_ids: Collection[int], names: Collection[str]
    ) -> dict[tuple[int, str], frozenset[str]]:
        """The values under the names, by person and name; nothing where there are none."""
        found = sa.select(profile.c.person_id, profile.c.name, profile.c.value).where(
            among(self._connection, profile.c.person_id, person_ids),
            among(self._connection, profile.c.name, names),
        )
        values: dict[tuple[int, str], frozenset[str]] = {}
        for person_id, name, value in await self._connection.execute(found):
            values[person_id, name] = values.get((person_id, name), frozenset()) | {value}
        return values

    async def of(self, person_id: int) -> dict[str, list[str]]:
        """All that is known of a person, by name."""
        found = sa.select(profile.c.name, profile.c.value).where(profile.c.person_id == person_id)
        grouped: dict[str, list[str]] = {}
        for name, value in await self._connection.execute(
            found.order_by(profile.c.name, profile.c.value)
        ):
            grouped.setdefault(name, []).append(value)
        return grouped

    async def change(self, changes: Collection[Change]) -> None:
        """Make them, all of them."""
        gone = [{"its_person": it.person_id, "its_name": it.name} for it in changes if it.before]
        if gone:
            earlier = sa.delete(profile).where(
                profile.c.person_id == sa.bindparam("its_person"),
                profile.c.name == sa.bindparam("its_name"),
            )
            await self._connection.execute(earlier, gone)
        rows = [
            {
                "person_id": it.person_id,
                "name": it.name,
                "value": value,
                **forms(value),
                "at": self._now,
            }
            for it in changes
            for value in sorted(it.after)
        ]
        if rows:
            await self._connection.execute(sa.insert(profile), rows)

    async def move(self, from_person: int, to_person: int) -> None:
        """Two turn out to be one: the columns of both are kept, the newer where both have one.

        Each keeps the time at which it became known.
        """
        mine, theirs = await self._times(to_person), await self._times(from_person)
        brought = [name for name, at in theirs.items() if name not in mine or mine[name] < at]
        older = sa.delete(profile).where(
            profile.c.person_id == to_person, among(self._connection, profile.c.name, brought)
        )
        await self._connection.execute(older)
        moved = sa.update(profile).where(
            profile.c.person_id == from_person, among(self._connection, profile.c.name, brought)
        )
        await self._connection.execute(moved.values(person_id=to_person))
        rest = sa.delete(profile).where(profile.c.person_id == from_person)
        await self._connection.execute(rest)

    async def _times(self, person_id: int) -> dict[str, datetime]:
        """When what is known under each name became known."""
        found = (
            sa.select(profile.c.name, sa.func.max(profile.c.at).label("at"))
            .where(profile.c.person_id == person_id)
            .group_by(profile.c.name)
        )
        return {row.name: row.at for row in await self._connection.execute(found)}
