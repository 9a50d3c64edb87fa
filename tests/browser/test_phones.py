"""The page of phones in Chromium: customers' chats, buttons, texts, the staff's windows."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from emulators.screens import Key
from tests.browser.scripted import ADMIN_CHAT, OPERATORS_CHAT, SHOP
from tests.browser.stage import Stage, bubbles, device, type_and_enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("platform", ["telegram", "vk", "whatsapp", "sms"])
async def test_the_phones_show_the_chats_of_the_person_asked_for(
    stage: Stage, platform: str
) -> None:
    stage.platforms[platform].bot_says(stage.chat(platform, "p2"), "Только для Бориса")
    page = await stage.page("?lang=ru&who=p2")
    await expect(device(page, platform)).to_have_attribute("data-chat", stage.chat(platform, "p2"))
    await expect(bubbles(page, platform)).to_contain_text(["Только для Бориса"])


async def test_start_greets_with_rich_text_and_buttons(stage: Stage) -> None:
    page = await stage.page()
    phone = device(page, "telegram")
    await phone.get_by_role("button", name="Начать", exact=True).click()
    await expect(phone.locator("strong")).to_have_text("Здравствуйте")
    await expect(phone.locator(".bar-name")).to_have_text(SHOP)
    await expect(phone.get_by_role("button", name="Капучино")).to_be_visible()
    await expect(phone.get_by_role("link", name="Меню")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    assert stage.platforms["telegram"].made == [("start", {"who": "p1"})]


async def test_a_press_names_the_message_and_the_place(stage: Stage) -> None:
    page = await stage.page()
    phone = device(page, "vk")
    await phone.get_by_role("button", name="Начать", exact=True).click()
    await phone.get_by_role("button", name="Капучино").click()
    await expect(bubbles(page, "vk").last).to_contain_text("Вы выбрали: Капучино")
    await expect(bubbles(page, "vk").last).to_contain_text("изм.")
    await expect(phone.locator(".toast")).to_have_text("Записали")
    shown = stage.platforms["vk"].screen(stage.world.people["p1"]).bubbles[-1]
    assert stage.platforms["vk"].made[-1] == (
        "press",
        {"who": "p1", "message": shown.id, "row": 0, "column": 1},
    )


async def test_a_list_opens_a_sheet_and_gives_the_item(stage: Stage) -> None:
    page = await stage.page()
    phone = device(page, "whatsapp")
    await phone.get_by_role("button", name="Начать", exact=True).click()
    opener = phone.get_by_role("button", name="Ещё")
    await opener.click()
    await page.keyboard.press("Escape")
    await expect(phone.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()
    await opener.click()
    await phone.get_by_role("dialog").get_by_role("button", name="Чай").click()
    await expect(bubbles(page, "whatsapp").last).to_contain_text("Вы выбрали: Чай")
    assert stage.platforms["whatsapp"].made[-1][1]["item"] == 1


async def test_the_keyboard_below_the_chat(stage: Stage) -> None:
    page = await stage.page()
    phone = device(page, "telegram")
    await phone.get_by_role("button", name="Начать", exact=True).click()
    await phone.get_by_role("button", name="Помощь").click()
    await expect(bubbles(page, "telegram").last).to_contain_text("Эхо: Помощь")
    assert ("tap", {"who": "p1", "row": 0, "column": 1}) in stage.platforms["telegram"].made
    stage.world.screens.keyboard("telegram", stage.chat("telegram"), [])
    await expect(phone.get_by_role("button", name="Помощь")).to_have_count(0)


async def test_enter_sends_and_shift_enter_does_not(stage: Stage) -> None:
    page = await stage.page()
    typed = device(page, "sms").get_by_role("textbox")
    await typed.fill("раз")
    await typed.press("Shift+Enter")
    await typed.press_sequentially("два")
    await typed.press("Enter")
    await expect(bubbles(page, "sms").last).to_contain_text("Эхо: раз два")
    assert stage.platforms["sms"].made == [("say", {"who": "p1", "text": "раз\nдва"})]
    await expect(typed).to_have_value("")


async def test_a_refusal_is_told_and_the_text_is_kept(stage: Stage) -> None:
    page = await stage.page()
    phone = device(page, "telegram")
    await phone.get_by_role("button", name="Меню телефона").click()
    await phone.get_by_role("button", name="Заблокировать").click()
    await expect(phone.locator(".note")).to_have_text("бот заблокирован")
    await type_and_enter(page, "telegram", "важное")
    await expect(phone.locator(".toast")).to_have_text("Вы заблокировали этого бота")
    await expect(phone.get_by_role("textbox")).to_have_value("важное")


async def test_escape_closes_the_menu_and_gives_the_focus_back(stage: Stage) -> None:
    page = await stage.page()
    opener = device(page, "whatsapp").get_by_role("button", name="Меню телефона")
    await opener.press("Enter")
    await expect(device(page, "whatsapp").locator(".menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(device(page, "whatsapp").locator(".menu")).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_texts_and_names_show_literally(stage: Stage) -> None:
    page = await stage.page("?lang=ru&who=p2")
    nasty = "<script>document.title='взлом'</script><img src=x onerror=alert(1)> &amp; <b>x</b>"
    stage.platforms["vk"].bot_says(
        stage.chat("vk", "p2"), nasty, spans=[{"offset": 0, "length": 8, "style": "italic"}]
    )
    await expect(bubbles(page, "vk").locator(".text")).to_have_text(nasty)
    assert await bubbles(page, "vk").locator("script, img, b").count() == 0
    await expect(page.locator(".chooser b")).to_have_text("Борис <b>Жирный</b>")
    assert await page.title() == "Вестник: телефоны"


async def test_links_lead_nowhere_harmful(stage: Stage) -> None:
    page = await stage.page()
    stage.platforms["telegram"].bot_says(
        stage.chat("telegram"),
        "🎁 сюда, туда и https://example.org/x.",
        spans=[
            {"offset": 3, "length": 4, "style": "link", "url": "javascript:alert(1)"},
            {"offset": 9, "length": 4, "style": "link", "url": "https://example.org/"},
            {"offset": 3, "length": 10, "style": "bold"},
        ],
        keys=[[Key("Плохая", kind="link", url="data:text/html,x")]],
    )
    links = bubbles(page, "telegram").locator("a")
    await expect(links).to_have_text(["туда", "https://example.org/x"])
    assert await links.evaluate_all("all => all.map(a => a.target)") == ["_blank", "_blank"]
    await expect(bubbles(page, "telegram").locator("strong")).to_have_text("сюда, туда")
    assert await device(page, "telegram").locator("a", has_text="Плохая").count() == 0


async def test_a_picture_from_elsewhere_is_not_fetched(stage: Stage) -> None:
    asked: list[str] = []

    async def picture(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    elsewhere = web.Application()
    elsewhere.router.add_get("/1.png", picture)
    async with TestServer(elsewhere) as server:
        page = await stage.page()
        url = str(server.make_url("/1.png"))
        stage.platforms["vk"].bot_says(stage.chat("vk"), "фото", image=url)
        await expect(bubbles(page, "vk")).to_contain_text("Изображение")
    assert asked == []
    assert any("Content Security Policy" in line for line in stage.complaints)
    stage.complaints.clear()


async def test_who_writes_in_the_group_is_chosen_there(stage: Stage) -> None:
    page = await stage.page()
    window = device(page, "admin")
    await expect(window).to_have_attribute("data-chat", ADMIN_CHAT)
    await type_and_enter(page, "admin", "/broadcast")
    await expect(window.locator(".mine .text")).to_have_text("/broadcast")
    await window.get_by_role("combobox").select_option(label="Глеб")
    await expect(window.locator(".mine")).to_have_count(0)
    await window.locator(".theirs .command").first.click()
    await expect(window.locator(".mine .text")).to_have_text("/broadcast")
    said = [told for _, told in stage.platforms["telegram"].made]
    assert said == [
        {"who": "p3", "chat": ADMIN_CHAT, "text": "/broadcast"},
        {"who": "p4", "chat": ADMIN_CHAT, "text": "/broadcast"},
    ]


async def test_a_forwarded_message_tells_whose_it_was(stage: Stage) -> None:
    page = await stage.page()
    stage.platforms["telegram"].bot_says(ADMIN_CHAT, "Где заказ?", forwarded_from="Анна · Белова")
    shown = bubbles(page, "admin")
    await expect(shown.locator(".forwarded")).to_have_text("Переслано от Анна · Белова")
    await expect(shown.locator(".author")).to_have_text(SHOP)
    await expect(shown.locator(".topic")).to_have_count(0)


async def test_an_operator_stays_in_the_topic_that_was_answered(stage: Stage) -> None:
    page = await stage.page()
    first = stage.platforms["telegram"].bot_says(OPERATORS_CHAT, "просто")
    shown = stage.world.screens.of("telegram", OPERATORS_CHAT).bubbles[0]
    shown.thread = "Анна Белова"
    stage.world.screens.change("telegram", OPERATORS_CHAT, shown)
    await device(page, "operators").get_by_role("button", name="Анна Белова").click()
    await type_and_enter(page, "operators", "Сейчас")
    await type_and_enter(page, "operators", "проверю")
    await expect(bubbles(page, "operators").last).to_contain_text("Эхо: проверю")
    assert [told.get("reply_to") for _, told in stage.platforms["telegram"].made] == [first.id] * 2
    await page.keyboard.press("Escape")
    await type_and_enter(page, "operators", "всем")
    await expect(bubbles(page, "operators").last).to_contain_text("Эхо: всем")
    assert "reply_to" not in stage.platforms["telegram"].made[-1][1]


async def test_who_scrolled_up_sees_what_they_write_themselves(stage: Stage) -> None:
    chat = stage.chat("telegram")
    for number in range(30):
        stage.platforms["telegram"].bot_says(chat, f"Строка {number}")
    page = await stage.page()
    await expect(bubbles(page, "telegram").last).to_be_in_viewport()
    await bubbles(page, "telegram").first.scroll_into_view_if_needed()
    await expect(bubbles(page, "telegram").last).not_to_be_in_viewport()
    await type_and_enter(page, "telegram", "и мой вопрос")
    await expect(bubbles(page, "telegram").last).to_contain_text("Эхо: и мой вопрос")
    await expect(bubbles(page, "telegram").last).to_be_in_viewport()


async def test_who_has_written_is_not_seen_typing_any_more(stage: Stage) -> None:
    page = await stage.page()
    chat = stage.chat("whatsapp")
    stage.world.screens.toast("whatsapp", chat, "печатает…")
    toast = device(page, "whatsapp").locator(".toast")
    await expect(toast).to_have_text("печатает…")
    stage.platforms["whatsapp"].bot_says(chat, "Вот ответ")
    await expect(bubbles(page, "whatsapp").last).to_contain_text("Вот ответ")
    # By itself it goes after four seconds and a half.
    await expect(toast).to_have_count(0, timeout=2_000)
