"""A broadcast that is refused pauses itself, and staff hear of lanes that cannot send: once."""

import asyncio

import pytest

from broadcast import campaign
from broadcast.watch import ALARM_OPENINGS, Watch
from delivery.refusals import MOST_REFUSED
from dialogs.languages import Languages
from storage.lanes import Breaker
from tests.broadcast.office import Colleague, Office
from tests.broadcast.post import ADMIN_CHAT, LANGUAGES, TELEGRAM, VK
from tests.broadcast.town import started
from vestnik.address import SMS, Lane

LANE = Lane(VK, "main")
CROWD = 3 * MOST_REFUSED


async def watch(office: Office, languages: Languages = LANGUAGES) -> list[str]:
    """The watch looks; what it tells the admin chat."""
    known = [number for number, _ in await office.said_to(ADMIN_CHAT)]
    assert await Watch(office.database, languages, ADMIN_CHAT).look() is None
    told = await office.said_to(ADMIN_CHAT, after=max(known, default=0))
    return [text.body.text for _, text in told]


async def crowd(office: Office, refused: int) -> Colleague:
    """A broadcast of which VK refuses some messages, while one on Telegram is still to go."""
    for number in range(CROWD):
        person = await office.customer(f"Кто-то {number}", VK)
        if number < refused:
            office.post[LANE].broken_for.add(str(1000 + person))
    await office.customer("Анна", TELEGRAM)
    marina = await started(office)
    await office.planner.route_due()
    await office.sends(LANE)
    return marina


class TestRefusedBroadcast:
    async def test_it_pauses_and_staff_hear_why(self, office: Office) -> None:
        await crowd(office, MOST_REFUSED)
        [note] = await watch(office)
        assert note == (
            "⏸ Рассылка № 1 приостановилась сама: 10 отказов, чаще всего: провайдер отклонил "
            "сообщение (400). /resume 1 продолжит её всё равно, /cancel 1 отменит."
        )
        assert await office.states() == {1: "paused"}
        assert (await office.log())[-1] == ("vestnik", "broadcast.pause", "broadcast:1")
        async with office.database.read() as work:
            broadcast = await work.broadcasts.get(1)
        assert broadcast is not None
        assert (broadcast.reason or "").startswith("10 отказов, чаще всего")
        assert await watch(office) == []

    async def test_nothing_more_goes_out_until_staff_say_so(self, office: Office) -> None:
        marina = await crowd(office, MOST_REFUSED)
        await watch(office)
        await office.works()
        assert (await office.report(1)).states["planned"] == 1
        await marina.says("/resume 1")
        assert await watch(office) == [], "they have seen those refusals"
        assert await office.states() == {1: "running"}
        await office.works()
        assert "planned" not in (await office.report(1)).states

    async def test_it_pauses_again_when_they_pile_up_anew(self, office: Office) -> None:
        await crowd(office, MOST_REFUSED)
        await watch(office)
        async with office.database.begin() as work:
            assert await campaign.resume(work, 1, "telegram:2")
            sample = (await work.broadcasts.samples([1]))[1]
            fed = sample.fed(MOST_REFUSED, MOST_REFUSED, 200)
            await work.broadcasts.keep_sample(1, fed)
        assert len(await watch(office)) == 1
        assert await office.states() == {1: "paused"}

    async def test_fewer_pause_nothing(self, office: Office) -> None:
        await crowd(office, MOST_REFUSED - 1)
        assert await watch(office) == []
        assert await office.states() == {1: "running"}

    async def test_one_of_many_watches_pauses_it(self, office: Office) -> None:
        await crowd(office, MOST_REFUSED)
        watches = [Watch(office.database, LANGUAGES, ADMIN_CHAT) for _ in range(3)]
        await asyncio.gather(*(it.look() for it in watches))
        paused = [action for _, action, _ in await office.log() if action == "broadcast.pause"]
        assert len(paused) == 1

    async def test_in_english(self, office: Office) -> None:
        await crowd(office, MOST_REFUSED)
        [note] = await watch(office, Languages("en"))
        assert note == (
            "⏸ Broadcast № 1 has paused itself: 10 refusals, most often: the provider refused the "
            "message (400). /resume 1 goes on all the same, /cancel 1 ends it."
        )


class TestLanes:
    async def test_staff_hear_when_it_stops_and_when_it_sends_again(self, office: Office) -> None:
        await self._opens(office, ALARM_OPENINGS, "token revoked")
        assert await watch(office) == [
            "⚠️ VK не отправляет: token revoked. Всё ждёт, никто не потерян; каждые несколько "
            "минут пробуем снова."
        ]
        assert await watch(office) == []
        await self._opens(office, ALARM_OPENINGS + 1, "token revoked")
        assert await watch(office) == []
        await self._opens(office, 0, None)
        assert await watch(office) == ["✅ VK снова отправляет."]
        assert await watch(office) == []
        async with office.database.read() as work:
            assert await work.lanes.troubles() == []

    async def test_what_passes_by_itself_is_not_told(self, office: Office) -> None:
        await self._opens(office, ALARM_OPENINGS - 1, "temporary:503")
        assert await watch(office) == []

    async def test_a_reason_of_ours_is_told_in_words(self, office: Office) -> None:
        await self._opens(office, ALARM_OPENINGS, "temporary:503")
        [note] = await watch(office)
        assert note.startswith("⚠️ VK не отправляет: провайдер временно не принимал (503).")

    async def test_broadcasts_that_are_held_back(self, office: Office) -> None:
        async with office.database.begin() as work:
            await work.lanes.stop(LANE, 900, "low quality", bulk=True)
        [note] = await watch(office)
        assert note.startswith("⚠️ VK пока не принимает от нас рассылки: low quality.")
        await office.database.shift_clock(910)
        assert await watch(office) == [], "the next refusal may be on its way"
        await office.database.shift_clock(60)
        assert await watch(office) == ["✅ VK снова отправляет."]

    async def test_what_a_notice_told_is_told_once(self, office: Office) -> None:
        async with office.database.begin() as work:
            await work.lanes.stop(LANE, 900, "restricted", told=True)
        assert await watch(office) == []
        await office.database.shift_clock(901)
        assert await watch(office) == [], "whether it sends again is not known yet"
        await self._opens(office, 0, None)
        assert await watch(office) == ["✅ VK снова отправляет."]

    @pytest.mark.parametrize("account", ["main", "second"])
    async def test_it_is_named(self, office: Office, account: str) -> None:
        async with office.database.begin() as work:
            down = Breaker(openings=9, why="no funds")
            await work.lanes.keep(Lane(SMS, account), down)
        [note] = await watch(office)
        assert note.startswith("⚠️ SMS second не" if account == "second" else "⚠️ SMS не")

    async def test_without_an_admin_chat_nobody_is_told(self, office: Office) -> None:
        await self._opens(office, ALARM_OPENINGS, "token revoked")
        assert await Watch(office.database, LANGUAGES, None).look() is None
        assert await office.said_to(ADMIN_CHAT) == []

    async def _opens(self, office: Office, openings: int, why: str | None) -> None:
        async with office.database.begin() as work:
            await work.lanes.keep(LANE, Breaker(openings=openings, why=why))
