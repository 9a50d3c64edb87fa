"""One web server for all emulated platforms, their control path and the page of phones."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from emulators.control import Control
from emulators.gone import tell_of_the_end
from emulators.views import Views
from emulators.world import Platform, World

PAGE = Path(__file__).parent / "page"
BODY_BYTES = 64 * 2**20


def application(world: World, platforms: Sequence[Platform]) -> web.Application:
    """Each platform under `/{name}`, the control path under `/_sim`, the page of phones at `/`."""
    app = web.Application(client_max_size=BODY_BYTES)
    tell_of_the_end(app)
    app.add_routes(Views(world, [platform.name for platform in platforms]).routes())
    app.add_routes(Control(world, platforms).routes())
    for platform in platforms:
        app.add_subapp(f"/{platform.name}", platform.api())

    async def index(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})

    app.router.add_get("/", index)
    app.router.add_static("/page", PAGE)
    return app


@asynccontextmanager
async def serving(
    world: World, platforms: Sequence[Platform], *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Run the emulators; gives the base address, such as `http://127.0.0.1:8081`."""
    runner = web.AppRunner(application(world, platforms), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        for platform in platforms:
            await platform.start()
        bound = runner.addresses[0]
        yield f"http://{bound[0]}:{bound[1]}"
    finally:
        for platform in platforms:
            await platform.stop()
        await runner.cleanup()
