"""Albums, reactions and edits of the Telegram emulator on the page of phones, in Chromium."""

import pytest
from playwright.async_api import Browser, expect

from emulators.server import serving
from emulators.telegram import Telegram
from emulators.telegram.parameters import Parameters
from tests.browser.scripted import small_world
from tests.browser.stage import bubbles, device, type_and_enter

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


async def test_people_react_and_edit_on_the_page(chromium: Browser) -> None:
    world = small_world()
    telegram = Telegram(world)
    anna = next(iter(world.people.values()))
    async with serving(world, [telegram]) as base, await chromium.new_page() as page:
        await page.goto(f"{base}/?lang=ru")
        await type_and_enter(page, "telegram", "Здраствуйте")
        mine = device(page, "telegram").locator(".entry.mine")
        await mine.hover()
        await mine.get_by_role("button", name="Исправить").click()
        await expect(device(page, "telegram").get_by_role("textbox")).to_have_value("Здраствуйте")
        await page.keyboard.press("Escape")
        await expect(device(page, "telegram").get_by_role("textbox")).to_have_value("")
        await mine.get_by_role("button", name="Исправить").click()
        await type_and_enter(page, "telegram", "Здравствуйте")
        await expect(mine).to_have_count(1)
        await expect(mine).to_contain_text("Здравствуйте")
        await expect(mine.locator(".meta")).to_contain_text("изм.")

        await telegram.methods["sendMessage"](
            Parameters({"chat_id": str(anna.telegram), "text": "Добрый день! " * 9})
        )
        theirs = device(page, "telegram").locator(".entry.theirs")
        await theirs.hover()
        thumb = theirs.get_by_role("button", name="Поставить 👍")
        await thumb.click()
        await expect(theirs.locator(".reaction")).to_have_text(["👍"])
        fits = "log => log.scrollWidth <= log.clientWidth"
        assert await device(page, "telegram").locator(".log").evaluate(fits)
        await thumb.click()
        await expect(theirs.locator(".reaction")).to_have_count(0)
