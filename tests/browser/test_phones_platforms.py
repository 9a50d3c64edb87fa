"""The page of phones in Chromium with the emulated platforms themselves behind it."""

import pytest
from playwright.async_api import Browser, expect

from emulators.server import serving
from emulators.sms import Sms
from emulators.telegram import Telegram
from emulators.vk import Vk
from emulators.whatsapp import WhatsApp
from emulators.world import Platform
from tests.browser.scripted import small_world
from tests.browser.stage import bubbles, device, type_and_enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_every_platform_understands_what_its_phone_asks(chromium: Browser) -> None:
    world = small_world()
    platforms: list[Platform] = [Telegram(world), Vk(world), WhatsApp(world), Sms(world)]
    async with serving(world, platforms) as base, await chromium.new_page() as page:
        await page.goto(f"{base}/?lang=ru")
        for platform in platforms:
            phone, bubble = device(page, platform.name), bubbles(page, platform.name)
            start = phone.get_by_role("button", name="Начать", exact=True)
            if platform.name == "sms":
                await expect(start).to_have_count(0)
            else:
                await start.click()
                await expect(bubble.first).to_be_visible()
            await type_and_enter(page, platform.name, "Привет")
            await expect(bubble.last).to_contain_text("Привет")
            items = phone.locator(".menu-item")
            doings = await items.evaluate_all("all => all.map(one => one.dataset.doing)")
            assert doings
            for doing in doings:
                await phone.locator(".menu-button").click()
                async with page.expect_response("**/_sim/**") as answered:
                    await phone.locator(f"[data-doing={doing}]").click()
                assert (await answered.value).status == 200, doing
        await type_and_enter(page, "admin", "/help")
        await expect(bubbles(page, "admin").last).to_contain_text("/help")


async def test_the_page_follows_somebody_to_another_number(chromium: Browser) -> None:
    world = small_world()
    async with (
        serving(world, [WhatsApp(world)]) as base,
        await chromium.new_page() as page,
    ):
        await page.goto(f"{base}/?lang=ru")
        phone, bubble = device(page, "whatsapp"), bubbles(page, "whatsapp")
        await type_and_enter(page, "whatsapp", "Привет")
        await expect(bubble.last).to_contain_text("Привет")
        for gesture in ("photo", "location", "poll", "change_number"):
            await phone.locator(".menu-button").click()
            await phone.locator(f"[data-doing={gesture}]").click()
        await expect(phone.locator(".handle")).to_contain_text("+7968")
        await expect(bubble).to_have_count(4)
        await type_and_enter(page, "whatsapp", "С нового номера")
        await expect(bubble.last).to_contain_text("С нового номера")
        await expect(phone.locator(".toast")).to_have_count(0)
