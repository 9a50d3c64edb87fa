"""Segments: the SQL twin against the one in Python, row for row."""

import asyncio
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.query.mistakes import MOST_PARTS
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.population import NOW, profiles, settle, told
from tests.vestnik.strategies import names, segments
from vestnik.address import ChannelName
from vestnik.conditions import Ago, Compared
from vestnik.segment import (
    EVERYONE,
    Active,
    All,
    Consented,
    Not,
    On,
    Profile,
    Segment,
    answered,
    matches,
)
from vestnik.segment import Any as AnyOf

ZONES: list[tzinfo] = [UTC, ZoneInfo("Asia/Kamchatka"), ZoneInfo("America/New_York")]
VK = ChannelName("vk")


class TestTwin:
    def test_both_choose_the_same_people(self, database_url: str) -> None:
        """One database for all examples: each is rolled back."""
        with asyncio.Runner() as runner:
            database = Database(database_url)

            @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
            @given(
                st.lists(st.tuples(profiles, st.frozensets(names)), max_size=4),
                st.lists(segments, min_size=1, max_size=8),
                st.sampled_from(ZONES),
            )
            def compare(
                population: list[tuple[Profile, frozenset[ChannelName]]],
                chosen: list[Segment],
                zone: tzinfo,
            ) -> None:
                runner.run(self.compare(database, population, chosen, zone))

            compare()
            runner.run(database.aclose())

    async def compare(
        self,
        database: Database,
        population: list[tuple[Profile, frozenset[ChannelName]]],
        chosen: list[Segment],
        zone: tzinfo,
    ) -> None:
        async with database.opened(vestnik_writes=True) as connection:
            work = UnitOfWork(connection, NOW, zone)
            there: dict[int, Profile] = {}
            for who, closed in population:
                person = await settle(work, who, closed)
                if who.channels | closed:
                    there[person] = told(who)
            now = NOW.astimezone(zone)
            for segment in chosen:
                expected = [it for it, who in there.items() if matches(segment, who, now)]
                assert await work.audiences.page(segment, after=0, limit=99) == expected, segment
                reach = await work.audiences.reach(segment, sample=99)
                assert (reach.total, list(reach.sample)) == (len(expected), expected)
            await connection.rollback()


class TestAudiences:
    async def test_who_is_counted_on_each_channel(self, database: Database) -> None:
        telegram = ChannelName("telegram")
        async with database.begin() as work:
            await settle(work, Profile(channels=frozenset((telegram, VK))))
            await settle(work, Profile(), frozenset((VK,)))
            await settle(work, Profile())
        async with database.read() as work:
            assert await work.audiences.count(EVERYONE) == 2  # one has no address at all
            reach = await work.audiences.reach(EVERYONE)
            assert (reach.total, reach.channels, reach.sample) == (2, {"telegram": 1, "vk": 1}, ())
            reach = await work.audiences.reach(On(telegram))
            assert (reach.total, reach.channels) == (1, {"telegram": 1, "vk": 1})
            reach = await work.audiences.reach(Not(On(VK)))
            assert (reach.total, reach.channels) == (1, {})

    async def test_the_answers_that_were_given(self, database: Database) -> None:
        given_answers = [("Казань",), ("Казань", "Москва"), ("Москва",), ("Казань",)]
        async with database.begin() as work:
            for cities in given_answers:
                who = Profile(answers={"city": frozenset(cities)}, channels=frozenset((VK,)))
                await settle(work, who)
        async with database.read() as work:
            counted = await work.audiences.answer_values("city", 10)
            assert counted == [("Казань", 3), ("Москва", 2)]
            assert await work.audiences.answer_values("city", 1) == [("Казань", 3)]
            among = answered("city", ("Москва",))
            assert await work.audiences.answer_values("city", 10, among) == [
                ("Москва", 2),
                ("Казань", 1),
            ]
            assert await work.audiences.answer_values("size", 10) == []

    async def test_page_by_page(self, database: Database) -> None:
        async with database.begin() as work:
            ids = [await settle(work, Profile(channels=frozenset((VK,)))) for _ in range(5)]
        async with database.read() as work:
            first = await work.audiences.page(All(), after=0, limit=2)
            rest = await work.audiences.page(All(), after=first[-1], limit=10)
        assert (first, rest) == (ids[:2], ids[2:])

    async def test_nobody_is_seen_who_never_wrote(self, database: Database) -> None:
        async with database.begin() as work:
            await settle(work, Profile(channels=frozenset((VK,))))
        ever = Active("seen", Compared("<", Ago(24 * 36_500)))
        async with database.read() as work:
            assert await work.audiences.count(ever) == 0
            assert await work.audiences.count(Not(ever)) == 1
            assert await work.audiences.count(Consented("advertising")) == 0

    async def test_as_many_parts_as_a_query_may_have(self, database: Database) -> None:
        """More than a person's flags have bits: the last ones are looked up."""
        async with database.begin() as work:
            for answer in ("1", str(MOST_PARTS), "nothing"):
                who = Profile(answers={"n": frozenset((answer,))}, channels=frozenset((VK,)))
                await settle(work, who)
        either = AnyOf(tuple(answered("n", (str(it),)) for it in range(1, MOST_PARTS + 1)))
        async with database.read() as work:
            assert await work.audiences.count(either) == 2
            assert await work.audiences.count(Not(either)) == 1
            assert await work.audiences.page(either, after=0, limit=9) == [1, 2]

    async def test_a_sample_is_taken_from_all_over(self, database: Database) -> None:
        async with database.begin() as work:
            ids = [await settle(work, Profile(channels=frozenset((VK,)))) for _ in range(50)]
        async with database.read() as work:
            sample = (await work.audiences.reach(EVERYONE, sample=5)).sample
        assert len(sample) == 5
        assert set(sample) < set(ids)
        assert sample[0] < ids[25] < sample[-1]
