"""The web server: webhooks, health, and the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from app.api import api
from app.health import Health
from app.hooks import BODY_BYTES, Hooks
from app.keeping import Keeper
from app.wiring import House

STOP_SECONDS = 2.0
"""So long requests under way may take when the server stops; webhooks come again."""


def application(house: House, keeper: Keeper | None = None) -> web.Application:
    """Everything this server answers; another keeper is a benchmark's."""
    app = web.Application(client_max_size=BODY_BYTES)
    keeper = keeper or Keeper(house.database)

    async def keeping(_app: web.Application) -> AsyncIterator[None]:
        yield
        await keeper.aclose()

    app.cleanup_ctx.append(keeping)
    hooks = Hooks(
        keeper,
        house.channels,
        public_url=house.settings.public_url,
        gateway=house.settings.sms_gateway,
    )
    app.add_routes(hooks.routes())
    app.add_routes(Health(house.database).routes())
    if house.settings.api_key.get_secret_value():
        app.add_subapp("/api/v1", api(house))
    return app


@asynccontextmanager
async def serving(house: House, keeper: Keeper | None = None) -> AsyncIterator[str]:
    """Listen; gives the address, such as `http://127.0.0.1:8080`."""
    runner = web.AppRunner(
        application(house, keeper),
        access_log=None,
        shutdown_timeout=STOP_SECONDS,
        # Signatures are of the bytes as they came; nobody who may call us compresses them.
        auto_decompress=False,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, house.settings.host, house.settings.port).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
