"""What changes between the claim and the send is seen in the transaction that begins to send."""

from collections.abc import Awaitable, Callable

import pytest

from storage.tables import attempts, deliveries
from storage.unit_of_work import UnitOfWork
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import HOUR, NEWS, TELEGRAM, WHATSAPP, route
from vestnik.address import SMS, ChannelName
from vestnik.window import MARGIN

Change = Callable[[], Awaitable[None]]


async def routed_before(ledger: Ledger, channel: ChannelName, change: Change) -> None:
    """Route what is due, change something, and only then send."""
    await ledger.planner.route_due()
    await change()
    await ledger.send(channel)
    await ledger.settle()


async def claimed_before(ledger: Ledger, channel: ChannelName, change: Change) -> None:
    """Claim what is due and shows a file, change something, and only then go on to send."""
    await ledger.planner.route_due()

    async def on_commit(_: UnitOfWork) -> None:
        ledger.database.on_commit = None
        await change()

    ledger.database.on_commit = on_commit
    await ledger.send(channel)
    await ledger.settle()


class TestOptOut:
    async def test_nothing_goes_out_any_more(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        await ledger.broadcast(route(TELEGRAM, SMS), text=await ledger.shown())
        await claimed_before(ledger, TELEGRAM, lambda: ledger.writes(person, TELEGRAM, "stop"))
        assert await ledger.ends() == [("skipped", "opted_out")]
        assert ledger.post(TELEGRAM).taken == ledger.post(SMS).taken == []
        assert await ledger.broken() == []

    async def test_an_answer_to_a_question_still_does(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.writes(person, TELEGRAM, "say привет")
        await routed_before(ledger, TELEGRAM, lambda: ledger.writes(person, TELEGRAM, "stop"))
        assert ledger.post(TELEGRAM).said() == ["привет"]

    async def test_the_ground_is_the_consent_in_force(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        async with ledger.database.read() as work:
            standing = (await work.standings.of_people([person]))[person]
        [delivery] = await ledger.rows(deliveries)
        assert delivery["ground"] == {"consent": standing.advertising_entry}


class TestTakeOver:
    async def test_no_answer_of_the_bot_goes_out_any_more(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.writes(person, TELEGRAM, "say привет")
        await routed_before(ledger, TELEGRAM, lambda: ledger.writes(person, TELEGRAM, "person"))
        assert await ledger.ends() == [("skipped", "taken_over")]
        assert ledger.post(TELEGRAM).taken == []
        assert await ledger.broken() == []

    async def test_advertising_waits_until_it_is_handed_back(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM), text=await ledger.shown())
        await claimed_before(ledger, TELEGRAM, lambda: ledger.writes(person, TELEGRAM, "person"))
        await ledger.pass_time(61)
        assert await ledger.ends() == [("planned", "held")]
        async with ledger.database.begin() as work:
            [known] = await work.people.addresses(person)
            assert await work.conversations.hand_back(await work.conversations.of(known.id))
        await ledger.pass_time(61)
        assert ledger.post(TELEGRAM).said() == ["Новости"]


class TestWindow:
    # It closes a margin early: after this nothing goes out, a little before it does.
    DAY = (24 * HOUR - MARGIN).total_seconds()

    @pytest.mark.parametrize("late", [False, True])
    async def test_it_closes_while_the_message_is_queued(self, ledger: Ledger, late: bool) -> None:
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        await ledger.broadcast(route(WHATSAPP, SMS), text=await ledger.shown())

        async def wait() -> None:
            await ledger.database.shift_clock(self.DAY + (5 if late else -60))

        await claimed_before(ledger, WHATSAPP, wait)
        by_sms = ledger.post(SMS).said(handle(person, SMS))
        by_whatsapp = ledger.post(WHATSAPP).said(handle(person, WHATSAPP))
        assert (by_whatsapp, by_sms) == (([], ["Новости"]) if late else (["Новости"], []))
        assert await ledger.broken() == []

    async def test_the_template_goes_where_there_is_one(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        await ledger.broadcast(route(WHATSAPP, SMS), text=await ledger.shown(), template=NEWS)

        async def wait() -> None:
            await ledger.database.shift_clock(self.DAY + 5)

        await claimed_before(ledger, WHATSAPP, wait)
        [send] = ledger.post(WHATSAPP).taken
        assert send.outbound == NEWS
        [attempt] = await ledger.rows(attempts)
        assert (attempt["form"], attempt["state"]) == ("template", "accepted")
        assert await ledger.broken() == []

    async def test_a_reply_never_leaves_after_it(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP)
        await ledger.writes(person, WHATSAPP, "say привет")
        await ledger.database.shift_clock(self.DAY - 5)
        await ledger.writes(person, TELEGRAM, "привет")
        await ledger.database.shift_clock(10)
        await ledger.settle()
        assert ledger.post(WHATSAPP).taken == []
        assert await ledger.ends() == [("skipped", "window_closed")]


class TestExpiry:
    async def test_what_is_too_late_is_not_sent(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM), text=await ledger.shown())
        await claimed_before(ledger, TELEGRAM, lambda: ledger.database.shift_clock(25 * 3600))
        assert await ledger.ends() == [("expired", "expired")]
        assert ledger.post(TELEGRAM).taken == []
        assert await ledger.broken() == []
