"""The page of phones in Chromium: live feed, ticker, chooser, clock, themes and sizes."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from emulators.screens import Bubble
from emulators.server import serving
from tests.browser.scripted import ADMIN_CHAT, OPERATORS_CHAT
from tests.browser.stage import NARROW, Stage, bubbles, device

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_ticks_and_the_ticker_follow_the_reports(stage: Stage) -> None:
    page = await stage.page()
    whatsapp, chat = stage.platforms["whatsapp"], stage.chat("whatsapp")
    bubble = whatsapp.bot_says(chat, "Акция")
    row = page.locator(".delivery")
    await expect(row).to_contain_text("Анна Белова")
    await expect(row).to_have_attribute("data-status", "accepted")
    whatsapp.moves(chat, bubble, "read")
    await expect(bubbles(page, "whatsapp").get_by_role("img", name="прочитано")).to_be_visible()
    stage.world.report(platform="whatsapp", reference=bubble.id, status="delivered", to=chat)
    await expect(page.locator(".filter[data-status=delivered] b")).to_have_text("1")
    await expect(row).to_have_attribute("data-status", "read")
    second = whatsapp.bot_says(chat, "Ещё одна")
    whatsapp.moves(chat, second, "failed", why="131026")
    failed = page.locator(".delivery[data-status=failed]")
    await expect(failed).to_contain_text("131026")
    await page.locator(".filter[data-status=failed]").click()
    await expect(page.locator(".delivery:visible")).to_have_count(1)
    await expect(failed).to_be_visible()


async def test_the_ticker_knows_what_happened_before_the_page_was_opened(stage: Stage) -> None:
    whatsapp, chat = stage.platforms["whatsapp"], stage.chat("whatsapp")
    for number in range(250):
        whatsapp.bot_says(chat, f"сообщение {number}")
    whatsapp.moves(chat, whatsapp.bot_says(chat, "прочтут"), "read")
    whatsapp.moves(chat, whatsapp.bot_says(chat, "не дойдёт"), "failed", why="131026")
    page = await stage.page()
    rows = page.locator(".delivery")
    await expect(rows).to_have_count(200)
    await expect(rows.first).to_contain_text("не дойдёт")
    await expect(rows.first).to_contain_text("131026")
    await expect(rows.nth(1)).to_have_attribute("data-status", "read")
    await expect(rows.nth(2)).to_contain_text("сообщение 249")
    totals = page.locator(".filter b")
    await expect(totals).to_have_text(["252", "0", "1", "1"])
    whatsapp.bot_says(chat, "живое")
    await expect(rows.first).to_contain_text("живое")
    await expect(totals.first).to_have_text("253")


async def test_messages_with_one_number_in_two_chats_stand_apart(stage: Stage) -> None:
    page = await stage.page()
    for who in ("p1", "p2"):
        chat = stage.chat("telegram", who)
        stage.world.accept(platform="telegram", to=chat, kind="text", text=who, reference="7")
    await expect(page.locator(".delivery .what")).to_have_text(["p2", "p1"])


async def test_the_window_of_a_group_follows_it(stage: Stage) -> None:
    page = await stage.page()
    window = device(page, "admin")
    await expect(window).to_have_attribute("data-chat", ADMIN_CHAT)
    admins, operators = stage.world.groups
    stage.platforms["telegram"].bot_says("-1009", "уже на новом месте")
    stage.world.regroup([replace(admins, chat="-1009", title="Отдел", members=("p3",)), operators])
    await expect(window).to_have_attribute("data-chat", "-1009")
    await expect(window.locator(".bar-name")).to_have_text("Отдел")
    await expect(window.locator(".bar-about")).to_have_text("участников: 1")
    await expect(bubbles(page, "admin")).to_contain_text(["уже на новом месте"])
    stage.platforms["telegram"].bot_says("-1009", "и дальше тоже")
    await expect(bubbles(page, "admin").last).to_contain_text("и дальше тоже")
    await expect(device(page, "operators")).to_have_attribute("data-chat", OPERATORS_CHAT)


async def test_what_the_group_was_told_before_it_moved_stays_there(stage: Stage) -> None:
    page = await stage.page()
    admins, operators = stage.world.groups
    # In one frame: the page opens the new chat and is told of the old one meanwhile.
    stage.world.regroup([replace(admins, chat="-1009"), operators])
    stage.world.screens.note("telegram", ADMIN_CHAT, "группа переехала")
    stage.platforms["telegram"].bot_says(ADMIN_CHAT, "здесь больше никого")
    stage.platforms["telegram"].bot_says("-1009", "на новом месте")
    await expect(bubbles(page, "admin")).to_have_text([re.compile("на новом месте")])
    await expect(device(page, "admin").locator(".note")).to_be_hidden()


async def test_news_for_somebody_else_only_leave_a_dot(stage: Stage) -> None:
    page = await stage.page()
    stage.platforms["sms"].bot_says(stage.chat("sms", "p2"), "Борису")
    stage.platforms["sms"].bot_says(stage.chat("sms", "p9"), "Никому")
    await page.get_by_role("button", name="есть новые сообщения").click()
    await expect(page.locator(".person .dot")).to_have_count(1)
    await page.get_by_label("Имя, телефон").fill("000 0002")
    await page.get_by_role("button", name="Борис").click()
    await expect(bubbles(page, "sms")).to_contain_text(["Борису"])
    await expect(page.locator(".chooser")).not_to_have_class("chooser has-unread")
    assert "who=p2" in page.url


async def test_somebody_new_comes_by_a_name_nobody_has(stage: Stage) -> None:
    page = await stage.page()
    await page.locator(".chooser").click()
    await page.get_by_label("Имя, телефон").fill("Дарья")
    await page.get_by_role("button", name="Новый клиент «Дарья»").click()
    await expect(page.locator(".chooser b")).to_have_text("Дарья")
    newcomer = next(one for one in stage.world.people.values() if one.name == "Дарья")
    await device(page, "vk").get_by_role("button", name="Начать", exact=True).click()
    await expect(bubbles(page, "vk").first).to_be_visible()
    assert stage.platforms["vk"].screen(newcomer).bubbles


async def test_the_clock_goes_forward_for_everybody(stage: Stage) -> None:
    page = await stage.page()
    await page.get_by_role("button", name="на 24 часа").click()
    await page.get_by_role("button", name="на 1 час").click()
    await expect(page.locator(".clock-shift")).to_have_text("+1 д 1 ч")
    assert stage.world.clock.shift == 25 * 3600
    later = await stage.page()
    await expect(later.locator(".clock-shift")).to_have_text("+1 д 1 ч")
    await expect(later.locator(".notice")).to_contain_text("ненастоящее")


async def test_what_happened_while_the_connection_was_away_is_shown(stage: Stage) -> None:
    page = await stage.page()
    telegram, chat = stage.platforms["telegram"], stage.chat("telegram")
    before = telegram.bot_says(chat, "до обрыва")
    await expect(bubbles(page, "telegram")).to_have_count(1)
    await stage.server.aclose()
    await expect(page.locator(".connection")).to_have_attribute("data-state", "lost")
    telegram.bot_says(chat, "во время обрыва")
    stage.world.screens.remove("telegram", chat, before.id)
    port = urlsplit(stage.base).port or 0
    async with serving(stage.world, list(stage.platforms.values()), port=port):
        await expect(bubbles(page, "telegram")).to_contain_text(["во время обрыва"])
        telegram.bot_says(chat, "после")
        await expect(bubbles(page, "telegram")).to_have_count(2)
        await page.close()
    stage.complaints[:] = [line for line in stage.complaints if "net::ERR_" not in line]


async def test_a_flood_of_events_stays_bounded(stage: Stage) -> None:
    page = await stage.page()
    vk, chat = stage.platforms["vk"], stage.chat("vk")
    for number in range(1000):
        vk.bot_says(chat, f"сообщение {number}")
        vk.bot_says(stage.chat("vk", "p9"), f"чужое {number}")
    await expect(bubbles(page, "vk").last).to_contain_text("сообщение 999")
    await expect(bubbles(page, "vk")).to_have_count(200)
    await expect(page.locator(".delivery")).to_have_count(200)
    await expect(page.locator(".filter[data-status=accepted] b")).to_have_text("2000")
    await expect(page.locator(".delivery").first).to_contain_text("чужое 999")
    # More than the server keeps for a slow listener: it says "reload", and the page does.
    for number in range(6000):
        vk.bot_says(chat, f"лавина {number}")
    await expect(bubbles(page, "vk").last).to_contain_text("лавина 5999")
    await expect(bubbles(page, "vk")).to_have_count(200)
    vk.bot_says(chat, "после лавины")
    await expect(page.locator(".filter[data-status=accepted] b")).to_have_text("8001")
    await expect(page.locator(".delivery")).to_have_count(200)
    await expect(page.locator(".delivery").first).to_contain_text("после лавины")


async def test_a_reader_of_old_messages_is_not_pulled_down(stage: Stage) -> None:
    page = await stage.page()
    chat = stage.chat("telegram")
    for number in range(40):
        stage.platforms["telegram"].bot_says(chat, f"строка {number}")
    await expect(bubbles(page, "telegram").last).to_be_in_viewport()
    await device(page, "telegram").locator(".log").evaluate("log => { log.scrollTop = 0; }")
    stage.platforms["telegram"].bot_says(chat, "свежее")
    down = device(page, "telegram").get_by_role("button", name="Новые сообщения")
    await expect(down).to_be_visible()
    await expect(bubbles(page, "telegram").first).to_be_in_viewport()
    await down.click()
    await expect(bubbles(page, "telegram").last).to_be_in_viewport()


async def test_pictures_that_load_late_do_not_hide_the_newest_message(stage: Stage) -> None:
    page = await stage.page()
    chat, telegram = stage.chat("telegram"), stage.platforms["telegram"]
    log = device(page, "telegram").locator(".log")
    for number in range(30):
        telegram.bot_says(chat, f"строка {number}")
    await expect(bubbles(page, "telegram")).to_have_count(30)
    # The log grows, and is told that it was scrolled before it is told what made it grow.
    await log.evaluate("""log => {
        log.lastElementChild.style.height = "900px";
        log.dispatchEvent(new Event("scroll"));
    }""")
    telegram.bot_says(chat, "самое новое")
    await expect(bubbles(page, "telegram").last).to_contain_text("самое новое")
    await expect(bubbles(page, "telegram").last).to_be_in_viewport()


async def test_the_same_notice_is_shown_once(stage: Stage) -> None:
    page = await stage.page()
    for _ in range(3):
        stage.world.screens.toast("telegram", stage.chat("telegram"), "печатает…")
    stage.world.screens.toast("telegram", stage.chat("telegram"), "готово")
    toasts = device(page, "telegram").locator(".toast")
    await expect(toasts).to_have_text(["печатает…", "готово"])


async def test_a_new_day_and_a_service_line_stand_in_the_middle(stage: Stage) -> None:
    page = await stage.page()
    vk, chat = stage.platforms["vk"], stage.chat("vk")
    vk.bot_says(chat, "сегодня")
    stage.world.clock.advance(86_400)
    vk.bot_says(chat, "завтра")
    stage.world.screens.show(
        "vk", chat, Bubble("s1", "Диалог закрыт", stage.world.clock.now(), service=True)
    )
    await expect(device(page, "vk").locator(".day")).to_have_count(2)
    await expect(device(page, "vk").locator(".service-line")).to_have_text("Диалог закрыт")


@pytest.mark.parametrize(
    ("query", "scheme", "wall"),
    [
        ("?lang=ru", "light", "rgb(255, 255, 255)"),
        ("?lang=ru", "dark", "rgb(15, 15, 16)"),
        ("?lang=ru&theme=dark", "light", "rgb(15, 15, 16)"),
        ("?lang=ru&theme=light", "dark", "rgb(255, 255, 255)"),
    ],
)
async def test_the_theme_is_the_asked_one_or_the_system_s(
    stage: Stage, query: str, scheme: str, wall: str
) -> None:
    page = await stage.page(query, scheme=scheme)
    await expect(device(page, "vk").locator(".log-place")).to_have_css("background-color", wall)


async def test_a_narrow_window_shows_one_device_at_a_time(stage: Stage) -> None:
    page = await stage.page(size=NARROW)
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    await expect(device(page, "telegram")).to_be_in_viewport(ratio=0.9)
    await expect(device(page, "admin")).not_to_be_in_viewport()
    stage.platforms["whatsapp"].bot_says(stage.chat("whatsapp"), "новость")
    tabs = page.get_by_role("navigation")
    await expect(tabs.locator("[data-tab=whatsapp]")).to_have_class("tab has-unread")
    await tabs.get_by_role("button", name="WhatsApp").click()
    await expect(bubbles(page, "whatsapp")).to_be_in_viewport()
    await expect(tabs.locator("[data-tab=whatsapp]")).to_have_class("tab")
    await tabs.get_by_role("button", name="Доставки").click()
    await expect(page.locator(".delivery")).to_be_in_viewport()


async def test_everything_fits_side_by_side_on_a_desktop(stage: Stage) -> None:
    page = await stage.page()
    for key in ("telegram", "vk", "whatsapp", "sms", "admin", "operators", "ticker"):
        await expect(device(page, key)).to_be_in_viewport(ratio=0.99)


async def test_english_when_asked_for(stage: Stage) -> None:
    page = await stage.page("?lang=en")
    await expect(device(page, "vk").get_by_role("button", name="Start")).to_be_visible()
    await page.get_by_role("link", name="Русский").click()
    await expect(device(page, "vk").get_by_role("button", name="Начать")).to_be_visible()
