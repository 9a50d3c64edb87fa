"""The dry run: it looks at everybody, flatly, and what it says is what then happens."""

from collections import Counter
from datetime import timedelta

import sqlalchemy as sa

from broadcast.campaign import Plan, draft, start, unfit_for
from broadcast.forecast import AT_ONCE, Forecast, foresee
from broadcast.plans import plan_for
from dialogs.markup import parse as markup
from fallback.routes import parse
from storage.tables import addresses, attempts, deliveries, people
from tests.broadcast.office import Office
from tests.broadcast.post import LIMITS, ROUTE, TELEGRAM, VK, WHATSAPP
from tests.broadcast.town import town
from vestnik.address import SMS, ChannelName
from vestnik.outbound import Text
from vestnik.route import Route
from vestnik.segment import EVERYONE, answered

BY_CHANNEL = {lane.channel: limits for lane, limits in LIMITS.items()}


def plan(text: str = "Привет", route: Route = ROUTE, template: str = "") -> Plan:
    return plan_for(
        EVERYONE, Text(markup(text)), route, template=template, language="ru", limits=BY_CHANNEL
    )


async def forecast(office: Office, planned: Plan, most: int = 1_000) -> Forecast:
    async with office.database.read() as work:
        return await foresee(work, planned, LIMITS, most)


async def test_what_is_foreseen_is_what_happens(office: Office) -> None:
    await town(office)
    await office.opts_out(await office.customer("Жанна", VK, phone="+79160000007"))
    seen = await forecast(office, plan(template="news"))
    assert seen.looked_at == 7
    assert seen.first == {TELEGRAM: 1, VK: 1, WHATSAPP: 2, SMS: 1}
    assert seen.templates == 1
    assert seen.sms_later == 1
    assert seen.skipped == {"no_consent": 1, "opted_out": 1}

    async with office.database.begin() as work:
        number = await draft(work, plan(template="news"), "test")
        await start(work, number, "test")
    await office.works()
    first = sa.select(attempts.c.channel, attempts.c.form).where(attempts.c.number == 1)
    skipped = sa.select(deliveries.c.reason).where(deliveries.c.state == "skipped")
    async with office.database.read() as work:
        tried = (await work.connection.execute(first)).all()
        left_out = (await work.connection.execute(skipped)).scalars().all()
    assert Counter(row.channel for row in tried) == seen.first
    assert [row.form for row in tried].count("template") == seen.templates
    assert Counter(left_out) == seen.skipped


async def test_a_template_soon_after_an_advertisement_is_free(office: Office) -> None:
    free, past, _ = [
        await office.customer(name, WHATSAPP, wrote_hours_ago=30) for name in ("Анна", "Вера", "Ия")
    ]
    async with office.database.begin() as work:
        for person, hours in ((free, 42), (past, -1)):
            [known] = await work.people.addresses(person)
            await work.reachability.free_until({known.id: work.now + timedelta(hours=hours)})
    seen = await forecast(office, plan(template="news"))
    assert (seen.templates, seen.free) == (3, 1)

    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Привет")
    await marina.presses("Все")
    (await marina.presses("С шаблоном")).sees("из них шаблоном: 3", "из шаблонов бесплатно", ": 1")


async def test_nothing_is_stored_by_a_dry_run(office: Office) -> None:
    await town(office)
    await forecast(office, plan())
    async with office.database.read() as work:
        counted = sa.select(sa.func.count()).select_from(deliveries)
        assert (await work.connection.execute(counted)).scalar_one() == 0


async def test_those_who_talk_to_an_operator_wait(office: Office) -> None:
    person = await office.customer("Анна")
    async with office.database.begin() as work:
        [known] = await work.people.addresses(person)
        await work.conversations.hold(await work.conversations.of(known.id), "telegram:3")
    seen = await forecast(office, plan())
    assert (seen.held, seen.first, seen.skipped) == (1, {}, {})


async def test_a_route_by_sms_alone(office: Office) -> None:
    await town(office)
    seen = await forecast(office, plan(route=parse("sms")))
    assert seen.first == {SMS: 2}
    assert seen.sms_later == 0
    assert seen.skipped == {"no_phone": 4}


async def test_a_channel_that_is_off(office: Office) -> None:
    await office.customer("Анна")
    route = parse("viber > telegram")
    async with office.database.read() as work:
        known = {lane: limits for lane, limits in LIMITS.items() if lane.channel != TELEGRAM}
        seen = await foresee(work, plan(route=route), known)
    assert seen.skipped == {"channel_off": 1}


async def test_everybody_is_looked_at_up_to_a_cap(office: Office) -> None:
    count = AT_ONCE + 7
    async with office.database.begin() as work:
        rows = [
            {"id": number, "name": "", "created_at": work.now} for number in range(1, count + 1)
        ]
        await work.connection.execute(sa.insert(people), rows)
        there = [
            {
                "person_id": row["id"],
                "channel": "telegram",
                "account": "main",
                "handle": str(row["id"]),
                "reachable": True,
                "created_at": work.now,
            }
            for row in rows
        ]
        await work.connection.execute(sa.insert(addresses), there)
    assert (await forecast(office, plan(), most=count + 1)).looked_at == count
    capped = await forecast(office, plan(), most=AT_ONCE + 2)
    assert capped.looked_at == AT_ONCE + 2
    assert capped.skipped == {"no_consent": AT_ONCE + 2}

    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Привет")
    await marina.presses("Все")
    (await marina.presses("Без шаблона")).sees(f"{count} человек", f"не получат: {count}").sees_no(
        "Просчитано"
    )


async def test_only_the_segment_is_looked_at(office: Office) -> None:
    await town(office)
    of_samara = Plan(
        segment=answered("city", ("Самара",)),
        content=plan().content,
        route=ROUTE,
        templates={},
    )
    assert (await forecast(office, of_samara)).looked_at == 1


def test_where_a_text_does_not_fit() -> None:
    assert unfit_for(plan("я" * 1_100), BY_CHANNEL) == {
        SMS: "the text is 17 long, the channel takes 10"
    }
    assert unfit_for(plan("я" * 1_100, parse("last")), BY_CHANNEL) == {}, "SMS is no messenger"
    assert unfit_for(plan("я" * 1_100, parse("vk > telegram")), BY_CHANNEL) == {}
    carried = plan("я" * 1_100, parse("last"), template="news")
    assert unfit_for(carried, BY_CHANNEL) == {
        WHATSAPP: "the text is 1100 long, a template takes 1024"
    }
    everywhere = unfit_for(plan("я" * 5_000), BY_CHANNEL)
    assert set(everywhere) == {TELEGRAM, VK, WHATSAPP, SMS}
    assert unfit_for(plan("я" * 5_000, parse("viber")), {ChannelName("sms"): BY_CHANNEL[SMS]}) == {}
