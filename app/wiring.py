"""Builds the house from its settings: the only place where everything meets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from redis.asyncio import Redis

from app.asking import Asking
from app.hinting import Hints
from app.identity import process_name
from app.router import Router
from app.runner import Chore, Runner
from app.settings import BadSettings, Settings
from app.shared_pace import SharedPace
from broadcast.audits import Audits
from broadcast.catalogue import Catalogue
from broadcast.desk import Desk
from broadcast.notices import Notices
from broadcast.progress import Progress
from broadcast.watch import Watch
from delivery import hints
from delivery.courtesies import Courtesies
from delivery.handling import Handler
from delivery.marks import Marks
from delivery.naming import Names
from delivery.pace import LocalPace, Pace
from delivery.planning import Planner
from delivery.reading import Reader
from delivery.sending import Sender
from dialogs.calling import Calling
from dialogs.handler import Dialogs
from dialogs.languages import Languages
from dialogs.operators import Operators
from dialogs.recording import Recorder
from dialogs.relaying import FileRelay
from dialogs.reminding import Reminding
from dialogs.scenario import SHIPPED, Flawed, Scenario
from dialogs.scenario import load as load_scenario
from dialogs.shelf import Shelf
from dialogs.talk import Talks
from fallback.routes import BadRoute, parse
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from vestnik.abilities import Files
from vestnik.address import SMS, Address, ChannelName, Lane
from vestnik.channel import Channel, Limits
from vestnik.route import Route

REDIS_SECONDS = 2.0
"""A pace that is not told by then is kept alone."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that was built; `channels` by the lane they write on."""

    settings: Settings
    database: Database
    channels: Mapping[Lane, Channel]
    languages: Languages
    route: Route
    router: Router
    shelf: Shelf
    asking: Asking
    courtesies: Courtesies
    pace: Pace
    planner: Planner
    marks: Marks
    names: Names
    chores: Mapping[str, Chore]
    sender: Sender

    @property
    def scenario(self) -> Scenario:
        """The present scenario."""
        return self.shelf.current

    @property
    def limits(self) -> Mapping[Lane, Limits]:
        """What each lane can carry."""
        return {lane: channel.limits for lane, channel in self.channels.items()}

    def runner(self) -> Runner:
        """Loops for every chore of the house."""
        wide = 1 if self.database.embedded else 4
        return Runner(self.chore, width=wide)

    def chore(self, hint: str) -> Chore | None:
        """The chore behind a hint."""
        lane = hints.lane_of(hint)
        if lane is None:
            return self.chores.get(hint)
        if lane not in self.channels:
            return None

        async def send() -> float | None:
            return await self.sender.send_due(lane)

        return send

    def pass_on(self, to: Hints) -> None:
        """From now on every committed unit of work gives its hints and courtesies."""

        async def committed(work: UnitOfWork) -> None:
            to.give(work.hints)
            self.courtesies.post(work.courtesies)

        self.database.on_commit = committed

    async def aclose(self) -> None:
        """Close connections; what is stored is all that is needed to go on."""
        await self.courtesies.aclose()
        await self.asking.aclose()
        for channel in self.channels.values():
            await channel.aclose()
        await self.pace.aclose()
        await self.database.aclose()


def build(settings: Settings, switched_on: Sequence[Channel]) -> House:
    """The house with these channels; nothing is connected yet. Raises BadSettings."""
    zone = ZoneInfo(settings.default_timezone)
    database = Database(settings.database_url, zone=zone, house=settings.preferences)
    channels = {Lane(channel.name, channel.account): channel for channel in switched_on}
    limits = {lane: channel.limits for lane, channel in channels.items()}
    languages = languages_of(settings)
    scenario = _scenario(settings)
    route = _route(settings)
    sms = next((lane for lane in channels if lane.channel == SMS), None)
    fetchable = frozenset(lane for lane, it in channels.items() if isinstance(it, Files))
    operators = Operators(
        _chat(settings.telegram_operators_chat), languages, limits, FileRelay(fetchable)
    )
    shelf = Shelf(scenario)
    talks = Talks(
        shelf=shelf,
        languages=languages,
        limits=limits,
        recorder=Recorder(languages, settings.key, sms),
        operators=operators,
        region=settings.default_region,
        zone=zone,
    )
    dialogs = Dialogs(talks, languages, limits)
    reminding = Reminding(database, talks)
    asking = Asking(settings.callable_addresses)
    desk = Desk(
        languages=languages,
        shelf=shelf,
        limits=limits,
        staff=settings.staff,
        admin_chat=_chat(settings.telegram_admin_chat),
        route=route,
        template=settings.whatsapp_template,
    )
    notices = Notices(languages, desk.admin_chat)
    router = Router(dialogs, operators, desk, notices, limits, settings.block_means)
    catalogue = Catalogue(database, channels, notices)
    pace = _pace(settings)
    planner = Planner(database, limits)
    progress = Progress(database, languages, limits, desk.admin_chat)
    return House(
        settings=settings,
        database=database,
        channels=channels,
        languages=languages,
        route=route,
        router=router,
        shelf=shelf,
        asking=asking,
        courtesies=Courtesies(channels, pace),
        pace=pace,
        planner=planner,
        marks=Marks(database, channels),
        names=Names(database, channels),
        sender=Sender(database, channels, pace, process_name()),
        chores={
            hints.READ: Reader(database, channels).read_due,
            hints.HANDLE: Handler(database, router, limits).handle_due,
            hints.ROUTE: planner.route_due,
            hints.WAITS: planner.end_waits,
            hints.PROGRESS: progress.tell,
            hints.CATALOGUE: catalogue.look,
            hints.REMIND: reminding.remind_due,
            hints.CONTINUE: reminding.continue_due,
            hints.CALL: Calling(database, talks, asking.post).call_due,
            hints.WATCH: Watch(database, languages, desk.admin_chat).look,
            hints.AUDIT: Audits(database, languages, limits).tell,
        },
    )


def _pace(settings: Settings) -> Pace:
    """One pace for all processes where there is a Redis; raises BadSettings."""
    url = settings.redis_url
    if not url:
        return LocalPace()
    try:
        return SharedPace(Redis.from_url(url, socket_timeout=REDIS_SECONDS))
    except ValueError as error:
        raise BadSettings(f"REDIS_URL is wrong: {error}.") from None


def languages_of(settings: Settings) -> Languages:
    """Our own strings; raises BadSettings."""
    try:
        return Languages(settings.default_language)
    except ValueError as error:
        raise BadSettings(f"DEFAULT_LANGUAGE is wrong: {error}.") from None


def scenario_path(settings: Settings) -> Path:
    """The file of the scenario in use."""
    folder = Path(settings.scenarios) if settings.scenarios else SHIPPED
    return folder / f"{settings.scenario}.yaml"


def _scenario(settings: Settings) -> Scenario:
    try:
        return load_scenario(scenario_path(settings))
    except Flawed as error:
        raise BadSettings(f"SCENARIO cannot be used: {error}") from None


def _route(settings: Settings) -> Route:
    try:
        return parse(settings.broadcast_route)
    except BadRoute as error:
        raise BadSettings(f"BROADCAST_ROUTE is wrong: {error}.") from None


def _chat(number: str) -> Address | None:
    return Address(ChannelName("telegram"), "main", number) if number else None
