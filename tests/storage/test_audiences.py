"""Segments: the SQL twin against the one in Python, row for row."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.tables import people
from storage.unit_of_work import UnitOfWork
from tests.vestnik.strategies import ANSWERS, QUESTIONS, names, segments
from vestnik.address import Address, ChannelName
from vestnik.consent import ConsentEntry, Purpose
from vestnik.segment import (
    EVERYONE,
    All,
    Answered,
    Consented,
    Not,
    On,
    Profile,
    SeenWithin,
    Segment,
    matches,
)

PURPOSES: list[Purpose] = ["personal_data", "advertising", "service"]
profiles = st.builds(
    Profile,
    answers=st.dictionaries(
        st.sampled_from(QUESTIONS), st.frozensets(st.sampled_from(ANSWERS), min_size=1)
    ),
    consents=st.frozensets(st.sampled_from(PURPOSES)),
    channels=st.frozensets(names),
    seen_at=st.none(),
)
days_ago = st.none() | st.integers(0, 60)


async def settle(
    work: UnitOfWork, profile: Profile, seen_at: datetime | None, closed: frozenset[ChannelName]
) -> int:
    """Somebody who is as the profile says; addresses on `closed` were closed."""
    person = await work.people.add_person("", None)
    await work.connection.execute(
        sa.update(people).where(people.c.id == person).values(seen_at=seen_at)
    )
    for channel in profile.channels | closed:
        known = await work.people.add_address(person, Address(channel, "main", f"{person}"))
        if channel not in profile.channels:
            await work.people.close(known.id, "blocked")
    for question, values in profile.answers.items():
        await work.people.answer(person, question, sorted(values))
    for purpose in PURPOSES:
        entry = ConsentEntry(
            person_id=person, purpose=purpose, action="grant", at=work.now, actor="test"
        )
        await work.consents.record(entry)
        if purpose not in profile.consents:
            await work.consents.withdraw(person, purpose, actor="test", evidence=None)
    return person


class TestTwin:
    def test_both_choose_the_same_people(self, database_url: str) -> None:
        """One database for all examples: each is rolled back."""
        with asyncio.Runner() as runner:
            database = Database(database_url)

            @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
            @given(
                st.lists(st.tuples(profiles, days_ago, st.frozensets(names)), max_size=4),
                st.lists(segments, min_size=1, max_size=8),
            )
            def compare(population: Any, chosen: list[Segment]) -> None:
                runner.run(self.compare(database, population, chosen))

            compare()
            runner.run(database.aclose())

    async def compare(
        self,
        database: Database,
        population: list[tuple[Profile, int | None, frozenset[ChannelName]]],
        chosen: list[Segment],
    ) -> None:
        async with database.opened(vestnik_writes=True) as connection:
            work = UnitOfWork(connection, datetime.fromisoformat("2026-05-01T12:00:00+00:00"))
            there: dict[int, Profile] = {}
            for profile, days, closed in population:
                seen = None if days is None else work.now - timedelta(days=days)
                person = await settle(work, profile, seen, closed)
                if profile.channels | closed:
                    there[person] = Profile(
                        profile.answers, profile.consents, profile.channels, seen
                    )
            for segment in chosen:
                expected = [it for it, who in there.items() if matches(segment, who, work.now)]
                assert await work.audiences.page(segment, after=0, limit=99) == expected, segment
                assert await work.audiences.count(segment) == len(expected)
            await connection.rollback()


class TestAudiences:
    async def test_who_is_counted_on_each_channel(self, database: Database) -> None:
        telegram, vk = ChannelName("telegram"), ChannelName("vk")
        async with database.begin() as work:
            nobody = Profile({}, frozenset(), frozenset(), None)
            both = Profile({}, frozenset(), frozenset((telegram, vk)), None)
            await settle(work, both, work.now, frozenset())
            await settle(work, nobody, None, frozenset((vk,)))
            await settle(work, nobody, None, frozenset())
        async with database.read() as work:
            assert await work.audiences.count(EVERYONE) == 2  # one has no address at all
            assert await work.audiences.count_by_channel(EVERYONE) == {"telegram": 1, "vk": 1}
            assert await work.audiences.count_by_channel(On(telegram)) == {"telegram": 1, "vk": 1}
            assert await work.audiences.count_by_channel(Not(On(vk))) == {}

    async def test_the_answers_that_were_given(self, database: Database) -> None:
        given_answers = [("Казань",), ("Казань", "Москва"), ("Москва",), ("Казань",)]
        async with database.begin() as work:
            for values in given_answers:
                profile = Profile(
                    {"city": frozenset(values)}, frozenset(), frozenset((ChannelName("vk"),)), None
                )
                await settle(work, profile, None, frozenset())
        async with database.read() as work:
            counted = await work.audiences.answer_values("city", 10)
            assert counted == [("Казань", 3), ("Москва", 2)]
            assert await work.audiences.answer_values("city", 1) == [("Казань", 3)]
            among = Answered("city", ("Москва",))
            assert await work.audiences.answer_values("city", 10, among) == [
                ("Москва", 2),
                ("Казань", 1),
            ]
            assert await work.audiences.answer_values("size", 10) == []

    async def test_page_by_page(self, database: Database) -> None:
        async with database.begin() as work:
            profile = Profile({}, frozenset(), frozenset((ChannelName("vk"),)), None)
            ids = [await settle(work, profile, None, frozenset()) for _ in range(5)]
        async with database.read() as work:
            first = await work.audiences.page(All(), after=0, limit=2)
            rest = await work.audiences.page(All(), after=first[-1], limit=10)
        assert (first, rest) == (ids[:2], ids[2:])

    async def test_nobody_is_seen_who_never_wrote(self, database: Database) -> None:
        async with database.begin() as work:
            profile = Profile({}, frozenset(), frozenset((ChannelName("vk"),)), None)
            await settle(work, profile, None, frozenset())
        async with database.read() as work:
            assert await work.audiences.count(SeenWithin(36_500)) == 0
            assert await work.audiences.count(Not(SeenWithin(36_500))) == 1
            assert await work.audiences.count(Consented("advertising")) == 0
