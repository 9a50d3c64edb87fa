"""Pausing, resuming, cancelling; fault case 23 as the admin chat sees it."""

import pytest

from tests.broadcast.office import Office
from tests.broadcast.post import VK
from tests.broadcast.town import started, town
from vestnik.address import Lane


async def test_pause_and_resume(office: Office) -> None:
    await town(office)
    marina = await started(office)
    (await marina.says("/pause")).sees("Рассылка № 1 на паузе (Марина)", "/resume")
    await office.works()
    assert (await office.report(1)).states == {"planned": 5, "skipped": 1}
    assert office.post[Lane(VK, "main")].taken == []
    olga = office.colleague("1", "Ольга")
    (await olga.says("/resume 1")).sees("Рассылка № 1 продолжается (Ольга)")
    await office.works()
    assert (await office.report(1)).states == {"accepted": 5, "skipped": 1}


async def test_the_buttons_under_the_progress_steer_too(office: Office) -> None:
    await town(office)
    marina = await started(office)
    (await marina.presses("Пауза")).sees("на паузе")
    (await marina.presses_payload("B:resume:1")).sees("продолжается")
    assert await office.states() == {1: "running"}


async def test_cancelling_by_command_is_at_once(office: Office) -> None:
    await town(office)
    marina = await started(office)
    (await marina.says("/cancel №1")).sees("Рассылка № 1 прекращена (Марина)")
    await office.works()
    assert (await office.report(1)).states == {"cancelled": 6}
    assert await office.tells() == 1.0
    (await marina.looks()).sees(
        "Отчёт", "отменена", "• отменено до отправки: 6", "✓ Сходится: 6 = 6"
    )
    assert await office.tells() is None


async def test_cancelling_by_button_is_asked_once_more(office: Office) -> None:
    await town(office)
    marina = await started(office)
    (await marina.presses("Отменить")).sees("насовсем?", "Ещё не получили: 6 человек", "[Да")
    assert await office.states() == {1: "running"}
    yes = await marina.payload_of("Да, прекратить")
    (await marina.presses_payload(yes)).sees("прекращена")
    assert await office.states() == {1: "cancelled"}
    (await marina.presses_payload(yes)).sees("Ничего не изменилось", "отменена")
    (await marina.presses_payload("B:end:forged")).sees("устарела")
    (await marina.presses_payload("B:cancel:1")).sees("Ничего не изменилось", "отменена")


async def test_a_nonce_to_cancel_does_not_start_and_the_other_way_round(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await marina.presses("Отменить")
    yes = (await marina.payload_of("Да, прекратить")).rpartition(":")[2]
    (await marina.presses_payload(f"B:send:{yes}")).sees("устарел")
    assert await office.states() == {1: "running"}


@pytest.mark.parametrize("command", ["/pause", "/cancel", "/resume"])
async def test_what_is_over_stays_over(office: Office, command: str) -> None:
    await town(office)
    marina = await started(office)
    await office.works()
    (await marina.says(command)).sees("Ничего не изменилось: рассылка № 1 — завершена")
    assert await office.states() == {1: "running"}


@pytest.mark.parametrize("command", ["/pause", "/cancel", "/resume", "/report"])
@pytest.mark.parametrize("typed", ["", " 99", " завтра"])
async def test_there_is_no_such_broadcast(office: Office, command: str, typed: str) -> None:
    olga = office.colleague("1", "Ольга")
    (await olga.says(command + typed)).sees("Такой рассылки нет")


async def test_the_latest_that_was_started_is_meant_not_a_draft(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await marina.says("/broadcast Другая")
    await marina.presses("Все")
    await marina.presses("Без шаблона")
    assert await office.states() == {1: "running", 2: "draft"}
    (await marina.says("/pause")).sees("№ 1 на паузе")
    (await marina.says("/pause")).sees("Ничего не изменилось: рассылка № 1 — на паузе")


async def test_in_the_middle_of_a_draft_cancel_means_the_draft(office: Office) -> None:
    await town(office)
    marina = await started(office)
    await marina.says("/broadcast")
    (await marina.says("/cancel")).sees("Черновик отменён")
    assert await office.states() == {1: "running"}
    (await marina.says("/cancel")).sees("прекращена")


async def test_what_was_done_is_logged(office: Office) -> None:
    await town(office)
    marina = await started(office)
    for command in ("/pause", "/resume", "/cancel"):
        await marina.says(command)
    assert [(who, what) for who, what, about in await office.log() if about == "broadcast:1"] == [
        ("telegram:2", "broadcast.draft"),
        ("telegram:2", "broadcast.start"),
        ("telegram:2", "broadcast.pause"),
        ("telegram:2", "broadcast.resume"),
        ("telegram:2", "broadcast.cancel"),
    ]
    async with office.database.read() as work:
        assert await work.audit.broken_at() is None
