"""Sending: once, by whoever is first, exactly what was seen. Fault cases 18 and 19."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.tables import broadcasts
from tests.broadcast.office import Office
from tests.broadcast.post import TELEGRAM, VK, WHATSAPP
from tests.broadcast.town import previewed, started, town
from vestnik.address import SMS, Lane
from vestnik.outbound import Text
from vestnik.record import encode
from vestnik.richtext import RichText
from vestnik.segment import On


@pytest.fixture
def either_office(database: Database) -> Office:
    """An office on each kind of database."""
    return Office(database)


async def test_everyone_is_reached_or_accounted_for(either_office: Office) -> None:
    office = either_office
    await town(office)
    marina = await previewed(office)
    (await marina.presses("Отправить")).sees(
        "Рассылка № 1 запущена: 6 человек. Кто запустил: Марина.",
        "📣 Рассылка № 1: идёт",
        "0 %, 0 из 6",
        "[⏸ Пауза]",
    )
    await office.works()
    report = await office.report(1)
    assert report.states == {"accepted": 5, "skipped": 1}
    assert report.skipped == {"no_consent": 1}
    assert report.reached == {"sms": 2, "telegram": 1, "vk": 1, "whatsapp": 1}
    taken = {lane.channel: len(it.taken) for lane, it in office.post.items()}
    staff = [it for it in office.post[Lane(TELEGRAM, "main")].taken if it.address == marina.place]
    assert taken == {SMS: 2, TELEGRAM: 1 + len(staff), VK: 1, WHATSAPP: 1}

    await office.tells()
    (await marina.looks()).sees(
        "Отчёт, рассылка № 1: завершена",
        "Аудитория: 6",
        "• отправлено: 5",
        "• пропущено: 1",
        "✓ Сходится: 5 + 1 = 6",
        "Получили люди: SMS 2 · Telegram 1 · VK 1 · WhatsApp 1",
        "• нет согласия на рекламу в этом канале: 1",
        "SMS: 2 оплачиваемые части",
        "Стоимость: 5.00",
    )


async def test_a_double_tap_starts_once(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    send = await marina.payload_of("Отправить")
    await marina.presses_payload(send)
    (await marina.presses_payload(send)).sees("уже запущена", "Марина", "Второй раз").sees_no(
        "идёт"
    )
    await office.works()
    assert (await office.report(1)).audience == 6
    assert [action for _, action, _ in await office.log()].count("broadcast.start") == 1


async def test_two_administrators_press_at_once(either_office: Office) -> None:
    office = either_office
    await town(office)
    marina = await previewed(office)
    send = await marina.payload_of("Отправить")
    crowd = [marina, *(office.colleague("1", name) for name in ("Ольга", "Пётр"))]
    await asyncio.gather(*(it.presses_payload(send) for it in crowd))

    said = [text.body.text for _, text in await office.said_to(marina.place)]
    assert len([text for text in said if "запущена: 6 человек" in text]) == 1
    [starter] = {
        text.split("Кто запустил: ")[1].split(".")[0] for text in said if "запустил" in text
    }
    assert len([text for text in said if "уже запущена" in text]) == 2
    log = [action for _, action, _ in await office.log()]
    assert log.count("broadcast.start") == 1
    assert starter in {"Марина", "Ольга", "Пётр"}


async def test_the_others_learn_who_it_was_and_cannot_undo_it(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    olga = office.colleague("1", "Ольга")
    (await olga.presses("Отправить")).sees("Кто запустил: Ольга")
    (await marina.presses("Другой текст")).sees("№ 1 уже не черновик", "/report 1")
    assert await office.states() == {1: "running"}
    await marina.says("/broadcast Другое")
    assert await office.states() == {1: "running"}
    (await marina.says("/cancel")).sees("Черновик отменён")
    assert await office.states() == {1: "running"}


async def test_giving_up_after_somebody_else_has_sent_stops_nothing(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    await office.colleague("1", "Ольга").presses("Отправить")
    (await marina.presses("Отменить черновик")).sees("уже не черновик")
    await office.works()
    assert (await office.report(1)).states == {"accepted": 5, "skipped": 1}


async def test_a_stranger_presses_send(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    send = await marina.payload_of("Отправить")
    stranger = office.colleague("666", "Марина")
    (await stranger.presses_payload(send)).sees("только для наших сотрудников")
    assert stranger.heard
    assert await office.states() == {1: "draft"}
    assert (await office.log())[-1] == ("telegram:666", "refused", "button:send")
    (await marina.presses_payload(send)).sees("запущена")


async def test_an_operator_may_not_send(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    send = await marina.payload_of("Отправить")
    operator = office.colleague("3", "Олег")
    (await operator.presses_payload(send)).sees("Ваша роль не позволяет /broadcast")
    assert await office.states() == {1: "draft"}
    assert (await office.log())[-1] == ("telegram:3", "refused", "button:send")


async def test_a_preview_is_good_for_an_hour(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    send = await marina.payload_of("Отправить")
    await office.database.shift_clock(timedelta(hours=1, seconds=1).total_seconds())
    (await marina.presses_payload(send)).sees("устарел", "Предпросмотр рассылки № 2")
    assert await office.states() == {1: "cancelled", 2: "draft"}


@pytest.mark.parametrize("forged", ["", "x" * 16, "B:send:"])
async def test_a_forged_nonce_starts_nothing(office: Office, forged: str) -> None:
    await town(office)
    await previewed(office)
    olga = office.colleague("1", "Ольга")
    (await olga.presses_payload(f"B:send:{forged}")).sees("устарел").sees_no(
        "Предпросмотр рассылки"
    )
    assert await office.states() == {1: "draft"}


@pytest.mark.parametrize(
    "changed",
    [
        {"content": encode(Text(RichText("Другое")))},
        {"segment": encode(On(VK))},
        {"route": []},
        {"templates": {}},
    ],
    ids=lambda it: next(iter(it)),
)
async def test_only_what_was_seen_is_sent(office: Office, changed: dict[str, object]) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Привет")
    await marina.presses("Все")
    await marina.presses("С шаблоном")
    send = await marina.payload_of("Отправить")
    async with office.database.begin() as work:
        await work.connection.execute(sa.update(broadcasts).values(**changed))
    (await marina.presses_payload(send)).sees("устарел", "Предпросмотр рассылки № 2", "Отправить")
    assert await office.states() == {1: "cancelled", 2: "draft"}


async def test_an_audience_that_has_outgrown_its_preview_is_shown_anew(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    for number in range(11):
        await office.customer(f"Новый {number}")
    (await marina.presses("Отправить")).sees(
        "в предпросмотре аудитория была 6, а теперь 17",
        "Предпросмотр рассылки № 2",
        "17 человек",
    )
    assert await office.states() == {1: "cancelled", 2: "draft"}
    (await marina.presses("Отправить")).sees("запущена: 17 человек")


async def test_a_button_that_was_pressed_in_vain_does_not_send_later(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    for number in range(11):
        await office.customer(f"Новый {number}")
    olga = office.colleague("1", "Ольга")
    (await olga.presses("Отправить")).sees("а теперь 17").sees_no("Предпросмотр рассылки")
    (await olga.presses("Отправить")).sees("устарел")
    (await marina.presses("Отправить")).sees("устарел", "Предпросмотр рассылки № 2", "17 человек")
    assert await office.states() == {1: "cancelled", 2: "draft"}


async def test_a_newcomer_does_not_get_in_the_way(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    await office.customer("Новый")
    (await marina.presses("Отправить")).sees("запущена: 7 человек")


async def test_an_opt_out_after_the_preview_counts(office: Office) -> None:
    person = await office.customer("Анна")
    marina = await previewed(office)
    marina.sees("→ Telegram: 1")
    await office.opts_out(person)
    await marina.presses("Отправить")
    await office.works()
    assert (await office.report(1)).skipped == {"opted_out": 1}


async def test_started_elsewhere_the_button_tells_so(office: Office) -> None:
    await town(office)
    marina = await started(office)
    async with office.database.begin() as work:
        again = await work.drafts.new_nonce("start", "1:x:6")
    (await marina.presses_payload(f"B:send:{again}")).sees("уже запущена", "telegram:2")
