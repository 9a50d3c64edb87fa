"""What is kept of dialogs that go on by themselves, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.continuations import Continuation
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, ChannelName
from vestnik.inbound import Author

ANNA = Address(ChannelName("telegram"), "main", "1")


async def planned(
    work: UnitOfWork, person: int, *, hours: float = 0, key: str | None = None
) -> int | None:
    return await work.continuations.plan(
        Continuation(
            person_id=person,
            address_id=None,
            version="v",
            step="rate",
            values={"event": {"order": "1"}},
            ground={"event": 1},
            at=work.now + timedelta(hours=hours),
            key=key,
        )
    )


@pytest.fixture
async def anna(database: Database) -> int:
    async with database.begin() as work:
        return (await work.people.meet(ANNA, Author("1", name="Анна"))).person_id


class TestContinuations:
    async def test_they_are_due_in_their_order_and_once(
        self, database: Database, anna: int
    ) -> None:
        async with database.begin() as work:
            later = await planned(work, anna, hours=2)
            first = await planned(work, anna, hours=1)
            assert await work.continuations.due() is None
        await database.shift_clock(3 * 3600)
        for expected in (first, later):
            async with database.begin() as work:
                due = await work.continuations.due()
                assert due is not None
                assert (due.id, due.values) == (expected, {"event": {"order": "1"}})
                assert await work.continuations.lock(due.id)
                await work.continuations.done(due.id)
        async with database.begin() as work:
            assert await work.continuations.due() is None
            assert first is not None
            assert not await work.continuations.lock(first)

    async def test_a_key_is_used_once_and_stays_known(self, database: Database, anna: int) -> None:
        async with database.begin() as work:
            first = await planned(work, anna, key="k")
            assert first is not None
            await work.continuations.done(first)
        async with database.begin() as work:
            assert await planned(work, anna, key="k") is None
            assert await work.continuations.by_key("k") == first
            await work.continuations.purge(timedelta())
        await database.shift_clock(1)
        async with database.begin() as work:
            await work.continuations.purge(timedelta())
            assert await work.continuations.by_key("k") is None

    async def test_a_renewed_one_is_due_later_and_again(
        self, database: Database, anna: int
    ) -> None:
        async with database.begin() as work:
            first = Continuation(
                person_id=anna,
                address_id=None,
                version="v",
                step="rate",
                values={},
                ground={},
                at=work.now,
                key="window",
            )
            await work.continuations.renew(first)
            [kept] = await work.continuations.of(anna)
            await work.continuations.done(kept.id)
            await work.continuations.renew(first)
            assert await work.continuations.of(anna) == []
            await work.continuations.renew(replace(first, at=work.now + timedelta(hours=1)))
            assert await work.continuations.due() is None
            [again] = await work.continuations.of(anna)
            assert (again.id, again.at - first.at) == (kept.id, timedelta(hours=1))

    async def test_who_is_busy_is_tried_again(self, database: Database, anna: int) -> None:
        async with database.begin() as work:
            waiting = await planned(work, anna)
            assert waiting is not None
            await work.continuations.put_off(waiting, work.now + timedelta(minutes=10))
        async with database.begin() as work:
            assert await work.continuations.due() is None
            [kept] = await work.continuations.of(anna)
            assert kept.id == waiting

    async def test_they_move_and_go_with_their_person(self, database: Database, anna: int) -> None:
        async with database.begin() as work:
            other = await work.people.add_person("Анна", None)
            await planned(work, anna)
            await work.continuations.move(anna, other)
        async with database.begin() as work:
            assert await work.continuations.of(anna) == []
            assert len(await work.continuations.of(other)) == 1
            await work.continuations.cancel(other)
            assert await work.continuations.of(other) == []


class TestCalls:
    async def test_a_call_is_one_worker_s_until_its_time_is_over(
        self, database: Database, anna: int
    ) -> None:
        del anna
        async with database.begin() as work:
            known = await work.people.address(ANNA)
            assert known is not None
            within = timedelta(seconds=5)
            first = await work.calls.plan(known.id, "https://a.example", {}, within=within)
            second = await work.calls.plan(
                known.id, "https://b.example", {"name": "Анна"}, within=within
            )
        assert first != second
        async with database.begin() as work:
            [call] = await work.calls.claim(10)
            assert (call.id, call.url, call.tries) == (second, "https://b.example", 1)
            assert (call.sends, call.within) == ({"name": "Анна"}, 5.0)
            assert await work.calls.claim(10) == []
        await database.shift_clock(36)
        async with database.begin() as work:
            [call] = await work.calls.claim(10)
            assert call.tries == 2
            await work.calls.done(call.id)
        await database.shift_clock(60)
        async with database.begin() as work:
            assert await work.calls.claim(10) == []


class TestWaking:
    async def test_a_conversation_wakes_when_nobody_holds_it(
        self, database: Database, anna: int
    ) -> None:
        async with database.begin() as work:
            known = await work.people.address(ANNA)
            assert known is not None
            at = work.now + timedelta(hours=1)
            await work.conversations.keep_session(known.id, {"is": "x"}, wakes_at=at)
            assert await work.conversations.waking(10) == []
        await database.shift_clock(3600)
        async with database.begin() as work:
            [waking] = await work.conversations.waking(10)
            assert waking.address_id == known.id
            await work.conversations.hold(waking, "telegram:1")
        async with database.begin() as work:
            assert await work.conversations.waking(10) == []
            held = await work.conversations.of(known.id)
            await work.conversations.hand_back(held)
            assert await work.conversations.waking(10) == []
            await work.conversations.keep_session(known.id, {"is": "x"}, wakes_at=work.now)
            await work.conversations.let_sleep(anna)
            assert await work.conversations.waking(10) == []


class TestScenarios:
    async def test_a_version_is_kept_once(self, database: Database) -> None:
        async with database.begin() as work:
            await work.scenarios.keep("v1", "shop", "name: shop")
            await work.scenarios.keep("v1", "shop", "another")
        async with database.read() as work:
            assert await work.scenarios.text("v1") == ("name: shop", {})
            assert await work.scenarios.text("v2") is None
