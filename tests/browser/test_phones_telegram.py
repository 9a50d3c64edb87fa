"""Albums and reactions of the Telegram emulator on the page of phones, in Chromium."""

import pytest
from playwright.async_api import Browser, expect

from emulators.server import serving
from emulators.telegram import Telegram
from tests.browser.scripted import small_world
from tests.browser.stage import bubbles, device

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_albums_are_pictures_and_reactions_stand_below(chromium: Browser) -> None:
    world = small_world()
    telegram = Telegram(world)
    who = {"who": next(iter(world.people))}
    async with serving(world, [telegram]) as base, await chromium.new_page() as page:
        await page.goto(f"{base}/?lang=ru")
        album = await telegram.gestures["media"]({**who, "kind": "photo", "count": 3})
        pictures = bubbles(page, "telegram").locator("img.picture")
        await expect(pictures).to_have_count(3)
        for index in range(3):
            loaded = "image => image.decode().then(() => image.naturalWidth)"
            assert await pictures.nth(index).evaluate(loaded) == 320

        reaction = device(page, "telegram").locator(".reaction")
        await telegram.gestures["react"]({**who, "message": album["message"], "emoji": "🔥"})
        await expect(reaction).to_have_text(["🔥"])
        await telegram.gestures["react"]({**who, "message": album["message"]})
        await expect(reaction).to_have_count(0)
