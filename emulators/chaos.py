"""Random faults by a seed: what a bad day at the platforms does to calls and to webhooks."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from emulators.faults import Fault, Kind
from emulators.road import Trip, straight

# The share of calls that meet each fault, and of webhooks that meet each mishap.
CALLS: Mapping[str, float] = {
    "throttled": 0.02,
    "server_error": 0.015,
    "proxy_page": 0.01,
    "proxy_page_over_success": 0.005,
    "hang": 0.005,
    "reset": 0.005,
    "drop": 0.01,
}
WEBHOOKS: Mapping[str, float] = {"repeated": 0.05, "overtaken": 0.03, "delayed": 0.03}
LONGEST_DELAY = 2.0
"""Seconds on the platforms' clock."""

# Calls that talk to people; setting up and looking around go well.
_HIT: Mapping[str, re.Pattern[str]] = {
    "telegram": re.compile(
        r"(send|edit|answer|copy|forward|delete(?!Webhook|MyCommands)|setMessageReaction).*"
    ),
    "vk": re.compile(r"execute|messages\.(send|edit|delete|markAsRead).*"),
    "whatsapp": re.compile(r"(marketing_)?messages|mark_read|upload|download"),
    "sms": re.compile(r"send|status"),
}
_LOST: Mapping[str, Kind] = {"hang": "hang", "reset": "reset", "drop": "drop"}
_PAGES = (502, 503, 504)


class Chaos:
    """The nth call of a platform, and the nth webhook to an address, meet what the seed says.

    `strength` multiplies the shares of what goes wrong.
    """

    def __init__(self, seed: int, strength: float = 1.0) -> None:
        self.seed = seed
        self.strength = strength
        self.happened: Counter[str] = Counter()
        self._chances: dict[str, random.Random] = {}

    def promises(self) -> Sequence[str]:
        """What it will do, a line each."""
        return [
            f"{share * self.strength:.1%} of {what}: {name.replace('_', ' ')}"
            for what, shares in (("calls", CALLS), ("webhooks", WEBHOOKS))
            for name, share in shares.items()
        ]

    def fault(self, platform: str, method: str) -> Fault | None:
        """What this call meets; None: it goes well."""
        if not _HIT[platform].fullmatch(method):
            return None
        chance = self._chance(platform)
        name = self._drawn(chance, CALLS)
        return None if name is None else _fault(platform, name, chance)

    def road(self, url: str) -> Sequence[Trip]:
        """How this webhook travels: once and straight on, most often."""
        chance = self._chance(urlsplit(url).path)
        delay = chance.uniform(0.0, LONGEST_DELAY)
        match self._drawn(chance, WEBHOOKS):
            case "repeated":
                return (Trip(), Trip(delay, apart=True))
            case "overtaken":
                return (Trip(delay, apart=True),)
            case "delayed":
                return (Trip(delay),)
            case _:
                return straight(url)

    def _chance(self, whose: str) -> random.Random:
        if whose not in self._chances:
            self._chances[whose] = random.Random(f"{self.seed}:{whose}")  # noqa: S311 - a rehearsal
        return self._chances[whose]

    def _drawn(self, chance: random.Random, shares: Mapping[str, float]) -> str | None:
        left = chance.random()
        for name, share in shares.items():
            left -= share * self.strength
            if left < 0:
                self.happened[name] += 1
                return name
        return None


def _fault(platform: str, name: str, chance: random.Random) -> Fault:
    status = chance.choice(_PAGES)
    wait = chance.randint(1, 3)
    if name in _LOST:
        return Fault(platform, _LOST[name])
    if name.startswith("proxy_page"):
        return Fault(platform, "html", fields={"status": status, "accepted": name != "proxy_page"})
    if platform == "sms" and name == "server_error":
        # SMSC.ru has no refusal that says so.
        return Fault(platform, "html", fields={"status": 500})
    throttled: Mapping[str, Mapping[str, int]] = {
        "telegram": {"code": 429, "retry_after": wait},
        "vk": {"code": 6},
        "whatsapp": {"code": 130429, "retry_after": wait},
        "sms": {"code": 9},
    }
    failed: Mapping[str, Mapping[str, int]] = {
        "telegram": {"code": 500},
        "vk": {"code": 10},
        "whatsapp": {"code": 131016},
    }
    fields = throttled[platform] if name == "throttled" else failed[platform]
    return Fault(platform, "error", fields=fields)
