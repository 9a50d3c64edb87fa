"""The chore that keeps staff informed: one message edited, one report, each told once."""

import asyncio
from dataclasses import replace

from broadcast import campaign
from broadcast.progress import Progress
from tests.broadcast.office import Office
from tests.broadcast.post import ADMIN_CHAT, LANGUAGES, LIMITS, ROUTE, TELEGRAM, VK
from tests.broadcast.town import previewed, started, town
from vestnik.address import Address, Lane
from vestnik.outbound import Edit, Text
from vestnik.richtext import RichText
from vestnik.segment import EVERYONE


def last_edit(office: Office) -> str:
    edit = office.edits[-1].outbound
    assert isinstance(edit, Edit)
    return edit.text.body.text


async def test_the_progress_message_is_edited_and_the_report_follows(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await office.planner.route_due()
    await office.sends(Lane(TELEGRAM, "main"))
    assert await office.tells() == 1.0
    assert "33 %, 2 из 6" in last_edit(office)
    assert office.edits[-1].address == ADMIN_CHAT
    assert (await marina.looks()).last == [], "no new message for that"

    await office.works()
    assert await office.tells() == 1.0
    assert "завершена" in last_edit(office)
    assert "100 %, 6 из 6" in last_edit(office)
    (await marina.looks()).sees("Отчёт, рассылка № 1: завершена", "✓ Сходится")
    assert await office.tells() is None
    assert (await marina.looks()).last == []


async def test_nothing_to_tell(office: Office) -> None:
    await town(office)
    await previewed(office)
    assert await office.tells() is None


async def test_the_edited_message_is_the_one_that_was_posted(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await office.works()
    await office.tells()
    post = office.post[Lane(TELEGRAM, "main")]
    edit = office.edits[-1].outbound
    assert isinstance(edit, Edit)
    place = int(edit.reference.removeprefix("telegram.")) - 1
    assert post.taken[place].address == marina.place
    assert "0 %, 0 из 6" in post.taken[place].outbound.body.text  # type: ignore[union-attr]


async def test_edits_are_rare_and_only_for_news(office: Office) -> None:
    await town(office)
    await started(office)
    await office.planner.route_due()
    await office.sends(Lane(TELEGRAM, "main"))
    await office.progress.tell()
    assert len(office.edits) == 1
    await office.sends(Lane(VK, "main"))
    await office.progress.tell()
    assert len(office.edits) == 1, "too early for another"
    office.progress = Progress(office.database, LANGUAGES, LIMITS, ADMIN_CHAT)
    await office.progress.tell()
    assert len(office.edits) == 2
    office.progress = Progress(office.database, LANGUAGES, LIMITS, ADMIN_CHAT)
    await office.progress.tell()
    assert len(office.edits) == 2, "nothing new"


async def test_a_report_does_not_overtake_its_progress_message(office: Office) -> None:
    office.admin_chat = None
    office.__post_init__()
    await office.customer("Анна", VK)
    marina = office.colleague("2", "Марина", None)
    await marina.says("/broadcast Привет")
    await marina.presses("Все")
    await marina.presses("Без шаблона")
    await marina.presses("Отправить")
    await office.planner.route_due()
    await office.sends(Lane(VK, "main"))
    assert await office.progress.tell() == 1.0
    assert (await marina.looks()).last == []
    await office.database.shift_clock(61)
    await office.progress.tell()
    (await marina.looks()).sees("Отчёт")


async def test_started_in_private_it_is_reported_there_and_in_the_admin_chat(
    office: Office,
) -> None:
    await office.customer("Анна")
    masha = office.colleague("7", "Маша", None)
    masha.channel = VK
    await masha.says("/broadcast Привет")
    await masha.presses("Все")
    await masha.presses("Без шаблона")
    await masha.presses("Отправить")
    await office.works()
    await office.tells()
    (await masha.looks()).sees("Отчёт, рассылка № 1")
    (await office.colleague("2", "Марина").looks()).sees("Отчёт, рассылка № 1").sees_no("идёт")
    assert office.edits[-1].address == Address(VK, "main", "7")


async def test_where_nothing_can_be_edited_there_is_the_report_alone(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await office.works()
    stiff = {lane: replace(limits, edits=False) for lane, limits in LIMITS.items()}
    office.progress = Progress(office.database, LANGUAGES, stiff, ADMIN_CHAT)
    await office.tells()
    assert office.edits == []
    (await marina.looks()).sees("Отчёт")


async def test_two_processes_report_once(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await office.works()
    await marina.looks()
    chores = [Progress(office.database, LANGUAGES, LIMITS, ADMIN_CHAT) for _ in range(3)]
    await asyncio.gather(*(chore.tell() for chore in chores))
    assert len((await marina.looks()).last) == 1
    assert len(office.edits) == 1


async def test_without_an_admin_chat_there_is_nobody_to_tell(office: Office) -> None:
    office.admin_chat = None
    office.__post_init__()
    await office.customer("Анна")
    async with office.database.begin() as work:
        number = await work.broadcasts.draft(
            segment=EVERYONE,
            content=Text(RichText("Привет")),
            templates={},
            route=ROUTE,
            content_hash="",
            created_by="api",
        )
        await campaign.start(work, number, "api")
    await office.works()
    assert await office.tells() == 1.0
    assert await office.tells() is None


async def test_a_paused_broadcast_says_so(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await marina.says("/pause")
    await office.works()
    await office.tells()
    assert "на паузе" in last_edit(office)
    assert await office.tells() == 1.0, "it is not over"


async def test_every_failure_is_told_with_its_reason(office: Office) -> None:
    await town(office)
    await office.customer("Жанна", TELEGRAM, phone="+79160000007")
    await office.customer("Захар", VK)
    office.post[Lane(TELEGRAM, "main")].blocked = {"1001", "1007"}
    office.post[Lane(VK, "main")].broken_for = {"1008"}
    marina = await started(office)
    await office.works()
    await office.tells()
    (await marina.looks()).sees(
        "Аудитория: 8",
        "• отправлено: 5",
        "• не удалось: 2",
        "• пропущено: 1",
        "✓ Сходится: 5 + 2 + 1 = 8",
        "SMS 3",
        "Почему не удалось",
        "• заблокировали нас: 1",
        "• провайдер отклонил сообщение (400): 1",
    )
