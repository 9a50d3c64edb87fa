"""A file goes up once, with the first message that shows it, and by its id from then on."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from delivery.decide import BACKOFF
from delivery.outbox import post
from delivery.uploading import Attached, call
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import ALL_LIMITS, TELEGRAM, VK, at, route
from tests.delivery.post import Post
from vestnik.abilities import FileMissing
from vestnik.address import SMS, Lane
from vestnik.outbound import File, Media, Send, Text
from vestnik.outcome import (
    Ambiguous,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    Upload,
)
from vestnik.richtext import RichText

MENU = File("menu.jpg", "image/jpeg", b"\xff\xd8menu")
LANE = Lane(TELEGRAM, "main")
GONE = FileMissing("gone")


class Darkroom(Post):
    """Knows a file by the id it gave it; `fetch` gives what people sent."""

    def __init__(self, lane: Lane = LANE) -> None:
        super().__init__(lane, ALL_LIMITS[lane])
        self.batches: list[int] = []
        self.went_up: list[str] = []
        self.stolen: Exception | None = None

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        self.batches.append(len(batch))
        return [
            self._developed(item, it)
            for item, it in zip(batch, await super().send(batch), strict=True)
        ]

    async def fetch(self, media_id: str) -> File:
        if self.stolen:
            raise self.stolen
        return File(f"{media_id}.jpg", "image/jpeg", media_id.encode())

    def _developed(self, item: Send, result: SendResult) -> SendResult:
        if not isinstance(result, Sent):
            return result
        self.went_up += item.files
        uploads = {key: Upload(f"id-{file.name}") for key, file in item.files.items()}
        return Sent(result.reference, uploads=uploads)


def dark(ledger: Ledger, lane: Lane = LANE) -> Darkroom:
    room = Darkroom(lane)
    ledger.posts[lane] = room
    return room


def news(key: str) -> Text:
    return Text(RichText("Новое меню"), media=(Media("image", file=key),))


async def kept(ledger: Ledger, file: File = MENU) -> str:
    async with ledger.database.begin() as work:
        return await work.files.keep(file)


async def referred(ledger: Ledger, lane: Lane) -> str:
    async with ledger.database.begin() as work:
        return await work.files.refer(lane, "theirs")


class TestFiles:
    async def test_one_goes_ahead_with_the_file(self, ledger: Ledger) -> None:
        room = dark(ledger)
        for _ in range(5):
            await ledger.customer(TELEGRAM)
        key = await kept(ledger)
        await ledger.broadcast(route(TELEGRAM), text=news(key))
        await ledger.settle()
        assert room.batches == [1, 4]
        assert room.went_up == [key]
        shown = [it.outbound.media[0] for it in room.taken if isinstance(it.outbound, Text)]
        assert shown == [Media("image", file=key)] + [Media("image", id="id-menu.jpg")] * 4
        assert await ledger.ends() == [("accepted", None)] * 5

    async def test_the_next_broadcast_sends_the_id(self, ledger: Ledger) -> None:
        room = dark(ledger)
        await ledger.customer(TELEGRAM)
        key = await kept(ledger)
        for _ in range(2):
            await ledger.broadcast(route(TELEGRAM), text=news(key))
            await ledger.settle()
        assert room.went_up == [key]

    async def test_each_lane_has_its_own_upload(self, ledger: Ledger) -> None:
        rooms = [dark(ledger), dark(ledger, Lane(VK, "main"))]
        await ledger.customer(TELEGRAM)
        await ledger.customer(VK)
        key = await kept(ledger)
        await ledger.broadcast(route(TELEGRAM, VK), text=news(key))
        await ledger.settle()
        assert [room.went_up for room in rooms] == [[key], [key]]

    async def test_what_somebody_sent_is_fetched_for_another_messenger(
        self, ledger: Ledger
    ) -> None:
        dark(ledger)
        other = dark(ledger, Lane(VK, "main"))
        await ledger.customer(VK)
        key = await referred(ledger, LANE)
        await ledger.broadcast(route(VK), text=news(key))
        await ledger.settle()
        [send] = other.taken
        assert send.files == {key: File("theirs.jpg", "image/jpeg", b"theirs")}

    async def test_where_it_came_from_it_goes_by_its_id(self, ledger: Ledger) -> None:
        room = dark(ledger)
        room.stolen = GONE
        await ledger.customer(TELEGRAM)
        key = await referred(ledger, LANE)
        await ledger.broadcast(route(TELEGRAM), text=news(key))
        await ledger.settle()
        [send] = room.taken
        assert isinstance(send.outbound, Text)
        assert (send.outbound.media, send.files) == ((Media("image", id="theirs"),), {})

    async def test_an_id_that_is_refused_is_forgotten_and_the_file_goes_up_again(
        self, ledger: Ledger
    ) -> None:
        room = dark(ledger)
        person = await ledger.customer(TELEGRAM)
        key = await kept(ledger)
        async with ledger.database.begin() as work:
            await work.files.uploaded(LANE, {key: Upload("stale")})
        room.answer(handle(person, TELEGRAM), Rejected("wrong file_id"))
        await ledger.broadcast(route(TELEGRAM), text=news(key))
        await ledger.settle()
        await ledger.pass_time(3)
        assert room.went_up == [key]
        assert await ledger.ends() == [("accepted", None)]

    async def test_a_text_that_is_refused_with_its_file_is_refused(self, ledger: Ledger) -> None:
        room = dark(ledger)
        person = await ledger.customer(TELEGRAM)
        room.answer(handle(person, TELEGRAM), Rejected("too long"))
        await ledger.broadcast(route(TELEGRAM), text=news(await kept(ledger)))
        await ledger.settle()
        assert await ledger.ends() == [("failed", "rejected:too long")]


class TestAFileThatIsGone:
    async def test_it_leaves_the_step_after_some_tries(self, ledger: Ledger) -> None:
        dark(ledger).stolen = GONE
        await ledger.customer(VK)
        key = await referred(ledger, LANE)
        await ledger.broadcast(route(VK), text=news(key))
        await ledger.settle()
        assert await ledger.ends() == [("planned", "unfit:a file is missing")]
        for pause in BACKOFF:
            await ledger.pass_time(pause.total_seconds())
        assert await ledger.ends() == [("failed", "unfit:a file is missing")]
        assert ledger.post(VK).taken == []
        assert await ledger.broken() == []

    @pytest.mark.parametrize("error", [GONE, ZeroDivisionError("a mistake of the channel")])
    async def test_it_may_come_later(self, ledger: Ledger, error: Exception) -> None:
        room = dark(ledger)
        room.stolen = error
        await ledger.customer(VK)
        other = await ledger.customer(TELEGRAM)
        key = await referred(ledger, LANE)
        await ledger.broadcast(route(VK, TELEGRAM), text=news(key))
        await ledger.settle()
        assert ledger.post(TELEGRAM).said(handle(other, TELEGRAM)) == ["Новое меню"]
        room.stolen = None
        await ledger.pass_time(BACKOFF[0].total_seconds())
        assert await ledger.ends() == [("accepted", None)] * 2

    async def test_sms_shows_none_and_misses_none(self, ledger: Ledger) -> None:
        room = dark(ledger)
        room.stolen = GONE
        person = await ledger.customer(SMS)
        key = await referred(ledger, LANE)
        await ledger.broadcast(route(SMS), text=news(key))
        await ledger.settle()
        assert ledger.post(SMS).said(handle(person, SMS)) == ["Новое меню"]

    async def test_staff_see_the_words_at_once(self, ledger: Ledger) -> None:
        dark(ledger, Lane(VK, "main")).stolen = GONE
        room = dark(ledger)
        key = await referred(ledger, Lane(VK, "main"))
        group = at(TELEGRAM, "-100")
        only_a_file = replace(news(key), body=RichText(""))
        async with ledger.database.begin() as work:
            for text in (news(key), only_a_file, Text(RichText("Алло?"))):
                await post(work, group, text, ground={"event": 1})
        await ledger.settle()
        assert [it.outbound for it in room.taken] == [
            Text(RichText("Новое меню")),
            Text(RichText("Алло?")),
        ]
        assert await ledger.broken() == []


async def test_a_refused_file_takes_no_words_along(ledger: Ledger) -> None:
    room = dark(ledger)
    group = at(TELEGRAM, "-100")
    room.answer(group.handle, Rejected("PHOTO_INVALID_DIMENSIONS"))
    key = await kept(ledger)
    async with ledger.database.begin() as work:
        await post(work, group, news(key), ground={"event": 1})
    await ledger.settle()
    await ledger.pass_time(BACKOFF[0].total_seconds())
    assert room.taken[-1].outbound == Text(RichText("Новое меню"))
    assert await ledger.ends() == [("accepted", None)]


def asked(handle_: str) -> Send:
    return Send(at(TELEGRAM, handle_), Text(RichText("?"), media=(Media("image", file="k"),)))


@pytest.mark.parametrize(
    ("result", "others"),
    [
        (Throttled(3), Throttled(3)),
        (Rejected("too_big"), Rejected("too_big")),
        (Temporary("503"), Temporary("503")),
        (Unreachable("blocked"), Temporary("file_not_uploaded")),
        (Ambiguous("timeout"), Temporary("file_not_uploaded")),
    ],
)
async def test_who_follows_waits_when_the_first_fails(
    result: SendResult, others: SendResult
) -> None:
    room = Darkroom()
    room.answer("1", result)
    plain = Send(at(TELEGRAM, "4"), Text(RichText("без картинки")))
    sends = [asked("1"), asked("2"), asked("3"), plain]
    called = await call(room, sends, Attached(contents={"k": MENU}))
    assert called.results[:3] == [result, others, others]
    assert isinstance(called.results[3], Sent)
    assert (room.batches, called.uploads) == ([2], {})


async def test_who_follows_goes_another_time_when_the_file_took_long() -> None:
    room = Darkroom()
    called = await call(
        room, [asked("1"), asked("2")], Attached(contents={"k": MENU}), patience=-1.0
    )
    assert isinstance(called.results[0], Sent)
    assert called.results[1] == Temporary("file_took_long")
    assert (room.batches, called.uploads) == ([1], {"k": Upload("id-menu.jpg")})


async def test_messages_without_files_go_as_they_are(ledger: Ledger) -> None:
    room = dark(ledger)
    for person in [await ledger.customer(TELEGRAM) for _ in range(3)]:
        assert handle(person, TELEGRAM)
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    assert room.batches == [1, 1, 1]
