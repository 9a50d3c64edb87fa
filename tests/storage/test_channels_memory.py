"""What is kept of the channels: moved groups and people, what apps show, templates, files."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from vestnik.abilities import TemplateInfo
from vestnik.address import Address, ChannelName, Lane
from vestnik.inbound import Author
from vestnik.outbound import File
from vestnik.outcome import Upload

TELEGRAM = Lane(ChannelName("telegram"), "main")
WHATSAPP = Lane(ChannelName("whatsapp"), "main")
OLD = Address(ChannelName("whatsapp"), "main", "RU.1")
NEWS = TemplateInfo("news", "ru", "MARKETING", "APPROVED", "{{a}} {{b}}", 2, ("Да",), ("a", "b"))
GROUP = Address(ChannelName("telegram"), "main", "-5")


class TestMovedChats:
    async def test_it_is_known_by_its_first_handle(self, database: Database) -> None:
        async with database.begin() as work:
            await work.moved_chats.moved(GROUP, "-100")
            await work.moved_chats.moved(Address(GROUP.channel, "main", "-100"), "-200")
        async with database.begin() as work:
            await work.moved_chats.moved(GROUP, "-100")
            for handle in ("-5", "-100", "-200"):
                chat = Address(GROUP.channel, "main", handle)
                assert await work.moved_chats.first(chat) == GROUP
            other = Address(GROUP.channel, "second", "-100")
            assert await work.moved_chats.first(other) == other


class TestPeople:
    async def test_a_new_handle_keeps_the_person_and_shuts_the_window(
        self, database: Database
    ) -> None:
        async with database.begin() as work:
            known = await work.people.meet(OLD, Author("RU.1", "Анна", phone="+79990000001"))
            await work.people.heard(known, at=work.now, received_at=work.now, hours=24)
        async with database.begin() as work:
            before = await work.people.address(OLD)
            assert before is not None
            assert await work.people.moved(OLD, "RU.2") == before
            assert await work.people.address(OLD) is None
            now = await work.people.address(Address(OLD.channel, "main", "RU.2"))
        assert now is not None
        assert (now.id, now.window_until, now.phone) == (known.id, None, None)

    async def test_a_number_is_known_as_a_handle_too(self, database: Database) -> None:
        number = Address(OLD.channel, "main", "+79990000001")
        async with database.begin() as work:
            known = await work.people.meet(OLD, Author("RU.1", phone="+79990000001"))
            assert await work.people.moved(number, "+79990000002") == known
            now = await work.people.address_by_id(known.id)
        assert now is not None
        assert (now.address.handle, now.phone) == ("+79990000002", "+79990000002")

    async def test_a_number_that_two_had_is_whose_who_used_it_last(
        self, database: Database
    ) -> None:
        number = Address(OLD.channel, "main", "+79990000001")
        later = Address(OLD.channel, "main", "RU.7")
        async with database.begin() as work:
            await work.people.meet(OLD, Author("RU.1", phone=number.handle))
            heir = await work.people.meet(later, Author("RU.7"))
            await work.people.heard(heir, at=work.now, received_at=work.now, hours=24)
            await work.people.meet(later, Author("RU.7", phone=number.handle))
            moved = await work.people.moved(number, "+79990000002")
        assert moved is not None
        assert moved.id == heir.id

    async def test_nobody_moves_into_somebody_elses_place(self, database: Database) -> None:
        taken = Address(OLD.channel, "main", "RU.2")
        async with database.begin() as work:
            await work.people.meet(OLD, Author("RU.1"))
            await work.people.meet(taken, Author("RU.2"))
            assert await work.people.moved(OLD, "RU.2") is None
            assert await work.people.moved(Address(OLD.channel, "main", "RU.9"), "RU.8") is None
            left = await work.people.address(OLD)
            assert left is not None
            assert (left.reachable, left.closed_reason) == (False, "no_account")

    async def test_what_the_app_shows_is_known_to_the_sender(self, database: Database) -> None:
        shows = frozenset({"keyboard", "callback"})
        async with database.begin() as work:
            known = await work.people.meet(OLD, Author("RU.1", language="en"))
            now = work.now
            await work.people.heard(
                known, at=now, received_at=now, hours=None, shows=shows, source="ad:7"
            )
            await work.people.heard(known, at=now, received_at=now, hours=None)
            until = work.now + timedelta(hours=72)
            await work.reachability.free_until({known.id: until})
        async with database.read() as work:
            [standing] = (await work.standings.addresses_of([known.person_id]))[known.person_id]
            again = await work.people.address_by_id(known.id)
        assert (standing.shows, standing.language) == (shows, "en")
        assert again is not None
        assert (again.free_until, again.source) == (until, "ad:7")
        async with database.begin() as work:
            await work.people.forget(known.person_id)
            forgotten = await work.people.address_by_id(known.id)
            [standing] = (await work.standings.addresses_of([known.person_id]))[known.person_id]
        assert forgotten is not None
        assert (forgotten.source, standing.shows) == (None, None)


class TestTemplates:
    async def test_a_catalogue_comes_back(self, database: Database) -> None:
        async with database.begin() as work:
            await work.templates.sync(WHATSAPP, [NEWS])
        async with database.read() as work:
            assert await work.templates.of(WHATSAPP) == [NEWS]
            assert await work.templates.get(WHATSAPP, "news", "ru") == NEWS
            assert await work.templates.get(WHATSAPP, "news", "en") is None
            assert await work.templates.of(Lane(WHATSAPP.channel, "second")) == []

    async def test_of_two_looks_at_once_one_is_told_of_a_change(self, database: Database) -> None:
        stopped = replace(NEWS, status="PAUSED")

        async def look() -> list[tuple[TemplateInfo, TemplateInfo]]:
            async with database.begin() as work:
                return await work.templates.sync(WHATSAPP, [stopped])

        async with database.begin() as work:
            assert await work.templates.sync(WHATSAPP, [NEWS]) == []
        async with database.begin() as work:
            changed = await work.templates.sync(WHATSAPP, [stopped])
            second = asyncio.create_task(look())
            await asyncio.sleep(0.2)
        assert (changed, await second) == ([(NEWS, stopped)], [])


class TestFiles:
    async def test_the_same_file_is_kept_once(self, database: Database) -> None:
        menu = File("menu.jpg", "image/jpeg", b"menu")
        async with database.begin() as work:
            key = await work.files.keep(menu)
            assert await work.files.keep(menu) == key
            assert await work.files.keep(File("menu.jpg", "image/png", b"menu")) != key
            assert (await work.files.get([key]))[key].content == menu

    async def test_an_id_that_ends_soon_is_no_id(self, database: Database) -> None:
        async with database.begin() as work:
            key = await work.files.keep(File("a", "image/png", b"a"))
            hour = work.now + timedelta(hours=1)
            await work.files.uploaded(WHATSAPP, {key: Upload("1", hour)})
            assert await work.files.uploads(WHATSAPP, [key]) == {key: Upload("1", hour)}
            assert await work.files.uploads(TELEGRAM, [key]) == {}
        await database.shift_clock(55 * 60)
        async with database.begin() as work:
            assert await work.files.uploads(WHATSAPP, [key]) == {}
            await work.files.uploaded(WHATSAPP, {key: Upload("2")})
            assert await work.files.uploads(WHATSAPP, [key]) == {key: Upload("2")}

    async def test_what_somebody_sent_is_filled_in_once(self, database: Database) -> None:
        async with database.begin() as work:
            key = await work.files.refer(TELEGRAM, "AgAC")
            assert await work.files.refer(TELEGRAM, "AgAC") == key
            referred = (await work.files.get([key]))[key]
            assert (referred.content, referred.lane, referred.media_id) == (None, TELEGRAM, "AgAC")
            photo = File("photo.jpg", "image/jpeg", b"photo")
            await work.files.fetched(key, photo)
            await work.files.fetched(key, File("other", "", b""))
            assert (await work.files.get([key]))[key].content == photo

    async def test_what_people_sent_is_dropped_in_time_and_what_is_ours_stays(
        self, database: Database
    ) -> None:
        photo = File("photo.jpg", "image/jpeg", b"photo")
        async with database.begin() as work:
            ours, theirs = await work.files.keep(photo), await work.files.refer(TELEGRAM, "AgAC")
            await work.files.fetched(theirs, photo)
            assert await work.files.purge(timedelta(days=7)) == 0
        await database.shift_clock(8 * 24 * 3600)
        async with database.begin() as work:
            assert await work.files.purge(timedelta(days=7)) == 1
            kept = await work.files.get([ours, theirs])
        assert (kept[ours].content, kept[theirs].content) == (photo, None)
