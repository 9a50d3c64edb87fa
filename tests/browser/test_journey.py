"""The product's own story, played by clicks and typing in Chromium on the real house."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.stage import Stage, bubbles, device, type_and_enter
from tests.journeys.town import founded

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PATIENCE_MS = 15_000
FIRST, SECOND = "Новинка недели: фильтр из Кении", "Завтра угощаем черникой"


@pytest_asyncio.fixture(loop_scope="module")
async def page(
    chromium: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Page]:
    """The phones of a town; afterwards the browser must not have complained."""
    expect.set_options(timeout=PATIENCE_MS)
    url = f"sqlite:///{tmp_path}/town.sqlite3"
    async with founded(monkeypatch, url) as town, AsyncExitStack() as pages:
        stage = Stage(town.stage.world, {}, town.base, chromium, AsyncExitStack(), pages)
        opened = await stage.page()
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
    expect.set_options(timeout=None)
    assert stage.complaints == []


async def choose(page: Page, who: str) -> None:
    await page.locator(".chooser").click()
    await page.locator(f"[data-person={who}]").click()


async def sees(page: Page, key: str, text: str) -> None:
    await expect(bubbles(page, key).filter(has_text=text).last).to_be_in_viewport()


async def press(page: Page, key: str, label: str) -> None:
    """The button whose label begins so: under the newest message, below the chat, in a list."""
    within = ".entry:last-child .key-label, .keyboard .key-label, .option-label"
    named = re.compile(f"^{re.escape(label)}")
    await device(page, key).locator(within).filter(has_text=named).click()


async def does(page: Page, key: str, label: str) -> None:
    """By the phone's menu."""
    await device(page, key).get_by_role("button", name="Меню телефона").click()
    await device(page, key).locator(".menu-item").get_by_text(label, exact=True).click()


async def begin(page: Page, key: str) -> None:
    """From Start to the question for the city."""
    await device(page, key).get_by_role("button", name="Начать", exact=True).click()
    await sees(page, key, "согласие на обработку")
    await press(page, key, "Даю согласие")
    await sees(page, key, "рекламу")
    await press(page, key, "Да, присылайте")
    await sees(page, key, "В каком городе")


async def tick(page: Page, key: str, interest: str) -> None:
    """Tick an interest, and go on once the tick is seen."""
    await press(page, key, f"☐ {interest}")
    await expect(device(page, key).get_by_role("button", name=f"☑ {interest}")).to_be_visible()
    await press(page, key, "Готово")


async def broadcast(page: Page, number: int, text: str) -> None:
    """Marina writes to everybody and waits for a report that adds up."""
    await type_and_enter(page, "admin", "/broadcast")
    await sees(page, "admin", "Пришлите текст")
    await type_and_enter(page, "admin", text)
    await press(page, "admin", "✅ Все")
    await press(page, "admin", "Без шаблона")
    # Its buttons fill the phone: the text is above them.
    preview = bubbles(page, "admin").filter(has_text=f"Предпросмотр рассылки № {number}")
    await expect(preview.last).to_be_visible()
    await press(page, "admin", "🚀 Отправить")
    report = bubbles(page, "admin").filter(has_text=f"Отчёт, рассылка № {number}")
    await expect(report).to_contain_text("✓ Сходится")


async def ticker_tells(page: Page, platform: str, text: str) -> None:
    """The line of the message to Anna by this platform."""
    line = page.locator(f".delivery[data-platform={platform}]").filter(has_text=text)
    await expect(line.filter(has=page.get_by_text("Анна Белова", exact=True))).to_be_visible()


async def test_a_customer_is_reached_in_the_messenger_and_once_it_is_blocked_by_sms(
    page: Page,
) -> None:
    await choose(page, "p000")
    await begin(page, "telegram")
    await press(page, "telegram", "Казань")
    await sees(page, "telegram", "Что вам интересно")
    await tick(page, "telegram", "Кофе")
    await sees(page, "telegram", "номер телефона")
    await press(page, "telegram", "Поделиться номером")
    await sees(page, "telegram", "вы в клубе")

    await broadcast(page, 1, FIRST)
    await sees(page, "telegram", FIRST)
    await ticker_tells(page, "telegram", FIRST)

    await does(page, "telegram", "Заблокировать")
    await expect(device(page, "telegram").locator(".note")).to_be_visible()
    await broadcast(page, 2, SECOND)
    await sees(page, "sms", SECOND)
    await ticker_tells(page, "sms", SECOND)
    await expect(bubbles(page, "telegram").filter(has_text=SECOND)).to_have_count(0)


async def test_a_city_from_a_list_and_a_number_proven_by_a_code(page: Page) -> None:
    await choose(page, "p002")
    await begin(page, "whatsapp")
    await device(page, "whatsapp").locator(".key[data-kind=list]").last.click()
    await press(page, "whatsapp", "Казань")
    await sees(page, "whatsapp", "Что вам интересно")

    await choose(page, "p001")
    await begin(page, "vk")
    await press(page, "vk", "Казань")
    await tick(page, "vk", "Кофе")
    await sees(page, "vk", "номер телефона")
    await type_and_enter(page, "vk", await page.locator("[data-device=sms] .handle").inner_text())
    await sees(page, "sms", "код")
    code = re.search(r"\d{4,}", await bubbles(page, "sms").last.locator(".text").inner_text())
    assert code is not None
    await type_and_enter(page, "vk", code.group())
    await sees(page, "vk", "вы в клубе")
