"""Who is heard at the desk: staff by their numeric id and role, strangers once, politely."""

import asyncio

import pytest

from broadcast.audits import OWNER
from delivery import hints
from storage.profiles import Change
from tests.broadcast.office import Office
from tests.broadcast.post import ADMIN_CHAT, TELEGRAM, VK
from tests.broadcast.town import started, town
from vestnik.address import Address

TRIED = ["/broadcast Привет", "/report", "/pause", "/cancel", "/find Анна", "/audit", "/segments"]


@pytest.mark.parametrize("text", TRIED)
async def test_a_strangers_command_is_refused_and_recorded(office: Office, text: str) -> None:
    await town(office)
    await started(office)
    stranger = office.colleague("666", "Олег Директор")
    (await stranger.says(text)).sees("только для наших сотрудников")
    assert stranger.heard
    assert (await office.log())[-1] == ("telegram:666", "refused", text.split(maxsplit=1)[0])
    assert await office.states() == {1: "running"}


async def test_a_stranger_is_refused_once_and_recorded_each_time(office: Office) -> None:
    stranger = office.colleague("666", "Кто-то", None)
    (await stranger.says("/broadcast")).sees("только для наших")
    await stranger.says("/broadcast")
    assert stranger.heard
    assert stranger.last == []
    assert await office.log() == [("telegram:666", "refused", "/broadcast")] * 2
    await office.database.shift_clock(3601)
    (await stranger.says("/audit")).sees("только для наших")


@pytest.mark.parametrize("text", ["Привет", "/start", "/help", "/settings", "broadcast"])
async def test_what_a_stranger_may_say_goes_to_the_dialog(office: Office, text: str) -> None:
    stranger = office.colleague("666", "Кто-то", None)
    assert not (await stranger.says(text)).heard
    assert stranger.last == []
    assert await office.log() == []


async def test_the_number_counts_not_the_name_nor_the_channel(office: Office) -> None:
    impostor = office.colleague("2", "Марина", None)
    impostor.channel = VK  # telegram:2 is staff, vk:2 is not
    (await impostor.says("/broadcasts")).sees("только для наших")
    assert (await office.log())[-1] == ("vk:2", "refused", "/broadcasts")


@pytest.mark.parametrize(
    ("number", "text", "allowed"),
    [
        ("3", "/find Анна", True),
        ("3", "/report 1", True),
        ("3", "/broadcasts", True),
        ("3", "/broadcast Привет", False),
        ("3", "/pause", False),
        ("3", "/segments", False),
        ("3", "/audit", False),
        ("2", "/segments", True),
        ("2", "/find Анна", False),
        ("2", "/audit", False),
        ("1", "/find Анна", True),
        ("1", "/audit", True),
    ],
)
async def test_roles(office: Office, number: str, text: str, allowed: bool) -> None:
    await town(office)
    await started(office)
    colleague = await office.colleague(number, "Коллега").says(text)
    if allowed:
        colleague.sees_no("не позволяет")
        assert colleague.last
    else:
        colleague.sees(f"Ваша роль не позволяет {text.split(maxsplit=1)[0]}")
        assert (await office.log())[-1] == (
            f"telegram:{number}",
            "refused",
            text.split(maxsplit=1)[0],
        )
    assert await office.states() == {1: "running"}


async def test_help_shows_what_the_role_may(office: Office) -> None:
    owner, operator = office.colleague("1", "Ольга"), office.colleague("3", "Олег")
    (await owner.says("/help")).sees("/broadcast:", "/find:", "/audit:")
    (await operator.says("/help@utro_bot")).sees("/report:", "/find:").sees_no(
        "/broadcast:", "/audit"
    )


async def test_staff_talk_in_private_in_their_own_language(office: Office) -> None:
    owner = office.colleague("1", "Olga", None)
    owner.language = "en-GB"
    (await owner.says("/help")).sees("Commands for staff")
    async with office.database.begin() as work:
        person = await work.people.add_person("Olga", "ru")
        await work.people.add_address(person, Address(TELEGRAM, "main", "1"))
    (await owner.says("/help")).sees("Команды для сотрудников")


async def test_the_admin_chat_has_the_houses_language(office: Office) -> None:
    owner = office.colleague("1", "Olga")
    owner.language = "en"
    (await owner.says("/help")).sees("Команды для сотрудников")


async def test_staff_are_customers_too(office: Office) -> None:
    marina = office.colleague("2", "Марина", None)
    for text in ("/start", "/settings", "/stop", "Кофе"):
        assert not (await marina.says(text)).heard
    assert not (await marina.presses_payload("city:msk")).heard
    await marina.says("/broadcast")
    for text in ("/start", "/settings"):
        assert not (await marina.says(text)).heard, "also in the middle of a draft"
    assert not (await marina.presses_payload("city:msk")).heard
    assert (await marina.says("Привет")).heard


async def test_the_router_asks_whether_an_order_is_meant(office: Office) -> None:
    marina, stranger = (
        office.colleague("2", "Марина", None),
        office.colleague("666", "Кто-то", None),
    )
    for colleague, text, expected in (
        (marina, "/cancel", True),
        (marina, "/stop", False),
        (marina, "cancel", False),
        (stranger, "/cancel", False),
    ):
        event, inbound = colleague.writes(text)
        assert office.desk.is_addressed(event, inbound) is expected


