"""Reports over the ledger: late, early, twice, about what nobody knows."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from storage.receipts import Orphan
from storage.tables import attempts, deliveries, orphan_receipts
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import NEWS, TELEGRAM, VK, WHATSAPP, at, route
from tests.delivery.post import reference
from vestnik.address import SMS, Address, ChannelName
from vestnik.inbound import Author, DeliveryReported, Receipt
from vestnik.outbound import Send
from vestnik.outcome import Ambiguous, Unreachable, WindowClosed
from vestnik.route import Step

NUMBERS = count(1)
READ = Step(VK, "read", 60)


async def report(
    ledger: Ledger, state: Receipt, address: Address, **given: Any
) -> DeliveryReported:
    async with ledger.database.read() as work:
        return DeliveryReported(
            event_id=f"r{next(NUMBERS)}",
            address=address,
            author=Author(address.handle),
            at=work.now,
            state=state,
            **given,
        )


async def about(ledger: Ledger, state: Receipt, send: Send, **given: Any) -> DeliveryReported:
    """A report about a message, by its reference."""
    return await report(ledger, state, send.address, reference=reference(send), **given)


async def on_whatsapp(ledger: Ledger, *route_after: ChannelName) -> tuple[int, Send]:
    """Somebody who wrote there a moment ago got a broadcast."""
    person = await ledger.customer(WHATSAPP, *route_after)
    await ledger.writes(person, WHATSAPP, "привет")
    await ledger.broadcast(route(WHATSAPP, *route_after))
    await ledger.settle()
    return person, ledger.post(WHATSAPP).taken[-1]


class TestInTime:
    async def test_what_was_waited_for(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger, SMS)
        assert await ledger.ends() == [("waiting", None)]
        await ledger.hears(await about(ledger, "delivered", send))
        await ledger.pass_time(61)
        assert await ledger.ends() == [("delivered", None)]
        assert ledger.post(SMS).taken == []
        assert await ledger.broken() == []

    @pytest.mark.parametrize(
        "order", [("read", "delivered", "accepted"), ("delivered", "accepted", "read")]
    )
    async def test_in_any_order(self, ledger: Ledger, order: tuple[Receipt, ...]) -> None:
        _, send = await on_whatsapp(ledger)
        await ledger.hears(*[await about(ledger, state, send) for state in order])
        assert await ledger.ends() == [("read", None)]
        assert await ledger.tries() == [("whatsapp", "read")]

    async def test_the_same_one_again(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger)
        told = await about(ledger, "delivered", send)
        await ledger.hears(told, told)
        await ledger.hears(told)
        assert await ledger.ends() == [("delivered", None)]

    async def test_read_up_to_here(self, ledger: Ledger) -> None:
        person, other = await ledger.customer(VK), await ledger.customer(VK)
        for _ in range(3):
            await ledger.broadcast(route(READ))
        await ledger.settle()
        mine = [it for it in ledger.post(VK).taken if it.address.handle == handle(person, VK)]
        second = sorted(mine, key=lambda it: int(reference(it)))[1]
        await ledger.hears(await about(ledger, "read", second, and_earlier=True))
        states = [state for state, _ in await ledger.ends(person_id=person)]
        assert states == ["read", "read", "waiting"]
        assert {state for state, _ in await ledger.ends(person_id=other)} == {"waiting"}

    async def test_a_reference_that_is_no_number(self, ledger: Ledger) -> None:
        person = await ledger.customer(VK)
        await ledger.broadcast(route(READ))
        await ledger.settle()
        where = at(VK, handle(person, VK))
        for odd in (None, "cmid:5", "²"):
            await ledger.hears(await report(ledger, "read", where, reference=odd, and_earlier=True))
        assert await ledger.ends() == [("waiting", None)]


class TestLate:
    async def test_it_arrived_although_sms_followed(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger, SMS)
        await ledger.pass_time(61)
        [by_sms] = ledger.post(SMS).taken
        await ledger.hears(await about(ledger, "delivered", by_sms))
        await ledger.hears(await about(ledger, "read", send))
        assert await ledger.ends() == [("read", None)]
        assert await ledger.tries() == [("whatsapp", "read"), ("sms", "delivered")]
        async with ledger.database.read() as work:
            told = await work.reports.of(1)
        assert (told.twice, told.channels) == (1, {"sms": 1, "whatsapp": 1})
        assert (told.states, told.reached) == ({"read": 1}, {"whatsapp": 1})
        assert await ledger.broken() == []

    async def test_it_arrived_before_sms_was_sent(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger, SMS)
        await ledger.database.shift_clock(61)
        await ledger.planner.end_waits()
        await ledger.planner.route_due()
        await ledger.hears(await about(ledger, "delivered", send))
        await ledger.settle()
        assert ledger.post(SMS).taken == []
        assert await ledger.ends() == [("delivered", None)]

    async def test_it_arrived_while_sms_was_sent(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger, SMS)

        async def told(_: Sequence[Send]) -> None:
            await ledger.hears(await about(ledger, "delivered", send))

        ledger.post(SMS).while_sending = told
        ledger.post(SMS).answer("+79990000001", Ambiguous("timeout"))
        await ledger.pass_time(61)
        assert await ledger.ends() == [("delivered", None)]
        assert len(ledger.post(SMS).taken) == 1

    async def test_it_failed_after_all(self, ledger: Ledger) -> None:
        person, send = await on_whatsapp(ledger, SMS)
        cause = Unreachable("not_allowed")
        await ledger.hears(await about(ledger, "failed", send, cause=cause))
        await ledger.settle()
        assert ledger.post(SMS).said() == ["Новости"]
        async with ledger.database.read() as work:
            known = {it.address.channel: it for it in await work.people.addresses(person)}
        assert (known[WHATSAPP].reachable, known[WHATSAPP].closed_reason) == (False, "not_allowed")
        assert known[SMS].reachable
        await ledger.writes(person, WHATSAPP, "я снова тут")
        async with ledger.database.read() as work:
            known = {it.address.channel: it for it in await work.people.addresses(person)}
        assert known[WHATSAPP].reachable
        assert await ledger.broken() == []

    async def test_the_window_was_closed_after_all(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP)
        await ledger.writes(person, WHATSAPP, "привет")
        await ledger.broadcast(route(WHATSAPP), template=NEWS)
        await ledger.settle()
        [send] = ledger.post(WHATSAPP).taken
        await ledger.hears(await about(ledger, "failed", send, cause=WindowClosed()))
        await ledger.settle()
        assert [it.outbound for it in ledger.post(WHATSAPP).taken][1:] == [NEWS]
        assert await ledger.broken() == []

    async def test_the_echo_tells_of_an_unknown_one(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        ledger.post(WHATSAPP).answer(handle(person, WHATSAPP), Ambiguous("timeout"))
        await ledger.broadcast(route(WHATSAPP, SMS))
        await ledger.settle()
        [send] = ledger.post(WHATSAPP).taken
        states: list[Receipt] = ["accepted", "delivered"]
        for state in states:
            names = {"reference": "wamid.7", "handle": send.handle}
            await ledger.hears(await report(ledger, state, send.address, **names))
        assert await ledger.ends() == [("delivered", None)]
        [attempt] = await ledger.rows(attempts)
        assert (attempt["reference"], attempt["reason"]) == ("wamid.7", None)


class TestEarly:
    """A report that is here before the answer to its send."""

    @pytest.mark.parametrize("known_by", ["reference", "handle", "both"])
    @pytest.mark.parametrize("state", ["delivered", "failed"])
    async def test_it_waits_for_the_answer(
        self, ledger: Ledger, known_by: str, state: Receipt
    ) -> None:
        person = await ledger.customer(WHATSAPP)
        await ledger.writes(person, WHATSAPP, "привет")

        async def told(batch: Sequence[Send]) -> None:
            [send] = batch
            names = {"reference": reference(send), "handle": send.handle}
            keys = {name: it for name, it in names.items() if known_by in (name, "both")}
            cause = Unreachable("blocked") if state == "failed" else None
            await ledger.hears(await report(ledger, state, send.address, cause=cause, **keys))
            assert len(await ledger.rows(orphan_receipts)) == 1

        ledger.post(WHATSAPP).while_sending = told
        await ledger.broadcast(route(WHATSAPP))
        await ledger.settle()
        assert await ledger.rows(orphan_receipts) == []
        assert await ledger.ends() == [(state, "blocked" if state == "failed" else None)]
        [attempt] = await ledger.rows(attempts)
        assert (attempt["state"], attempt["reference"]) == (
            state,
            reference(ledger.post(WHATSAPP).taken[0]),
        )
        assert await ledger.broken() == []

    async def test_the_answer_never_comes(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        ledger.post(WHATSAPP).answer(handle(person, WHATSAPP), Ambiguous("timeout"))

        async def told(batch: Sequence[Send]) -> None:
            [send] = batch
            await ledger.hears(await report(ledger, "delivered", send.address, handle=send.handle))

        ledger.post(WHATSAPP).while_sending = told
        await ledger.broadcast(route(WHATSAPP, SMS))
        await ledger.pass_time(0)
        assert await ledger.ends() == [("delivered", None)]
        assert ledger.post(SMS).taken == []

    async def test_the_chat_is_open_and_read_at_once(self, ledger: Ledger) -> None:
        person = await ledger.customer(VK, SMS)

        async def told(batch: Sequence[Send]) -> None:
            await ledger.hears(await about(ledger, "read", batch[0], and_earlier=True))

        ledger.post(VK).while_sending = told
        await ledger.broadcast(route(READ, SMS))
        await ledger.pass_time(61)
        assert await ledger.ends(person_id=person) == [("read", None)]
        assert ledger.post(SMS).taken == []

    async def test_both_at_the_same_moment(self, ledger: Ledger) -> None:
        # On PostgreSQL neither need see the other; here the report is put down after the answer.
        _, send = await on_whatsapp(ledger)
        async with ledger.database.begin() as work:
            told = await about(ledger, "delivered", send)
            await work.receipts.keep_orphans([Orphan(ledger.post(WHATSAPP).lane, told)])
        await ledger.planner.sweep()
        assert await ledger.ends() == [("delivered", None)]
        assert await ledger.rows(orphan_receipts) == []


class TestUnknown:
    async def test_it_is_kept_and_forgotten_in_the_end(self, ledger: Ledger) -> None:
        where = at(SMS, "+79990000099")
        await ledger.hears(await report(ledger, "delivered", where, reference="nobody's"))
        await ledger.planner.tidy()
        [kept] = await ledger.rows(orphan_receipts)
        assert kept["reference"] == "nobody's"
        await ledger.database.shift_clock(9 * 24 * 3600)
        await ledger.planner.tidy()
        assert await ledger.rows(orphan_receipts) == []

    @pytest.mark.parametrize("odd", [None, "", "x" * 300])
    async def test_one_that_names_nothing_is_dropped(self, ledger: Ledger, odd: str | None) -> None:
        await ledger.hears(await report(ledger, "delivered", at(SMS, "+7"), reference=odd))
        assert await ledger.rows(orphan_receipts) == []
        assert await ledger.rows(deliveries) == []

    async def test_another_accounts_reference_is_another_message(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger)
        elsewhere = at(TELEGRAM, send.address.handle)
        await ledger.hears(
            await report(ledger, "read", elsewhere, reference=reference(send), handle=send.handle)
        )
        assert await ledger.ends() == [("waiting", None)]
