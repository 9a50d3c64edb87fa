"""Chromium for the tests of the pages."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from emulators.server import serving
from tests.browser.scripted import Scripted, small_world
from tests.browser.stage import Stage

PLATFORMS = ("telegram", "vk", "whatsapp", "sms")

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One browser a module; where there is none the tests are skipped, and in CI they fail."""
    path = shutil.which("chromium")
    if path is None:
        why = "Chromium is not installed (apt: chromium, chromium-sandbox)"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(chromium: Browser) -> AsyncIterator[Stage]:
    """A small world of scripted platforms; afterwards the browser must not have complained."""
    world = small_world()
    platforms = {name: Scripted(world, name) for name in PLATFORMS}
    async with AsyncExitStack() as server, AsyncExitStack() as pages:
        base = await server.enter_async_context(serving(world, list(platforms.values())))
        stage = Stage(world, platforms, base, chromium, server, pages)
        yield stage
    assert stage.complaints == []
