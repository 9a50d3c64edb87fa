"""Placing many at once against the rules for one: nobody is placed where these would not."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcast.campaign import Plan, draft
from delivery.planning import candidates_of
from delivery.routing import find_place
from storage.database import Database
from storage.tables import addresses, consents, conversations, deliveries, standings
from storage.unit_of_work import UnitOfWork
from tests.delivery.making import ALL_LIMITS, NEWS, TELEGRAM, VK, WHATSAPP
from vestnik.address import SMS, ChannelName
from vestnik.consent import MESSENGERS
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.route import LAST, Step
from vestnik.segment import EVERYONE
from vestnik.window import MARGIN

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CHANNELS = (TELEGRAM, VK, WHATSAPP, SMS)
minutes = st.sampled_from((-60, 0, 2, 3, 4, 60)).map(lambda it: NOW + timedelta(minutes=it))


@dataclass(frozen=True)
class Home:
    """An address as it may be."""

    channel: ChannelName
    account: str
    reachable: bool
    window_until: datetime | None
    last_inbound_at: datetime | None
    holder: str | None


@dataclass(frozen=True)
class Resident:
    """A person as they may be; `covers` is None for who was never asked."""

    homes: tuple[Home, ...]
    granted: bool
    covers: frozenset[str] | None
    step: int
    expires_at: datetime | None


def covering(channel: str | None) -> st.SearchStrategy[frozenset[str] | None]:
    """What a consent covers besides."""
    if channel is None:
        return st.none()
    return st.frozensets(st.sampled_from((SMS, VK))).map(lambda it: it | {channel})


homes = st.builds(
    Home,
    channel=st.sampled_from(CHANNELS),
    account=st.sampled_from(("main", "main", "main", "sold")),
    reachable=st.sampled_from((True, True, True, False)),
    window_until=st.none() | minutes,
    last_inbound_at=st.none() | minutes,
    holder=st.sampled_from((None,) * 8 + ("", "telegram:9")),
)
residents = st.builds(
    Resident,
    homes=st.lists(homes, min_size=1, max_size=3).map(tuple),
    granted=st.sampled_from((True, True, True, True, False)),
    covers=st.sampled_from((MESSENGERS, SMS, TELEGRAM, WHATSAPP, None)).flatmap(covering),
    step=st.integers(0, 1),
    expires_at=st.sampled_from((None, None, None, NOW - MARGIN, NOW, NOW + MARGIN)),
)
routes = st.lists(st.sampled_from((LAST, *CHANNELS)), min_size=2, max_size=3, unique=True)


async def settle(work: UnitOfWork, who: Resident, number: int) -> int:
    """Write somebody down."""
    person = await work.people.add_person("", None)
    for place, home in enumerate(who.homes):
        values = {
            "person_id": person,
            "channel": home.channel,
            "account": home.account,
            "handle": f"{number}-{place}",
            "reachable": home.reachable,
            "closed_reason": None if home.reachable else "blocked",
            "window_until": home.window_until,
            "last_inbound_at": home.last_inbound_at,
            "created_at": work.now,
        }
        added = sa.insert(addresses).values(values).returning(addresses.c.id)
        known = (await work.connection.execute(added)).scalar_one()
        talk = {"address_id": known, "holder": home.holder, "updated_at": work.now}
        await work.connection.execute(sa.insert(conversations).values(talk))
    if who.covers is not None:
        agreed = {"person_id": person, "purpose": "advertising", "channels": sorted(who.covers)}
        entry = {"action": "grant", "text_version": "", "text_hash": "", "actor": "", "at": NOW}
        written = sa.insert(consents).values(agreed | entry).returning(consents.c.id)
        entry_id = (await work.connection.execute(written)).scalar_one()
        stands = agreed | {"granted": who.granted, "entry_id": entry_id}
        await work.connection.execute(sa.insert(standings).values(stands))
    return person


async def planned(work: UnitOfWork, broadcast_id: int, who: Resident, person: int) -> int:
    """A delivery to somebody, at a step of its route."""
    values = {
        "kind": "broadcast",
        "broadcast_id": broadcast_id,
        "person_id": person,
        "step": who.step,
        "state": "planned",
        "priority": 9,
        "due_at": work.now,
        "expires_at": who.expires_at,
        "created_at": work.now,
        "updated_at": work.now,
    }
    written = sa.insert(deliveries).values(values).returning(deliveries.c.id)
    delivery_id: int = (await work.connection.execute(written)).scalar_one()
    return delivery_id


async def compare(
    database: Database, town: list[Resident], channels: list[ChannelName], templates: bool
) -> int:
    """How many were placed at once, each where `find_place` puts them; nothing stays written."""
    async with database.opened(vestnik_writes=True) as connection:
        work = UnitOfWork(connection, NOW)
        plan = Plan(
            segment=EVERYONE,
            content=Text(RichText("Новости")),
            route=tuple(Step(it, "accepted", 60) for it in channels),
            templates={WHATSAPP: NEWS} if templates else {},
        )
        broadcast_id = await draft(work, plan, "telegram:1")
        by_step: dict[int, list[int]] = {}
        for number, who in enumerate(town):
            person = await settle(work, who, number)
            mine = by_step.setdefault(who.step, [])
            mine.append(await planned(work, broadcast_id, who, person))
        ids = [it for step in by_step.values() for it in step]
        before = await work.deliveries.these(ids)
        candidates = await candidates_of(work, sorted({it.person_id or 0 for it in before}))
        ruled = {
            it.id: find_place(it, candidates[it.person_id or 0], ALL_LIMITS, NOW) for it in before
        }
        lanes = {
            lane: it.window_hours is None or (templates and lane.channel == WHATSAPP)
            for lane, it in ALL_LIMITS.items()
        }
        placed = set[int]()
        for step, waiting in by_step.items():
            placed |= (await work.placing.place(waiting, channels[step], lanes)).keys()
        after = {it.id: it for it in await work.deliveries.these(ids)}
        for delivery in before:
            expected = ruled[delivery.id] if delivery.id in placed else delivery
            assert after[delivery.id] == expected
        await connection.rollback()
    return len(placed)


def test_who_is_placed_at_once_is_placed_by_the_rules(database_url: str) -> None:
    """One database for all examples: each is rolled back."""
    placed = 0
    with asyncio.Runner() as runner:
        database = Database(database_url)

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(residents, min_size=8, max_size=12), routes, st.booleans())
        def examples(town: list[Resident], channels: list[ChannelName], templates: bool) -> None:
            nonlocal placed
            placed += runner.run(compare(database, town, channels, templates))

        examples()
        runner.run(database.aclose())
    assert placed
