"""All that the parts of one emulated business number share."""

from emulators.clock import Clock
from emulators.screens import Bubble
from emulators.timeline import Timeline
from emulators.whatsapp.limits import Limits
from emulators.whatsapp.lines import Lines, Outgoing
from emulators.whatsapp.media import Media
from emulators.whatsapp.pacing import Pacing
from emulators.whatsapp.settings import WhatsAppSettings
from emulators.whatsapp.shelf import Shelf
from emulators.whatsapp.standing import Standing
from emulators.whatsapp.webhooks import Webhooks
from emulators.world import Human, World

PLATFORM = "whatsapp"


class Account:
    """The state: `sent` and `heard` hold both sides' messages by their identifiers.

    `origin` is where the business finds this server, known once it has asked for something.
    """

    def __init__(self, world: World, settings: WhatsAppSettings) -> None:
        self.world = world
        self.settings = settings
        self.clock = Clock(world.clock)
        self.timeline = Timeline(self.clock)
        self.webhooks = Webhooks(settings, self.clock, world.road, self.timeline)
        self.lines = Lines(settings)
        self.standing = Standing(settings)
        self.limits = Limits(settings, self.standing)
        self.pacing = Pacing()
        self.media = Media(self.clock)
        self.shelf = Shelf(settings.templates)
        self.origin: str | None = None
        self.sent: dict[str, Outgoing] = {}
        self.heard: dict[str, tuple[Human, Bubble]] = {}

    def who(self, handle: str) -> Human | None:
        """Whoever has this number or business-scoped id now."""
        human = self.world.who(PLATFORM, handle)
        return human if human and handle in (human.wa_id, human.bsuid, human.parent_bsuid) else None

    def knows(self, message_id: str) -> bool:
        """Whether there is such a message, from either side."""
        return message_id in self.heard or message_id in self.sent
