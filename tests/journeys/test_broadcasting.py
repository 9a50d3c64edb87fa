"""A broadcast from the admin chat: who gets it, by which way, and what staff are told."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from app.demo.stage import OPERATOR
from app.demo.story import MARK
from app.inspection import check_ledger
from storage.reports import Report
from tests.journeys.test_subscribing import subscribed
from tests.journeys.town import Town

TEXT = f"**Новинка** недели: фильтр из Кении. {MARK}"


async def sent(town: Town, *, template: bool = True) -> int:
    """Marina sends to everybody; gives the broadcast's id when it is finished."""
    marina = town.staff("marina")
    await marina.says("/broadcast")
    await marina.sees("рассылка")
    await marina.says(TEXT)
    await marina.presses("✅ Все")
    await marina.presses("С шаблоном" if template else "Без шаблона")
    await marina.presses("Отправить")
    return await town.finished_broadcast()


@pytest.mark.parametrize(
    ("messenger", "who"), [("telegram", "p000"), ("vk", "p001"), ("whatsapp", "p002")]
)
async def test_its_button_opens_the_scenario(town: Town, messenger: str, who: str) -> None:
    await subscribed(town, messenger, who)
    marina = town.staff("marina")
    await marina.says(f"/broadcast {TEXT}")
    await marina.presses("✅ Все")
    await marina.presses("Без шаблона")
    await marina.presses("Кнопка: Обновить анкету")
    await marina.sees("рассылки № 2")
    await marina.presses("Отправить")
    customer = town.phone(who, messenger)
    await customer.sees(MARK)
    await customer.presses("Обновить анкету")
    await customer.sees("В каком городе")


async def report(town: Town, broadcast_id: int) -> Report:
    async with town.ledger() as work:
        return await work.reports.of(broadcast_id)


async def accepted(town: Town) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for entry in town.stage.world.accepted.find(containing=MARK):
        if not entry.to.startswith("-"):
            counts[entry.platform] = counts.get(entry.platform, 0) + 1
    return counts


async def test_everybody_is_reached_where_they_talk(town: Town) -> None:
    for messenger, who in (("telegram", "p000"), ("vk", "p001"), ("whatsapp", "p002")):
        await subscribed(town, messenger, who)
    broadcast_id = await sent(town)
    told = await report(town, broadcast_id)
    assert told.reached == {"telegram": 1, "vk": 1, "whatsapp": 1}
    assert told.channels == await accepted(town)
    assert sum(told.states.values()) == told.audience == 3
    for messenger, who in (("telegram", "p000"), ("vk", "p001"), ("whatsapp", "p002")):
        await town.phone(who, messenger).sees(MARK)
    await town.staff("marina").sees("3")
    assert not [it for it in await check_ledger(town.house.database, {"whatsapp": 24}) if it.broken]


@pytest.mark.parametrize(
    ("messenger", "who", "deed"),
    [
        ("telegram", "p000", "block"),
        ("telegram", "p000", "delete_account"),
        ("vk", "p001", "block"),
        ("vk", "p001", "privacy"),
        ("whatsapp", "p002", "block"),
        ("whatsapp", "p002", "offline"),
    ],
)
async def test_whoever_is_out_of_reach_gets_an_sms(
    town: Town, messenger: str, who: str, deed: str
) -> None:
    await subscribed(town, messenger, who)
    await town.phone(who, messenger).does(deed)
    await town.quiet()
    told = await report(town, await sent(town))
    assert told.reached == {"sms": 1}
    await town.phone(who, "sms").sees(MARK)
    assert told.channels == await accepted(town)
    assert told.segments == 1


@pytest.mark.parametrize(("template", "by"), [(True, "whatsapp"), (False, "sms")])
async def test_a_closed_window_takes_the_template_or_falls_to_sms(
    town: Town, template: bool, by: str
) -> None:
    await subscribed(town, "whatsapp", "p002")
    await town.hours_pass(25)
    told = await report(town, await sent(town, template=template))
    assert told.reached == {by: 1}
    await town.phone("p002", by).sees(MARK)


async def test_late_delivery_after_the_fallback_is_told_as_double(town: Town) -> None:
    await subscribed(town, "whatsapp", "p002")
    whatsapp = town.phone("p002", "whatsapp")
    await whatsapp.does("offline")
    broadcast_id = await sent(town)
    await whatsapp.does("online")
    await whatsapp.sees(MARK)
    await town.until(lambda: report(town, broadcast_id), lambda told: told.twice == 1)
    told = await report(town, broadcast_id)
    assert sum(told.states.values()) == 1


async def test_no_sms_without_a_number(town: Town) -> None:
    phone = town.phone("p000", "telegram")
    await phone.starts()
    for label in ("Даю согласие", "Да, присылайте", "Казань", "Кофе", "Готово", "Пропустить"):
        await phone.presses(label)
    await phone.sees("вы в клубе")
    await phone.does("block")
    await town.quiet()
    told = await report(town, await sent(town))
    assert told.skipped == {"no_phone": 1}


async def test_whoever_opted_out_gets_nothing_anywhere(town: Town) -> None:
    await subscribed(town, "telegram", "p000")
    await town.phone("p000", "telegram").says("СТОП")
    await town.quiet()
    told = await report(town, await sent(town))
    assert told.skipped == {"opted_out": 1}
    assert not await accepted(town)


async def test_a_stranger_in_the_admin_chat_is_refused_and_recorded(town: Town) -> None:
    oleg = town.staff("oleg")  # an operator: no marketer
    await oleg.says("/broadcast")
    await town.quiet()
    async with town.ledger() as work:
        tried = await work.audit.did(f"telegram:{OPERATOR}", "refused", within=timedelta(minutes=5))
        assert tried
        assert not await work.broadcasts.latest(1)
