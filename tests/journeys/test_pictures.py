"""A broadcast with a picture, and one whose template is stopped while it runs."""

from tests.journeys.test_subscribing import PEOPLE, subscribed
from tests.journeys.town import Town


async def test_a_picture_goes_to_every_messenger(town: Town) -> None:
    for messenger in PEOPLE:
        await subscribed(town, messenger)
    marina = town.staff("marina")
    await marina.says("/broadcast")
    await marina.sees("Пришлите текст")
    await marina.does("photo", caption="Новое **меню**")
    assert (await marina.sees("Новое меню"))["image"] is not None
    await marina.presses("Все")
    await marina.presses("Без шаблона")
    await marina.sees("Предпросмотр")
    await marina.presses("Отправить")
    for messenger, who in PEOPLE.items():
        bubble = await town.phone(who, messenger).sees("Новое меню")
        assert bubble["image"] is not None, messenger
    number = await town.finished_broadcast()
    async with town.ledger() as work:
        report = await work.reports.of(number)
    assert sum(report.channels.values()) == len(PEOPLE)


async def test_a_template_that_meta_stops_pauses_what_runs_by_it(town: Town) -> None:
    await subscribed(town, "whatsapp")
    await town.hours_pass(30)
    marina = town.staff("marina")
    # The lane rests, so that the campaign is still under way when the news comes.
    async with town.house.database.begin() as work:
        lane = next(lane for lane in town.house.channels if lane.channel == "whatsapp")
        await work.lanes.pause(lane, 600)
    await marina.says("/broadcast Завтра дегустация")
    await marina.presses("Все")
    await marina.presses("С шаблоном")
    await marina.sees("Предпросмотр")
    await marina.presses("Отправить")
    await marina.sees("запущена")
    await town.phone("p002", "whatsapp").does(
        "template_status", name="news", language="ru", event="PAUSED"
    )
    await marina.sees("шаблон news (ru): теперь PAUSED")
    await marina.sees("ждёт")
    async with town.ledger() as work:
        [broadcast] = await work.broadcasts.latest(1)
    assert broadcast.state == "paused"
