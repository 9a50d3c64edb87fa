"""The channel: a community of VK."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bots.vk.accept import accept
from bots.vk.api import Api
from bots.vk.longpoll import poll
from bots.vk.marks import read_marks
from bots.vk.names import names
from bots.vk.packing import proposed
from bots.vk.read import read
from bots.vk.send import Sender
from bots.vk.settings import LIMITS, NAME, Settings
from bots.vk.setup import Community
from bots.vk.suit import objection
from vestnik.abilities import Pack, Polled, carried
from vestnik.address import Address
from vestnik.channel import Forged, Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import DeliveryReported, Inbound
from vestnik.outbound import Send
from vestnik.outcome import SendResult


class Vk:
    """Channel, Polling, Setup, Probe, Packing, ReadMarks and Linking of one community."""

    def __init__(self, settings: Settings, account: str) -> None:
        self.name = NAME
        self.account = account
        self.limits: Limits = replace(
            LIMITS, rate=settings.rate or LIMITS.rate, objection=objection
        )
        self.polls = settings.mode == "longpoll"
        self._group_id = settings.group_id
        self._secret = settings.agreed_secret
        self._confirmation = settings.confirmation
        token = settings.token.get_secret_value()
        self._api = Api(token, settings.api_url, settings.timeout)
        self._community = Community(self._api, settings.group_id)
        self._sender = Sender(self._api, settings.intent)

    def accept(self, hook: Hook) -> Reply:
        """Verify a callback by its secret; raises Forged."""
        if hook.account != self.account:
            raise Forged("the callback came to another account's address")
        return accept(
            hook,
            group_id=self._group_id,
            secret=self._secret.encode(),
            confirmation=self._confirmation,
        )

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """The events of a callback or a long-poll update."""
        return read(kept, self._group_id)

    def pack(self, batch: Sequence[Send]) -> Sequence[Pack]:
        """The requests that the batch takes: what people are told alike under one handle."""
        return proposed(batch)

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """Send; who is told the same under the same handle shares a call, others a script."""
        return await self._sender.send(batch)

    async def read_marks(self, addresses: Sequence[Address]) -> Sequence[DeliveryReported]:
        """How far each has read, as far as it can be told now; never raises."""
        return await read_marks(self._api, self._group_id, addresses)

    async def names(self, handles: Sequence[str]) -> Mapping[str, str]:
        """First and last names, by handle; never raises."""
        return await names(self._api, handles)

    async def link(self, payload: str) -> str:
        """The address that opens the dialog with the payload as `ref`; raises BadPayload."""
        return f"https://vk.me/club{self._group_id}?ref={carried(payload)}"

    async def poll(self, cursor: str | None) -> Polled:
        """Wait for news after the cursor; raises PollFailed."""
        return await poll(self._api, self._group_id, cursor)

    async def setup(self, public_url: str) -> None:
        """Register the callback server, or switch long poll on; raises SetupFailed.

        VK asks `accept` for the confirmation string while it registers the server.
        """
        if self.polls:
            await self._community.keep_for_polling()
            return
        self._confirmation = self._confirmation or await self._community.confirmation()
        url = f"{public_url.rstrip('/')}/webhooks/{self.name}/{self.account}"
        await self._community.listen(url, self._secret)

    async def probe(self) -> str:
        """The community's name; raises SetupFailed."""
        return await self._community.name()

    async def aclose(self) -> None:
        """Close connections."""
        await self._api.aclose()
