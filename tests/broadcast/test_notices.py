"""The provider stops a template or an account: campaigns wait, and staff are told why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from broadcast.catalogue import Catalogue
from broadcast.notices import Notices
from storage.inbox import Event
from tests.broadcast.office import Office
from tests.broadcast.post import ADMIN_CHAT, LANGUAGES, WHATSAPP, Post
from tests.broadcast.town import town
from vestnik.abilities import SetupFailed, TemplateInfo, Tier
from vestnik.address import Address, Lane
from vestnik.inbound import AccountChanged, Author, TemplateChanged

LANE = Lane(WHATSAPP, "main")
NEWS = TemplateInfo("news", "ru", "UTILITY", "APPROVED", "{{1}}", 1)
NOTICES = Notices(LANGUAGES, ADMIN_CHAT)


class Business(Post):
    """A number with templates and a tier."""

    def __init__(self, *infos: TemplateInfo) -> None:
        super().__init__(LANE)
        self.infos: Sequence[TemplateInfo] = infos
        self.away = False

    async def templates(self) -> Sequence[TemplateInfo]:
        if self.away:
            raise SetupFailed("Meta cannot be reached")
        return self.infos

    async def tier(self) -> Tier:
        return Tier(people_a_day=2000, rate=70.0, note="GREEN")


def told(**more: Any) -> dict[str, Any]:
    nobody = {"address": Address(WHATSAPP, "main", ""), "author": Author("")}
    return {"event_id": "t1", "at": datetime.now(UTC), **nobody, **more}


async def hears(office: Office, notice: TemplateChanged | AccountChanged) -> None:
    event = Event(office.next_id(), LANE, notice, datetime.now(UTC), 0)
    async with office.database.begin() as work:
        await NOTICES.hear(work, event, notice)


async def sending(office: Office) -> Business:
    """A campaign that goes on by a template, and a catalogue that knows it."""
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Завтра дегустация")
    await marina.presses("Все")
    await marina.presses("С шаблоном")
    (await marina.presses("Отправить")).sees("запущена")
    business = Business(NEWS)
    await Catalogue(office.database, {LANE: business}, NOTICES).look()
    return business


async def last(office: Office) -> list[str]:
    return [text.body.text for _, text in (await office.said_to(ADMIN_CHAT))[-2:]]


async def test_a_paused_template_pauses_who_uses_it(office: Office) -> None:
    await sending(office)
    stop = TemplateChanged(**told(name="news", language="ru", status="PAUSED", why="low quality"))
    await hears(office, stop)
    assert await office.states() == {1: "paused"}
    first, second = await last(office)
    assert first == "WhatsApp, шаблон news (ru): теперь PAUSED. low quality"
    assert second.startswith("⏸ Рассылка № 1 ждёт")
    assert (await office.log())[-1] == ("provider:whatsapp", "broadcast.pause", "broadcast:1")
    async with office.database.read() as work:
        assert (await work.broadcasts.latest(1))[0].reason == "шаблон news: теперь PAUSED"


async def test_staff_hear_when_a_template_is_back(office: Office) -> None:
    await sending(office)
    for status in ("PAUSED", "APPROVED"):
        await hears(office, TemplateChanged(**told(name="news", language="ru", status=status)))
    assert (await last(office))[1] == "WhatsApp, шаблон news (ru): теперь APPROVED."
    assert await office.states() == {1: "paused"}


async def test_another_template_concerns_nobody(office: Office) -> None:
    await sending(office)
    await hears(office, TemplateChanged(**told(name="other", language="ru", status="REJECTED")))
    assert await office.states() == {1: "running"}


async def test_a_dearer_category_pauses_too(office: Office) -> None:
    await sending(office)
    await hears(office, TemplateChanged(**told(name="news", language="ru", category="MARKETING")))
    assert await office.states() == {1: "paused"}
    assert "теперь в категории MARKETING" in (await last(office))[0]


async def test_bad_marks_are_told_and_stop_nothing(office: Office) -> None:
    await sending(office)
    await hears(office, TemplateChanged(**told(name="news", language="ru", why="quality RED")))
    assert await office.states() == {1: "running"}
    assert "quality RED" in (await last(office))[1]


async def test_what_no_notice_told_the_catalogue_finds(office: Office) -> None:
    business = await sending(office)
    catalogue = Catalogue(office.database, {LANE: business}, NOTICES)
    business.infos = [replace(NEWS, status="DISABLED")]
    await catalogue.look()
    assert await office.states() == {1: "paused"}
    before = await office.said_to(ADMIN_CHAT)
    await catalogue.look()
    assert await office.said_to(ADMIN_CHAT) == before


async def test_a_template_that_is_gone_is_a_stopped_one(office: Office) -> None:
    business = await sending(office)
    business.infos = []
    await Catalogue(office.database, {LANE: business}, NOTICES).look()
    assert await office.states() == {1: "paused"}
    async with office.database.read() as work:
        gone = await work.templates.get(LANE, "news", "ru")
    assert gone is not None
    assert not gone.usable


async def test_a_catalogue_that_cannot_be_read_changes_nothing(office: Office) -> None:
    business = await sending(office)
    business.away = True
    await Catalogue(office.database, {LANE: business}, NOTICES).look()
    assert await office.states() == {1: "running"}
    async with office.database.read() as work:
        assert (await work.lanes.standing(LANE)).tier == Tier(2000, 70.0, "GREEN")
        assert await work.templates.of(LANE) == [NEWS]


async def test_a_stopped_account_rests_and_is_told(office: Office) -> None:
    await sending(office)
    await hears(office, AccountChanged(**told(what="restricted until Monday", stops="everything")))
    assert (await last(office))[1] == "WhatsApp о нашем аккаунте: restricted until Monday."
    async with office.database.read() as work:
        [trouble] = await work.lanes.troubles()
    assert (trouble.lane, trouble.why) == (LANE, "restricted until Monday")
    assert trouble.alarmed_at is not None, "staff need not be told twice"


async def test_other_news_of_the_account_stops_nothing(office: Office) -> None:
    await sending(office)
    await hears(office, AccountChanged(**told(what="the tier is TIER_10K")))
    async with office.database.read() as work:
        assert await work.lanes.troubles() == []
