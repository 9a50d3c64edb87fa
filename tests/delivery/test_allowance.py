"""A provider's number of people a day, its stopped templates, and its held-back broadcasts."""

from dataclasses import replace
from datetime import timedelta

from delivery.allowance import within_allowance
from storage.initiations import MOVING_DAY
from storage.tables import deliveries
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import NEWS, TELEGRAM, WHATSAPP, attempt, delivery, route
from vestnik.abilities import TemplateInfo, Tier
from vestnik.address import SMS, Lane
from vestnik.delivery import Delivery
from vestnik.outbound import Send, Template
from vestnik.outcome import ChannelDown

LANE = Lane(WHATSAPP, "main")
DAY = MOVING_DAY.total_seconds()
APPROVED = TemplateInfo("news", "ru", "MARKETING", "APPROVED", "{{1}}", 1)


async def allow(ledger: Ledger, people: int) -> None:
    async with ledger.database.begin() as work:
        await work.lanes.allow(LANE, Tier(people_a_day=people))


async def catalogue(ledger: Ledger, *infos: TemplateInfo) -> None:
    async with ledger.database.begin() as work:
        await work.templates.sync(LANE, infos)


class TestPeopleADay:
    async def test_no_more_people_than_the_provider_allows(self, ledger: Ledger) -> None:
        await allow(ledger, 3)
        for _ in range(5):
            await ledger.customer(WHATSAPP)
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        assert len(ledger.post(WHATSAPP).taken) == 3
        ends = sorted(state for state, _ in await ledger.ends())
        # There is no room before the broadcast is over.
        assert ends == ["skipped", "skipped", "waiting", "waiting", "waiting"]
        assert await ledger.broken() == []

    async def test_who_waits_goes_when_there_is_room(self, ledger: Ledger) -> None:
        await allow(ledger, 1)
        first = await ledger.customer(WHATSAPP)
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        await ledger.database.shift_clock(3600)
        await ledger.writes(first, WHATSAPP, "stop")
        late = await ledger.customer(WHATSAPP)
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        [waiting] = await ledger.rows(deliveries, person_id=late)
        assert (waiting["state"], waiting["reason"]) == ("planned", "daily_limit")
        assert ledger.post(WHATSAPP).said(handle(late, WHATSAPP)) == []
        await ledger.pass_time(DAY - 3599)
        assert ledger.post(WHATSAPP).said(handle(late, WHATSAPP)) == ["template"]

    async def test_who_was_written_to_already_counts_once(self, ledger: Ledger) -> None:
        await allow(ledger, 1)
        first = await ledger.customer(WHATSAPP)
        for _ in range(2):
            await ledger.broadcast(route(WHATSAPP), template=NEWS)
            await ledger.settle()
        assert ledger.post(WHATSAPP).said(handle(first, WHATSAPP)) == ["template"] * 2

    async def test_an_open_window_costs_nothing(self, ledger: Ledger) -> None:
        await allow(ledger, 1)
        for _ in range(3):
            await ledger.writes(await ledger.customer(WHATSAPP), WHATSAPP, "привет")
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        assert ledger.post(WHATSAPP).said() == ["Новости"] * 3

    async def test_who_cannot_wait_takes_the_next_step(self, ledger: Ledger) -> None:
        await allow(ledger, 1)
        people = [await ledger.customer(WHATSAPP, SMS) for _ in range(2)]
        await ledger.broadcast(route(WHATSAPP, SMS), template=NEWS)
        await ledger.settle()
        assert ledger.post(SMS).said(handle(people[1], SMS)) == ["Новости"]

    async def test_who_waits_has_a_place_of_their_own(self, ledger: Ledger) -> None:
        await allow(ledger, 3)
        for hours in (1, 2, 3):
            earlier = await ledger.customer(WHATSAPP)
            await ledger.broadcast(route(WHATSAPP), template=NEWS)
            await ledger.settle()
            await ledger.writes(earlier, WHATSAPP, "stop")
            await ledger.database.shift_clock(3600 * hours)
        people = [await ledger.customer(WHATSAPP, SMS) for _ in range(2)]
        for _ in range(2):
            await ledger.broadcast(route(WHATSAPP, SMS), template=NEWS)
            await ledger.settle()
        waiting = await ledger.rows(deliveries, reason="daily_limit", state="planned")
        places = [row["due_at"] - waiting[0]["due_at"] for row in waiting]
        assert [round(it.total_seconds() / 3600) for it in places] == [0, 1, 3]
        # For the fourth there is no place within the broadcast's day.
        assert ledger.post(SMS).said(handle(people[1], SMS)) == ["Новости"]
        assert await ledger.broken() == []

    async def test_places_come_again_day_after_day(self, ledger: Ledger) -> None:
        people = [await ledger.customer(WHATSAPP) for _ in range(5)]
        async with ledger.database.begin() as work:
            prepared = [
                (
                    delivery(WHATSAPP, id=person),
                    attempt(WHATSAPP, form="template", address_id=known.id),
                    Send(known.address, NEWS),
                )
                for person in people
                for known in await work.people.addresses(person)
            ]
            kept = await within_allowance(work, LANE, prepared, 2)
            waits = [it.due_at - work.now for it in kept if isinstance(it, Delivery)]
        assert kept[:2] == prepared[:2]
        assert waits == [MOVING_DAY, MOVING_DAY, MOVING_DAY * 2]

    async def test_broadcasts_leave_a_reserve(self, ledger: Ledger) -> None:
        await allow(ledger, 20)
        for _ in range(21):
            await ledger.customer(WHATSAPP)
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        assert len(ledger.post(WHATSAPP).taken) == 19


class TestTemplates:
    async def test_variables_are_named_as_the_provider_names_them(self, ledger: Ledger) -> None:
        await catalogue(ledger, replace(APPROVED, body="{{text}}", names=("text",)))
        await ledger.customer(WHATSAPP)
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        [send] = ledger.post(WHATSAPP).taken
        assert send.outbound == replace(NEWS, names=("text",))

    async def test_nothing_goes_by_a_template_that_was_stopped(self, ledger: Ledger) -> None:
        await catalogue(ledger, replace(APPROVED, status="PAUSED"))
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.broadcast(route(WHATSAPP, SMS), template=NEWS)
        await ledger.settle()
        assert ledger.post(WHATSAPP).taken == []
        assert ledger.post(SMS).said(handle(person, SMS)) == ["Новости"]
        assert await ledger.broken() == []

    async def test_one_that_nobody_told_of_is_tried(self, ledger: Ledger) -> None:
        await catalogue(ledger, APPROVED)
        await ledger.customer(WHATSAPP)
        other = Template("other", "ru", ("x",))
        await ledger.broadcast(route(WHATSAPP), template=other)
        await ledger.settle()
        assert [it.outbound for it in ledger.post(WHATSAPP).taken] == [other]


class TestHeldBackBroadcasts:
    async def test_answers_go_while_broadcasts_rest(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        post = ledger.post(TELEGRAM)
        post.answer(handle(person, TELEGRAM), ChannelDown("restricted", bulk=True))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        await ledger.writes(person, TELEGRAM, "say слушаю")
        await ledger.settle()
        assert post.said() == ["Новости", "слушаю"]
        async with ledger.database.read() as work:
            [trouble] = await work.lanes.troubles()
        assert (trouble.lane, trouble.bulk_why) == (post.lane, "restricted")
        await ledger.pass_time(timedelta(minutes=16).total_seconds())
        assert post.said() == ["Новости", "слушаю", "Новости"]
        assert await ledger.broken() == []
