"""What happens beside the questions and answers: edits in place, reactions, colleagues, files."""

import pytest

from app.demo.stage import OPERATORS_CHAT
from app.inspection import doctor
from tests.journeys.test_subscribing import MESSENGER, PEOPLE, subscribed
from tests.journeys.town import Town


async def taken_over(town: Town, messenger: str) -> None:
    """A subscribed customer whom Oleg answers."""
    await subscribed(town, messenger)
    customer, oleg = town.phone(PEOPLE[messenger], messenger), town.operator()
    await customer.says("оператор")
    call = await oleg.sees("просит человека")
    await oleg.says("Слушаю", reply_to=call["id"])
    await customer.sees("Слушаю")


async def test_a_pressed_question_gives_its_place_to_the_next(town: Town) -> None:
    anna = town.phone("p000", "telegram")
    await anna.starts()
    await anna.sees("согласие на обработку")
    await anna.presses("Даю согласие")
    await anna.sees("рекламу")
    await anna.presses("Да, присылайте")
    await anna.sees("городе")
    before = [bubble["text"] for bubble in (await anna.screen())["bubbles"]]
    await anna.presses("Казань")
    await anna.sees("интересно")
    after = [bubble["text"] for bubble in (await anna.screen())["bubbles"]]
    assert len(after) == len(before)
    assert "городе" not in after[-1]
    # What was agreed to stays to be read.
    assert any("рекламу" in text for text in after)


async def test_a_question_further_up_is_left_where_it_is(town: Town) -> None:
    anna = town.phone("p000", "telegram")
    await anna.starts()
    await anna.sees("согласие на обработку")
    await anna.presses("Даю согласие")
    await anna.presses("Да, присылайте")
    await anna.sees("городе")
    await anna.says("/help")
    await anna.sees("понимаю в любой момент")
    await anna.presses("Казань")
    await anna.sees("интересно")
    texts = [bubble["text"] for bubble in (await anna.screen())["bubbles"]]
    assert any("городе" in text for text in texts)
    assert "интересно" in texts[-1]


@MESSENGER
async def test_operators_see_edits_and_reactions(town: Town, messenger: str) -> None:
    await taken_over(town, messenger)
    customer, oleg = town.phone(PEOPLE[messenger], messenger), town.operator()
    await customer.says("Где мой кофэ?")
    await oleg.sees("кофэ")
    mine = [it for it in (await customer.screen())["bubbles"] if it["mine"]][-1]
    await customer.does("edit", message=mine["id"], text="Где мой кофе?")
    await oleg.sees("✎ Где мой кофе?")


async def test_a_reaction_is_shown_to_whoever_talks(town: Town) -> None:
    await taken_over(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    theirs = [it for it in (await customer.screen())["bubbles"] if not it["mine"]][-1]
    await customer.does("react", message=theirs["id"], emoji="👍")
    await oleg.sees("👍")


@MESSENGER
async def test_a_picture_reaches_the_operators_and_theirs_the_customer(
    town: Town, messenger: str
) -> None:
    await taken_over(town, messenger)
    customer, oleg = town.phone(PEOPLE[messenger], messenger), town.operator()
    await customer.does("photo", caption="Вот чек", text="Вот чек")
    seen = await oleg.sees("Вот чек")
    if messenger == "vk":
        # VK gives no file to whoever has only its name: words must do.
        assert "🖼" in seen["text"]
    else:
        assert seen["image"] is not None
    await oleg.does("photo", caption="Ваш заказ", reply_to=seen["id"])
    assert (await customer.sees("Ваш заказ"))["image"] is not None


async def test_who_answers_in_vk_itself_silences_the_bot(town: Town) -> None:
    person_id = await subscribed(town, "vk")
    customer, oleg = town.phone("p001", "vk"), town.operator()
    await customer.does("answer", text="Отвечу сам")
    await oleg.sees("Отвечу сам")
    await customer.says("А доставка есть?")
    seen = await oleg.sees("доставка")
    await town.quiet()
    async with town.ledger() as work:
        [vk] = [it for it in await work.people.addresses(person_id) if it.address.channel == "vk"]
        conversation = await work.conversations.of(vk.id)
    assert (conversation.holder or "").startswith("elsewhere:vk:")
    await oleg.says("/close", reply_to=seen["id"])
    await customer.sees("С вами снова бот")


async def test_a_group_that_moves_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    group = next(it for it in town.stage.world.groups if it.chat == OPERATORS_CHAT)
    small = type(group)(group.platform, "-77", group.title, group.role, group.members)
    others = [it for it in town.stage.world.groups if it is not group]
    town.stage.world.regroup([*others, small])
    monkeypatch.setenv("TELEGRAM_OPERATORS_CHAT", "-77")
    await town.close()
    await town.open()
    await subscribed(town, "telegram")
    customer = town.phone("p000", "telegram")
    moved = await town.staff("oleg", "-77").does("migrate")
    oleg = town.staff("oleg", moved["chat"])
    await customer.says("оператор")
    call = await oleg.sees("просит человека")
    await oleg.says("Слушаю", reply_to=call["id"])
    await customer.sees("Слушаю")
    await town.close()
    await town.open()
    await customer.says("Ещё вопрос")
    seen = await oleg.sees("Ещё вопрос")
    await oleg.says("Отвечаю", reply_to=seen["id"])
    await customer.sees("Отвечаю")


async def test_an_old_app_of_vk_gets_buttons_that_it_can_show(town: Town) -> None:
    vera = town.phone("p001", "vk")
    await vera.does("client", callback=False, inline_keyboard=False)
    await vera.starts()
    await vera.sees("согласие на обработку")
    screen = await vera.screen()
    assert [key["label"] for row in screen["keyboard"] for key in row]
    await vera.presses("Даю согласие")
    await vera.sees("рекламу")


async def test_what_came_in_is_marked_as_read_on_whatsapp(town: Town) -> None:
    vera = town.phone("p002", "whatsapp")
    await vera.says("Здравствуйте")
    await vera.sees("согласие")

    async def status() -> str | None:
        mine = [it for it in (await vera.screen())["bubbles"] if it["mine"]]
        return str(mine[-1]["status"])

    assert await town.until(status, lambda it: it == "read") == "read"


async def test_what_brought_somebody_is_told_to_programs(town: Town) -> None:
    vera = town.phone("p001", "vk")
    await vera.does("start", payload="spring-26", source="poster")
    await vera.sees("согласие на обработку")
    query = {"channel": "vk", "handle": str(town.human("p001").vk)}
    key = {"Authorization": "Bearer key-of-the-api"}
    url = f"{town.address}/api/v1/people"
    async with town.session.get(url, params=query, headers=key) as answer:
        [person] = (await answer.json())["items"]
    assert [it["source"] for it in person["addresses"]] == ["poster"]


async def test_the_doctor_tells_what_meta_allows(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert town.address
    assert await doctor() == 0
    told = capsys.readouterr().out.splitlines()
    [whatsapp] = [line for line in told if line.startswith("whatsapp:main: ok")]
    assert "GREEN" in whatsapp
