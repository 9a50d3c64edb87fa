"""A person and an address as the ledger knows them, and how their rows are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.tables import addresses, people
from storage.types import AnyRow, UtcDateTime
from vestnik.address import Address, ChannelName


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we talk to."""

    id: int
    name: str
    language: str | None
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address as the ledger knows it."""

    id: int
    person_id: int
    address: Address
    phone: str | None
    reachable: bool
    closed_reason: str | None
    last_inbound_at: datetime | None
    window_until: datetime | None
    free_until: datetime | None = None
    source: str | None = None


PERSON = (people.c.id, people.c.name, people.c.language, people.c.created_at, people.c.seen_at)
"""What a Person is made of."""

COLUMNS = (
    addresses.c.id,
    addresses.c.person_id,
    addresses.c.channel,
    addresses.c.account,
    addresses.c.handle,
    addresses.c.phone,
    addresses.c.reachable,
    addresses.c.closed_reason,
    addresses.c.window_until,
)
"""What everybody wants to know of an address."""

ADDRESS = sa.select(
    *COLUMNS, addresses.c.last_inbound_at, addresses.c.free_until, addresses.c.source
)


def last_used(of: sa.FromClause = addresses) -> tuple[sa.ColumnElement[Any], ...]:
    """The order in which the address used last comes first."""
    return of.c.last_inbound_at.desc().nulls_last(), of.c.id


def with_number(address: Address) -> sa.ColumnElement[bool]:
    """The addresses whose number, shown by the provider, is this handle."""
    return sa.and_(
        addresses.c.channel == address.channel,
        addresses.c.account == address.account,
        addresses.c.phone == address.handle,
    )


def at(address: Address) -> sa.ColumnElement[bool]:
    """The row of an address."""
    return sa.and_(
        addresses.c.channel == address.channel,
        addresses.c.account == address.account,
        addresses.c.handle == address.handle,
    )


def where_is(address: Address) -> dict[str, str]:
    """The parameters of MEET."""
    return {
        "on_channel": address.channel,
        "by_account": address.account,
        "at_handle": address.handle,
    }


def address_of(row: AnyRow) -> Address:
    """The address of a row that tells where it is."""
    return Address(ChannelName(row.channel), row.account, row.handle)


def known_from(row: AnyRow) -> KnownAddress:
    """What an ADDRESS row tells."""
    return KnownAddress(
        row.id,
        row.person_id,
        address_of(row),
        row.phone,
        row.reachable,
        row.closed_reason,
        row.last_inbound_at,
        row.window_until,
        row.free_until,
        row.source,
    )


# Written once: to write a statement costs as much as to run it, on the way of every message.
WHOSE: sa.BindParameter[int] = sa.bindparam("whose")
_SEEN_AT = sa.bindparam("seen", type_=UtcDateTime())
FIND_PERSON = sa.select(*PERSON).where(people.c.id == WHOSE)
FIND_ADDRESSES = ADDRESS.where(addresses.c.person_id == WHOSE).order_by(*last_used())
MEET = (
    ADDRESS.add_columns(*PERSON)
    .join_from(addresses, people)
    .where(
        addresses.c.channel == sa.bindparam("on_channel"),
        addresses.c.account == sa.bindparam("by_account"),
        addresses.c.handle == sa.bindparam("at_handle"),
    )
)
REVIVE = (
    sa.update(addresses)
    .where(addresses.c.id == sa.bindparam("which"))
    .values(
        reachable=True,
        closed_reason=None,
        last_inbound_at=_SEEN_AT,
        window_until=sa.bindparam("open_until", type_=UtcDateTime()),
    )
    .returning(*ADDRESS.selected_columns)
)
SEE = (
    sa.update(people)
    .where(people.c.id == WHOSE)
    .values(seen_at=sa.case((people.c.seen_at > _SEEN_AT, people.c.seen_at), else_=_SEEN_AT))
    .returning(*PERSON)
)
