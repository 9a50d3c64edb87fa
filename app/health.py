"""Whether the process lives (`/healthz`), can work (`/readyz`), and how it fares (`/metrics`)."""

from collections.abc import Iterable

import structlog
from aiohttp import web
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest

from storage.database import Database, DatabaseUnavailable
from storage.lanes import Trouble
from storage.migrate import is_current

log = structlog.get_logger(__name__)


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
        """Prometheus' text format; what the database knows is left out while it is away."""
        told = generate_latest(REGISTRY)
        try:
            async with self._database.read() as work:
                told += generate_latest(lanes_told(await work.lanes.troubles()))
        except DatabaseUnavailable as error:
            log.warning("lanes_not_told", why=str(error))
        return web.Response(body=told, headers={"Content-Type": "text/plain; version=0.0.4"})


def lanes_told(troubles: Iterable[Trouble]) -> CollectorRegistry:
    """Lanes that are not well; the others have no sample."""
    registry, labels = CollectorRegistry(), ("channel", "account")
    down = Gauge("vestnik_lane_down", "1: nothing goes, or only probes", labels, registry=registry)
    rest = Gauge(
        "vestnik_lane_rest_seconds", "Until a lane may send again", labels, registry=registry
    )
    bulk_rest = Gauge(
        "vestnik_lane_broadcasts_rest_seconds",
        "Until a lane may send broadcasts again",
        labels,
        registry=registry,
    )
    for it in troubles:
        lane = it.lane.channel, it.lane.account
        down.labels(*lane).set(it.openings > 0)
        rest.labels(*lane).set(it.rest)
        bulk_rest.labels(*lane).set(it.bulk_rest)
    return registry
