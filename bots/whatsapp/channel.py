"""A business number on WhatsApp as a channel."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from bots.whatsapp.account import Account
from bots.whatsapp.files import Uploads, fetch
from bots.whatsapp.graph import Graph
from bots.whatsapp.layout import objection
from bots.whatsapp.read import Us, read
from bots.whatsapp.sending import Sender
from bots.whatsapp.settings import LIMITS, NAME, Settings
from bots.whatsapp.webhooks import accept
from vestnik.abilities import TemplateInfo, Tier
from vestnik.channel import Forged, Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import File, Send
from vestnik.outcome import SendResult
from vestnik.spread import spread


def build(settings: Settings, account: str = "main") -> "WhatsApp":
    """The channel; connects on first use."""
    return WhatsApp(settings, account)


class WhatsApp:
    """One business number. Also fulfils Setup, Probe, Templates, Files, Linking and Tiered."""

    name = NAME

    def __init__(self, settings: Settings, account: str = "main") -> None:
        self.account = account
        self.limits: Limits = replace(
            LIMITS,
            rate=settings.rate or LIMITS.rate,
            people_a_day=settings.people_a_day,
            objection=objection,
        )
        self._settings = settings
        self._graph = Graph(settings)
        self._ours = Account(self._graph, settings)
        self._sender = Sender(self._graph, settings.phone_id)

    def accept(self, hook: Hook) -> Reply:
        """Answer Meta's challenge, which is not signed, or verify a signed webhook."""
        if hook.account != self.account:
            raise Forged("no such account")
        return accept(hook, self._settings)

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """Translate a webhook's body, which may hold a thousand items."""
        return read(kept, Us(self.account, self._settings.phone_id, self._settings.waba_id))

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """Send; a person's messages go in order."""
        uploads = Uploads(self._graph, self._settings.phone_id)
        return await spread(batch, partial(self._sender.send, uploads=uploads))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def setup(self, public_url: str) -> None:
        """Subscribe our webhook to the account; Meta tries it at once. Raises SetupFailed."""
        await self._ours.subscribe(f"{public_url.rstrip('/')}/webhooks/{NAME}/{self.account}")

    async def probe(self) -> str:
        """The number and its verified name; raises SetupFailed."""
        return await self._ours.name()

    async def templates(self) -> Sequence[TemplateInfo]:
        """The account's templates in all languages; raises SetupFailed."""
        return await self._ours.templates()

    async def tier(self) -> Tier:
        """What Meta allows the account now, or what our settings say; raises SetupFailed."""
        return await self._ours.tier()

    async def link(self, payload: str) -> str:
        """A wa.me address that opens the chat with the payload; raises SetupFailed, BadPayload."""
        return await self._ours.link(payload)

    async def fetch(self, media_id: str) -> File:
        """A file that somebody sent, within seven days; raises FileMissing."""
        return await fetch(self._graph, media_id, urlsplit(self._settings.api_url).scheme)
