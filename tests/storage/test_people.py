"""People, their addresses and their dialogs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.conversations import WAITING, Conversation
from storage.database import Database
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS, Address, ChannelName
from vestnik.inbound import Author

TELEGRAM, WHATSAPP = ChannelName("telegram"), ChannelName("whatsapp")
HOUR = timedelta(hours=1)


def at(channel: ChannelName, handle: str) -> Address:
    return Address(channel, "main", handle)


async def met(work: UnitOfWork, handle: str = "1", name: str = "Анна") -> KnownAddress:
    return await work.people.meet(at(TELEGRAM, handle), Author(handle, name, "ru"))


class TestPeople:
    async def test_somebody_new(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            person = await work.people.person(known.person_id)
            assert person is not None
            assert (person.name, person.language, person.seen_at) == ("Анна", "ru", None)
            assert await work.people.address(known.address) == known
            assert await work.people.address_by_id(known.id) == known
            assert await work.people.person(known.person_id + 1) is None

    async def test_somebody_known(self, database: Database) -> None:
        async with database.begin() as work:
            first = await met(work)
            again = await work.people.meet(first.address, Author("1", "Аня", "en"))
            assert (again.id, again.person_id) == (first.id, first.person_id)
            person = await work.people.person(first.person_id)
            assert person is not None
            assert (person.name, person.language) == ("Аня", "ru")  # the language was chosen once

    async def test_a_number_gets_its_lasting_id(self, database: Database) -> None:
        number = "+79990000001"
        async with database.begin() as work:
            by_number = await work.people.meet(at(WHATSAPP, number), Author(number, phone=number))
            by_id = await work.people.meet(at(WHATSAPP, "US.1"), Author("US.1", phone=number))
            assert (by_id.id, by_id.person_id) == (by_number.id, by_number.person_id)
            assert by_id.address.handle == "US.1"
            assert await work.people.address(at(WHATSAPP, number)) is None

    async def test_writing_opens_the_address_and_its_window(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            await work.people.close(known.id, "blocked")
            await work.people.heard(known, at=work.now - HOUR, received_at=work.now, hours=24)
            fresh = await work.people.address_by_id(known.id)
            assert fresh is not None
            assert (fresh.reachable, fresh.closed_reason) == (True, None)
            assert fresh.window_until == work.now + 23 * HOUR
            assert fresh.last_inbound_at == work.now
            person = await work.people.person(known.person_id)
            assert person is not None
            assert person.seen_at == work.now

    async def test_an_older_message_takes_nothing_back(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            other = await work.people.add_address(known.person_id, at(WHATSAPP, "2"))
            await work.people.heard(known, at=work.now, received_at=work.now, hours=24)
            fresh = await work.people.address_by_id(known.id)
            assert fresh is not None
            for it in (fresh, other):
                old = work.now - HOUR
                await work.people.heard(it, at=old, received_at=old, hours=24)
            again = await work.people.address_by_id(known.id)
            assert again is not None
            assert again.window_until == work.now + 24 * HOUR
            assert again.last_inbound_at == work.now
            person = await work.people.person(known.person_id)
            assert person is not None
            assert person.seen_at == work.now
            ordered = await work.people.addresses(known.person_id)
            assert [it.id for it in ordered] == [known.id, other.id]

    async def test_an_address_is_closed_and_opened(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            await work.people.close(known.id, "blocked")
            closed = await work.people.address_by_id(known.id)
            await work.people.open(known.id)
            opened = await work.people.address_by_id(known.id)
            assert closed is not None
            assert opened is not None
            assert (closed.reachable, closed.closed_reason) == (False, "blocked")
            assert (opened.reachable, opened.closed_reason) == (True, None)

    async def test_one_handle_is_one_address(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
        with pytest.raises(sa.exc.IntegrityError):
            async with database.begin() as work:
                await work.people.add_address(known.person_id, known.address)

    async def test_an_answer_replaces_the_one_before(self, database: Database) -> None:
        async with database.begin() as work:
            person = (await met(work)).person_id
            await work.people.answer(person, "interest", ["чай", "кофе", "чай"])
            await work.people.answer(person, "city", ["Казань"])
            await work.people.answer(person, "city", ["Москва"])
            answers = await work.people.answers(person)
            assert answers == {"city": ["Москва"], "interest": ["кофе", "чай"]}
            await work.people.answer(person, "city", [])
            assert await work.people.answers(person) == {"interest": ["кофе", "чай"]}

    async def test_a_proven_number_is_an_address(self, database: Database) -> None:
        async with database.begin() as work:
            anna, boris = await met(work, "1"), await met(work, "2")
            mine = await work.people.confirm_phone(anna.person_id, "+79990000001")
            assert (mine.person_id, mine.address) == (anna.person_id, at(SMS, "+79990000001"))
            taken = await work.people.confirm_phone(boris.person_id, "+79990000001")
            assert taken.person_id == anna.person_id
            await work.people.move_addresses(boris.person_id, anna.person_id)
            assert len(await work.people.addresses(anna.person_id)) == 3
            assert await work.people.addresses(boris.person_id) == []

    async def test_who_is_forgotten(self, database: Database) -> None:
        async with database.begin() as work:
            person = (await met(work)).person_id
            await work.people.answer(person, "city", ["Казань"])
            await work.people.confirm_phone(person, "+79990000001")
            await work.people.forget(person)
            left = await work.people.person(person)
            assert left is not None
            assert (left.name, left.language) == ("", None)
            assert await work.people.answers(person) == {}
            assert await work.people.address(at(SMS, "+79990000001")) is None
            by_sms = next(
                it for it in await work.people.addresses(person) if it.address.channel == SMS
            )
            assert (by_sms.phone, by_sms.reachable) == (None, False)


class TestConversations:
    async def test_the_session_is_kept(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            assert await work.conversations.of(known.id) == Conversation(known.id)
            await work.conversations.keep_session(known.id, {"step": "city"})
            assert (await work.conversations.of(known.id)).session == {"step": "city"}
            await work.conversations.keep_session(known.id, None)
            assert (await work.conversations.of(known.id)).session is None

    async def test_every_change_of_hands_is_a_new_version(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            await work.conversations.keep_session(known.id, {"step": "city"})
            bot = await work.conversations.of(known.id)
            assert await work.conversations.hold(bot, "telegram:9")
            held = await work.conversations.of(known.id)
            assert (held.held, held.holder, held.version) == (True, "telegram:9", 1)
            assert held.session == {"step": "city"}
            assert not await work.conversations.hold(bot, "telegram:8")
            assert await work.conversations.hand_back(held)
            assert not await work.conversations.hand_back(held)
            back = await work.conversations.of(known.id)
            assert (back.held, back.version, back.held_since) == (False, 2, None)

    async def test_a_dialog_that_nobody_began_can_be_held(self, database: Database) -> None:
        async with database.begin() as work:
            known = await met(work)
            assert await work.conversations.hold(Conversation(known.id), WAITING)
            assert (await work.conversations.of(known.id)).held

    async def test_who_waits_longest_and_who_was_taken_last(self, database: Database) -> None:
        people: list[KnownAddress] = []
        for number in range(3):
            async with database.begin() as work:
                known = await met(work, str(number))
                await work.conversations.hold(Conversation(known.id), WAITING)
                people.append(known)
        async with database.begin() as work:
            first = await work.conversations.held_by(WAITING)
            assert first is not None
            assert first.address_id == people[0].id
            assert await work.conversations.hold(first, "telegram:9")
        async with database.begin() as work:
            second = await work.conversations.held_by(WAITING)
            assert second is not None
            assert second.address_id == people[1].id
            assert await work.conversations.hold(second, "telegram:9")
        async with database.begin() as work:
            latest = await work.conversations.held_by("telegram:9")
            assert latest is not None
            assert latest.address_id == people[1].id
            assert await work.conversations.held_by("telegram:8") is None

    async def test_the_gate_sees_who_is_held(self, database: Database) -> None:
        async with database.begin() as work:
            anna, boris = await met(work, "1"), await met(work, "2")
            second = await work.people.add_address(anna.person_id, at(WHATSAPP, "1"))
            await work.conversations.hold(Conversation(second.id), "telegram:9")
            seen = await work.standings.of_people([anna.person_id, boris.person_id])
            assert (seen[anna.person_id].held, seen[boris.person_id].held) == (True, False)
            known = (await work.standings.addresses_of([anna.person_id]))[anna.person_id]
            versions = {it.id: it.version for it in known}
            assert (versions[anna.id], versions[second.id]) == (0, 1)