async def test_segments_are_shown_with_counts(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    (await marina.says("/segments")).sees(
        "Аудитория: 6 человек",
        "Город: Москва 3 · Казань 2 · Самара 1",
        "Интересы: Кофе 5 · Чай 1",
    )


async def test_the_latest_broadcasts_are_listed_without_abandoned_drafts(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    (await marina.says("/broadcasts")).sees("Рассылок ещё не было")
    await started(office)
    await marina.says("/broadcast Забытая")
    await marina.presses("Все")
    await marina.presses("Без шаблона")
    await marina.says("/cancel")
    (await marina.says("/broadcasts")).sees("№ 1: идёт, 6 человек, «Завтра дегустация»").sees_no(
        "№ 2"
    )


async def test_the_report_can_be_read_at_any_time(office: Office) -> None:
    await town(office)
    marina = await started(office)
    (await marina.says("/report")).sees("Отчёт, рассылка № 1: идёт", "ещё не отправлено: 6")
    await office.works()
    (await marina.presses_payload("B:report:1")).sees("завершена", "✓ Сходится: 5 + 1 = 6")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Глеб", "Глеб, № 4"),
        ("глеб", "Глеб, № 4"),
        ("ЛЕБ", "Глеб, № 4"),
        ("леб", "Глеб, № 4"),
        ("4", "Глеб, № 4"),
        ("№4", "Глеб, № 4"),
        ("1004", "Глеб, № 4"),
        ("+7 916 000-00-04", "Глеб, № 4"),
        ("8 (916) 000 00 04", "Глеб, № 4"),
        ("Никто", None),
        ("%", None),
        ("", None),
    ],
)
async def test_people_are_found(office: Office, typed: str, found: str | None) -> None:
    await town(office)
    olga = await office.colleague("1", "Ольга").says(f"/find {typed}")
    if found is None:
        olga.sees_no("№")
        assert olga.last
        assert await office.log() == []
    else:
        olga.sees(
            found,
            "WhatsApp: 1004",
            "SMS: +7 916 000-00-04",
            "Персональные данные: нет. Реклама: мессенджеры, SMS",
            "Город: Москва",
            "Интересы: Кофе",
        )
        assert await office.log() == [("telegram:1", "person.find", "person:4")]


async def test_what_was_imported_is_on_the_card(office: Office) -> None:
    person = await office.customer("Анна")
    columns = {"ltv": "12345.5", "birthday": "1990-12-31"}
    columns |= {f"о{number:02}": "ё" * 255 for number in range(30)}
    async with office.database.begin() as work:
        changes = [Change(person, it, frozenset(), frozenset({of})) for it, of in columns.items()]
        await work.profiles.change(changes)
    olga = await office.colleague("1", "Ольга").says(f"/find {person}")
    olga.sees(
        "Интересы: Кофе",
        "Из наших записей",
        "birthday: 31 декабря 1990\u202fг.",
        "ltv: 12\u00a0345,5",
        "о00: ёё",
        "и ещё 12",
    )
    assert len(olga.last) == 1


async def test_consents_are_proved_to_owners(office: Office) -> None:
    await town(office)
    olga = await office.colleague("1", "Ольга").says("/proof №1")
    olga.sees("Чем доказаны согласия", "advertising, grant")
    assert await office.log() == [("telegram:1", "person.proof", "person:1")]
    for typed in ("", "99", "Анна"):
        (await olga.says(f"/proof {typed}")).sees("Чьи?")
    (await office.colleague("3", "Олег").says("/proof 1")).sees("Ваша роль")


async def test_a_closed_address_is_shown_with_its_reason(office: Office) -> None:
    await town(office)
    (await office.colleague("3", "Олег").says("/find Егор")).sees(
        "Telegram: 1006 (заблокировали нас)"
    )


async def test_many_are_found(office: Office) -> None:
    for number in range(7):
        await office.customer(f"Анна {number}")
    olga = await office.colleague("1", "Ольга").says("/find Анна")
    assert len(olga.last) == 6
    olga.sees("Анна 0", "Анна 4", "Есть и другие").sees_no("Анна 5")


async def test_the_audit_in_short(office: Office) -> None:
    await office.customer("Анна")
    await started(office)
    await office.works()
    olga = office.colleague("1", "Ольга")
    (await olga.says("/audit")).sees("Аудит: нарушений нет", "I1 I2 I3")
    async with office.database.begin() as work:
        await work.broadcasts.note(1, audience=2)
    (await olga.says("/audit")).sees("есть нарушения", "I2 I3", "✗ I1:", "(1 / 1)")
    (await olga.says("/report")).sees("Не сходится", "аудитория была 2")


async def test_an_audit_waits_for_its_chore_and_is_answered_once(office: Office) -> None:
    olga = office.colleague("1", "Ольга")
    event, inbound = olga.writes("/audit")
    async with office.database.begin() as work:
        assert await office.desk.hear(work, event, inbound)
        assert hints.AUDIT in work.hints
    assert await office.said_to(ADMIN_CHAT) == []
    await asyncio.gather(office.audits.tell(), office.audits.tell())
    [(_, told)] = await office.said_to(ADMIN_CHAT)
    assert "Аудит: нарушений нет" in told.body.text
    assert await office.audits.tell() is None
    assert len(await office.said_to(ADMIN_CHAT)) == 1


async def test_a_question_of_another_version_is_forgotten(office: Office) -> None:
    async with office.database.begin() as work:
        await work.drafts.put(f"{OWNER}somebody", {"is": "Asked", "to": "nobody"})
    await office.audits.tell()
    async with office.database.read() as work:
        assert await work.drafts.owned(OWNER) == []
    assert await office.said_to(ADMIN_CHAT) == []
