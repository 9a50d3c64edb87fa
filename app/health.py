"""Whether the process lives (`/healthz`), can work (`/readyz`), and how it fares (`/metrics`)."""

from aiohttp import web
from prometheus_client import REGISTRY, generate_latest

from storage.database import Database, DatabaseUnavailable
from storage.migrate import is_current


class Health:
    """Three read-only pages for those who watch over the service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> list[web.RouteDef]:
        """Their paths."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def alive(self, _request: web.Request) -> web.Response:
        """The loop answers."""
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.Response:
        """The database answers and has the newest tables."""
        try:
            await self._database.ping()
            if not await is_current(self._database):
                raise DatabaseUnavailable("the tables are old: run `vestnik db upgrade`")
        except DatabaseUnavailable as error:
            return web.json_response({"status": "unavailable", "why": str(error)}, status=503)
        return web.json_response({"status": "ok"})

    async def metrics(self, _request: web.Request) -> web.Response:
        """Prometheus' text format."""
        return web.Response(
            body=generate_latest(REGISTRY), headers={"Content-Type": "text/plain; version=0.0.4"}
        )
