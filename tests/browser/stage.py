"""What a test of the phones works with: a small world served, and pages in Chromium on it."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from emulators.world import World
from tests.browser.scripted import Scripted, chat_of

DESKTOP = (1440, 900)
NARROW = (390, 844)


@dataclass
class Stage:
    """Opens pages; what the browser complains of is collected in `complaints`.

    Closing `server` takes the emulators away from the pages that are open.
    """

    world: World
    platforms: dict[str, Scripted]
    base: str
    browser: Browser
    server: AsyncExitStack
    pages: AsyncExitStack
    complaints: list[str] = field(default_factory=list)

    async def page(
        self, query: str = "?lang=ru", size: tuple[int, int] = DESKTOP, scheme: str = "light"
    ) -> Page:
        """The page of phones, once the chats stand on it."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        self.pages.push_async_callback(context.close)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        page.on("request", self._asked)
        await page.goto(f"{self.base}/{query}")
        await expect(page.locator(".connection")).to_have_attribute("data-state", "live")
        return page

    def chat(self, platform: str, who: str = "p1") -> str:
        """The chat id of a person."""
        return chat_of(platform, self.world.people[who])

    def _heard(self, line: ConsoleMessage) -> None:
        # A refused gesture is an answer of 400, which Chromium also writes on its console.
        if line.type == "error" and "400 (Bad Request)" not in line.text:
            self.complaints.append(line.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.complaints.append(f"asked for {request.url}")


def device(page: Page, key: str) -> Locator:
    """A phone or a window of the page: telegram, vk, whatsapp, sms, admin, operators, ticker."""
    return page.locator(f"[data-device={key}]")


def bubbles(page: Page, key: str) -> Locator:
    """The messages on a device."""
    return device(page, key).locator("[data-bubble]")


async def type_and_enter(page: Page, key: str, text: str) -> None:
    """Write on a device, the message sent by Enter."""
    field_ = device(page, key).get_by_role("textbox")
    await field_.fill(text)
    await field_.press("Enter")
