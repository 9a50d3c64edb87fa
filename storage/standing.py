"""What the gate needs to know of many people at once: addresses, consents, conversations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.choices import Choices
from storage.dialect import among, upsert
from storage.known import address_of, last_used
from storage.tables import addresses, conversations, people, standings
from storage.types import AnyRow
from vestnik.address import Address
from vestnik.consent import NEVER_ASKED, Standing
from vestnik.preferences import NOTHING_CHOSEN, Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStanding:
    """How a person stands: consents, whether an operator talks to them, what they chose.

    `had_enough`: they got as many broadcasts lately as their cap allows, as far as it was asked.
    """

    advertising: Standing = NEVER_ASKED
    advertising_entry: int | None = None
    service_withdrawn: bool = False
    held: bool = False
    preferences: Preferences = NOTHING_CHOSEN
    had_enough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressStanding:
    """How an address stands now.

    Until `free_until` the provider charges nothing, for templates neither (WhatsApp: 72 hours
    after the answer to somebody who came from an advertisement).
    """

    id: int
    person_id: int
    address: Address
    phone: str | None
    reachable: bool
    closed_reason: str | None
    window_until: datetime | None
    version: int
    language: str | None = None
    shows: frozenset[str] | None = None
    free_until: datetime | None = None


class Standings:
    """Bulk reads for the gate; as many statements, whatever the number of people."""

    def __init__(self, connection: AsyncConnection, now: datetime, house: Preferences) -> None:
        self._connection = connection
        self._now = now
        self._house = house

    async def of_people(
        self,
        ids: Sequence[int],
        *,
        until_commit: bool = False,
        sparing: Collection[int] | None = None,
    ) -> dict[int, PersonStanding]:
        """How these people stand; `until_commit`: no consent, no preference changes before it.

        `sparing` are those whose preferences matter; all of them unless told.
        """
        found = sa.select(
            standings.c.person_id,
            standings.c.purpose,
            standings.c.granted,
            standings.c.channels,
            standings.c.entry_id,
        ).where(
            among(self._connection, standings.c.person_id, ids),
            standings.c.purpose.in_(("advertising", "service")),
        )
        if until_commit:
            # In the order in which opt-outs change them, or two could wait for each other.
            ordered = found.order_by(standings.c.person_id, standings.c.purpose)
            found = ordered.with_for_update(read=True)
        advertising: dict[int, tuple[Standing, int]] = {}
        withdrawn: set[int] = set()
        for row in await self._connection.execute(found):
            if row.purpose == "advertising":
                standing = Standing(row.granted, frozenset(row.channels))
                advertising[row.person_id] = (standing, row.entry_id)
            elif not row.granted:
                withdrawn.add(row.person_id)
        held = await self._held(ids)
        chosen = await Choices(self._connection, self._now).of_people(
            ids if sparing is None else sparing, until_commit=until_commit
        )
        result = {}
        for person in ids:
            standing, entry = advertising.get(person, (NEVER_ASKED, None))
            result[person] = PersonStanding(
                advertising=standing,
                advertising_entry=entry,
                service_withdrawn=person in withdrawn,
                held=person in held,
                preferences=chosen[person].over(self._house) if person in chosen else self._house,
            )
        return result

    async def addresses_of(self, people: Sequence[int]) -> dict[int, list[AddressStanding]]:
        """All addresses of these people, for each the one used last first."""
        found = _ADDRESS.where(among(self._connection, addresses.c.person_id, people)).order_by(
            *last_used()
        )
        grouped: dict[int, list[AddressStanding]] = {person: [] for person in people}
        for row in await self._connection.execute(found):
            grouped[row.person_id].append(address_from(row))
        return grouped

    async def versions(self, address_ids: Collection[int]) -> dict[int, int]:
        """The conversations' versions on these addresses; nobody takes over before our commit."""
        if not address_ids:
            return {}
        # Only a row can be held.
        missing = [{"address_id": it, "updated_at": self._now} for it in sorted(address_ids)]
        insert = upsert(self._connection, conversations).on_conflict_do_nothing()
        await self._connection.execute(insert, missing)
        found = (
            sa.select(conversations.c.address_id, conversations.c.version)
            .where(among(self._connection, conversations.c.address_id, address_ids))
            .order_by(conversations.c.address_id)
            .with_for_update(read=True)
        )
        return {row.address_id: row.version for row in await self._connection.execute(found)}

    async def _held(self, people: Sequence[int]) -> set[int]:
        found = (
            sa.select(addresses.c.person_id)
            .join_from(addresses, conversations, conversations.c.address_id == addresses.c.id)
            .where(
                among(self._connection, addresses.c.person_id, people),
                conversations.c.holder.is_not(None),
            )
        )
        return set((await self._connection.execute(found)).scalars())


def with_conversation() -> sa.FromClause:
    """Addresses, each with its person and its conversation."""
    return addresses.join(people, people.c.id == addresses.c.person_id).join(
        conversations, conversations.c.address_id == addresses.c.id, isouter=True
    )


OF_ADDRESS = (
    addresses.c.id.label("address_of"),
    addresses.c.phone,
    addresses.c.reachable,
    addresses.c.closed_reason,
    addresses.c.window_until,
    addresses.c.shows,
    addresses.c.free_until,
    people.c.language,
    sa.func.coalesce(conversations.c.version, 0).label("conversation"),
)
"""What is asked of an address beside where it is."""

_ADDRESS = sa.select(
    addresses.c.person_id, addresses.c.channel, addresses.c.account, addresses.c.handle, *OF_ADDRESS
).select_from(with_conversation())


def address_from(row: AnyRow) -> AddressStanding:
    """How the address of a row stands that has OF_ADDRESS, its place and its person."""
    return AddressStanding(
        id=row.address_of,
        person_id=row.person_id,
        address=address_of(row),
        phone=row.phone,
        reachable=row.reachable,
        closed_reason=row.closed_reason,
        window_until=row.window_until,
        version=row.conversation,
        language=row.language,
        shows=None if row.shows is None else frozenset(row.shows),
        free_until=row.free_until,
    )
