"""Sending: the intent is committed before the call, the outcome after it."""

from collections.abc import Sequence

from storage.tables import attempts, deliveries
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, WHATSAPP, route
from tests.delivery.post import reference
from vestnik.address import SMS
from vestnik.outbound import Send
from vestnik.outcome import Rejected, Temporary, Unreachable
from vestnik.route import LAST, Step

CASCADE = route(LAST, SMS)


class TestOneDelivery:
    async def test_its_intent_is_in_the_ledger_before_the_call(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        seen: list[object] = []

        async def look(batch: Sequence[Send]) -> None:
            [delivery] = await ledger.rows(deliveries)
            [attempt] = await ledger.rows(attempts)
            seen.append((delivery["state"], delivery["ground"], delivery["attempts"]))
            seen.append((attempt["state"], attempt["number"], attempt["worker"]))
            assert [it.handle for it in batch] == [attempt["handle"]]
            assert attempt["started_at"] < attempt["deadline"] == delivery["lease_until"]

        ledger.post(TELEGRAM).while_sending = look
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert seen == [("sending", {"consent": 1}, 1), ("sending", 1, "one")]
        assert await ledger.ends(person_id=person) == [("accepted", None)]
        assert await ledger.broken() == []

    async def test_its_outcome_is_kept(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM)
        broadcast = await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        [attempt] = await ledger.rows(attempts, broadcast_id=broadcast)
        [send] = ledger.post(TELEGRAM).taken
        assert (attempt["state"], attempt["reference"]) == ("accepted", reference(send))
        assert attempt["finished_at"] >= attempt["started_at"]
        [delivery] = await ledger.rows(deliveries)
        assert (delivery["reached"], delivery["lease_until"]) == ("telegram", None)

    async def test_it_is_sent_once(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        await ledger.pass_time(7200)
        assert ledger.post(TELEGRAM).said() == ["Новости"]


class TestRefusals:
    async def test_a_temporary_refusal_is_tried_again(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), *[Temporary("503")] * 3)
        await ledger.broadcast(CASCADE)
        for seconds in (0, 3, 6, 16):
            await ledger.pass_time(seconds)
        assert await ledger.ends() == [("accepted", None)]
        assert len(ledger.post(TELEGRAM).taken) == 4
        assert ledger.post(SMS).taken == []
        assert await ledger.broken() == []

    async def test_after_the_budget_the_next_step(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), *[Temporary("503")] * 7)
        await ledger.broadcast(CASCADE)
        for _ in range(7):
            await ledger.pass_time(601)
        assert len(ledger.post(TELEGRAM).taken) == 7
        assert ledger.post(SMS).said() == ["Новости"]
        assert await ledger.broken() == []

    async def test_a_rejected_text_goes_no_further(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Rejected("BUTTON_INVALID"))
        await ledger.broadcast(CASCADE)
        await ledger.settle()
        assert await ledger.ends() == [("failed", "rejected:BUTTON_INVALID")]
        assert ledger.post(SMS).taken == []
        assert await ledger.broken() == []

    async def test_an_opt_out_at_the_provider_holds_everywhere(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP, TELEGRAM, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        ledger.post(WHATSAPP).answer(handle(person, WHATSAPP), Unreachable("opted_out"))
        await ledger.broadcast(CASCADE)
        await ledger.settle()
        assert await ledger.ends() == [("failed", "opted_out")]
        await ledger.broadcast(route(TELEGRAM, SMS))
        await ledger.settle()
        assert await ledger.ends() == [("failed", "opted_out"), ("skipped", "opted_out")]
        assert ledger.post(SMS).taken == ledger.post(TELEGRAM).taken == []
        assert await ledger.broken() == []


class TestTurns:
    async def test_replies_overtake_broadcasts(self, ledger: Ledger) -> None:
        people = [await ledger.customer(TELEGRAM) for _ in range(5)]
        await ledger.broadcast(route(TELEGRAM))
        await ledger.planner.route_due()
        await ledger.writes(people[4], TELEGRAM, "say сразу")
        await ledger.settle()
        assert ledger.post(TELEGRAM).said() == ["сразу", *["Новости"] * 5]

    async def test_to_one_person_they_come_in_their_order(self, ledger: Ledger) -> None:
        anna, boris = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
        post = ledger.post(TELEGRAM)
        post.answer(handle(anna, TELEGRAM), Temporary("503"))
        await ledger.writes(anna, TELEGRAM, "say раз два три")
        await ledger.writes(boris, TELEGRAM, "say четыре")
        await ledger.settle()
        assert post.said(handle(anna, TELEGRAM)) == ["раз"]
        assert post.said(handle(boris, TELEGRAM)) == ["четыре"]
        await ledger.pass_time(3)
        assert post.said(handle(anna, TELEGRAM)) == ["раз", "раз", "два", "три"]
        assert await ledger.ends() == [("accepted", None)] * 4

    async def test_one_batch_holds_one_reply_to_a_person(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        sizes: list[int] = []

        async def count(batch: Sequence[Send]) -> None:
            sizes.append(len(batch))

        ledger.post(TELEGRAM).while_sending = count
        await ledger.writes(person, TELEGRAM, "say раз два три")
        await ledger.settle()
        assert sizes == [1, 1, 1]

    async def test_a_reply_never_cascades(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        await ledger.writes(person, TELEGRAM, "say привет")
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Unreachable("blocked"))
        await ledger.settle()
        assert await ledger.ends() == [("failed", "blocked")]
        assert ledger.post(SMS).taken == []


class TestCascade:
    async def test_to_sms_when_the_messenger_is_blocked(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Unreachable("blocked"))
        await ledger.broadcast(CASCADE)
        await ledger.settle()
        assert await ledger.tries() == [("telegram", "failed"), ("sms", "accepted")]
        await ledger.pass_time(61)
        assert await ledger.ends() == [("accepted", None)]
        await ledger.broadcast(CASCADE)
        await ledger.settle()
        assert len(ledger.post(TELEGRAM).taken) == 1
        assert await ledger.broken() == []

    async def test_to_sms_when_nothing_was_heard_in_time(self, ledger: Ledger) -> None:
        person = await ledger.customer(VK, SMS)
        await ledger.broadcast(route(Step(VK, "read", 60), SMS))
        await ledger.settle()
        await ledger.pass_time(59)
        assert ledger.post(SMS).taken == []
        assert await ledger.ends() == [("waiting", None)]
        await ledger.pass_time(2)
        assert ledger.post(SMS).said(handle(person, SMS)) == ["Новости"]
        assert await ledger.broken() == []

    async def test_no_sms_without_a_consent_that_covers_it(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS, covers=(TELEGRAM,))
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Unreachable("blocked"))
        await ledger.broadcast(CASCADE)
        await ledger.settle()
        assert await ledger.ends() == [("failed", "blocked")]
        assert ledger.post(SMS).taken == []

    async def test_nobody_is_written_to_who_never_agreed(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM, SMS, covers=())
        await ledger.broadcast(CASCADE)
        await ledger.settle()
        assert await ledger.ends() == [("skipped", "no_consent")]
        assert await ledger.tries() == []

    async def test_a_channel_that_was_switched_off(self, ledger: Ledger) -> None:
        gone = await ledger.customer(VK, SMS)
        asked = await ledger.customer(VK)
        await ledger.broadcast(route(Step(VK, "read", 60), SMS))
        await ledger.planner.route_due()
        await ledger.sender.send_due(ledger.post(VK).lane)
        await ledger.sender.landed()
        await ledger.writes(asked, VK, "say привет")
        later = Ledger(ledger.database, "later", off=(VK,))
        await later.planner.tidy()
        await later.pass_time(61)
        assert later.post(SMS).said() == ["Новости"]
        assert await later.ends(person_id=gone) == [("waiting", None)]
        assert await later.ends(person_id=asked, kind="reply") == [("skipped", "channel_off")]
        assert await later.broken() == []
