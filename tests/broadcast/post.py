"""The house that the stories play in: its lanes and staff, and a post that takes everything."""

from collections.abc import Mapping, Sequence

from broadcast.staff import Role
from dialogs.languages import Languages
from dialogs.scenario import SHIPPED, load
from fallback.routes import parse
from fallback.segments import segments
from vestnik.address import SMS, Address, ChannelName, Lane
from vestnik.channel import Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Send, Text
from vestnik.outcome import Rejected, SendResult, Sent, Unreachable

LANGUAGES = Languages("ru")
COFFEE = load(SHIPPED / "coffee.yaml")
TELEGRAM, VK, WHATSAPP = map(ChannelName, ("telegram", "vk", "whatsapp"))
ADMIN_CHAT = Address(TELEGRAM, "main", "-100")
STAFF: Mapping[str, Role] = {
    "telegram:1": "owner",
    "telegram:2": "marketer",
    "telegram:3": "operator",
    "vk:7": "marketer",
}
_PAGE = "https://example.com"
_RATE = 100_000.0
LIMITS: Mapping[Lane, Limits] = {
    Lane(TELEGRAM, "main"): Limits(
        4096, len, buttons=100, label=64, payload=64, rate=_RATE, edits=True, page=_PAGE
    ),
    Lane(VK, "main"): Limits(
        4096, len, buttons=10, label=40, payload=247, rate=_RATE, edits=True, page=_PAGE
    ),
    Lane(WHATSAPP, "main"): Limits(
        4096,
        len,
        buttons=10,
        label=24,
        payload=200,
        rate=_RATE,
        window_hours=24,
        templates=True,
        page=_PAGE,
    ),
    Lane(SMS, "main"): Limits(
        10, segments, buttons=0, label=0, payload=0, rate=_RATE, answers=False, page=_PAGE
    ),
}
ROUTE = parse("last 60s delivered > sms 1h delivered")


class Post:
    """A channel that takes everything, but from those who blocked it; it keeps what it took."""

    def __init__(self, lane: Lane) -> None:
        self.name, self.account, self.limits = lane.channel, lane.account, LIMITS[lane]
        self.taken: list[Send] = []
        self.blocked: set[str] = set()
        self.broken_for: set[str] = set()

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        return [self._send(item) for item in batch]

    def _send(self, item: Send) -> SendResult:
        if item.address.handle in self.blocked:
            return Unreachable("blocked")
        if item.address.handle in self.broken_for:
            return Rejected("400")
        self.taken.append(item)
        by_sms = self.name == SMS and isinstance(item.outbound, Text)
        parts = segments(item.outbound.body.text) if by_sms else None  # type: ignore[union-attr]
        return Sent(f"{self.name}.{len(self.taken)}", parts, "2.50" if by_sms else None)

    def accept(self, hook: Hook) -> Reply:
        raise NotImplementedError

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        raise NotImplementedError

    async def aclose(self) -> None:
        pass
