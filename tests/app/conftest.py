from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from app.discovery import switched_on
from app.settings import load
from app.web import application
from app.wiring import House, build
from tests.app.api_caller import KEY, ROOT, Caller

SETTINGS = {
    "API_KEY": KEY,
    "SMS_GATEWAY": "smsc",
    "SMSC_LOGIN": "made-up",
    "SMSC_PASSWORD": "made-up",
    "TELEGRAM_TOKEN": "123456789:AAF-made_up_token_of_35_characters_",
    "WHATSAPP_TOKEN": "made-up",
    "WHATSAPP_PHONE_ID": "1",
    "WHATSAPP_WABA_ID": "2",
    "WHATSAPP_APP_SECRET": "made-up",
    "WHATSAPP_VERIFY_TOKEN": "made-up",
}

Furnish = Callable[[str], Awaitable[Caller]]


@pytest.fixture
async def furnish(
    aiohttp_client: AiohttpClient, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Furnish]:
    """Builds the real house on a database's address, with three channels, behind its server."""
    houses: list[House] = []

    async def on(database_url: str) -> Caller:
        for name, value in {**SETTINGS, "DATABASE_URL": database_url}.items():
            monkeypatch.setenv(name, value)
        settings = load(None)
        house = build(settings, switched_on(settings, None))
        houses.append(house)
        client = await aiohttp_client(application(house))
        async with client.get(f"{ROOT}/openapi.json") as got:
            return Caller(client, house, await got.json())

    yield on
    for house in houses:
        await house.aclose()


@pytest.fixture
async def api(sqlite_url: str, furnish: Furnish) -> Caller:
    """The API on SQLite."""
    return await furnish(sqlite_url)


@pytest.fixture
async def both(database_url: str, furnish: Furnish) -> Caller:
    """The API; each test that asks for it runs on both databases."""
    return await furnish(database_url)
