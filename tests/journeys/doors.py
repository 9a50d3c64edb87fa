"""The four webhooks as their callers know them: what they bring, how they prove themselves."""

import hashlib
import hmac
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.demo.stage import CALLBACK_SECRET
from emulators.vk import VkSettings
from emulators.whatsapp import WhatsAppSettings

TELEGRAM_SECRET = "agreed-on-by-setWebhook"
VK_SECRET = "secret-of-the-demo"
TESTS = Path(__file__).parent.parent
FORMS = (
    b"id=17&phone=79160000000&status=1&time=01.12.2026+10%3A00%3A00&err=0&cnt=1",
    b"id=18&phone=79160000000&status=20&err=6&cnt=1",
    b"phone=79160000000&mes=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82&to=79000000000&sms_id=55",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What makes a body of a caller's: the query and the headers beside it."""

    body: bytes
    query: bytes = b""
    headers: Mapping[bytes, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A webhook. `holds` tells whether a body that was proven still is: None where it may be.

    `brings` are the methods by which something is kept.
    """

    path: bytes
    bodies: Sequence[bytes]
    prove: Callable[[bytes], Proof]
    forge: Callable[[random.Random, bytes], Proof]
    anew: tuple[bytes, bytes]
    holds: Callable[[bytes], bool | None] = lambda _: True
    brings: frozenset[bytes] = frozenset({b"GET", b"POST"})

    def renewed(self, body: bytes, number: int) -> bytes:
        """The body as another event's: its ids are changed."""
        pattern, by = self.anew
        return re.sub(pattern, by % number, body)


def _payloads(channel: str) -> Iterator[bytes]:
    for path in sorted((TESTS / "bots" / channel).glob("*.json")):
        # What the platform tells of our account may rightly stop the lane.
        if "account" not in path.name:
            yield path.read_bytes()


def _telegram(body: bytes) -> Proof:
    return Proof(body, headers={b"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET.encode()})


def _telegram_forged(chance: random.Random, body: bytes) -> Proof:
    secret = TELEGRAM_SECRET.encode()
    shown = chance.choice((None, b"", b"wrong", secret[:-1], secret.upper(), b"\xd0\xbf", b"\xe9"))
    return Proof(
        body, headers=None if shown is None else {b"X-Telegram-Bot-Api-Secret-Token": shown}
    )


def _vk_bodies() -> list[bytes]:
    bodies: list[bytes] = []
    for payload in _payloads("vk"):
        told: Any = json.loads(payload)
        told |= {"group_id": VkSettings().group_id, "secret": VK_SECRET}
        bodies.append(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return bodies


def _vk_forged(chance: random.Random, body: bytes) -> Proof:
    secret = VK_SECRET.encode()
    shown = (b"", b"wrong", secret[:-1], secret.upper(), "п".encode(), b"\\ud800", b"\xff")
    return Proof(body.replace(secret, chance.choice(shown)))


def _vk_holds(body: bytes) -> bool | None:
    try:
        told = json.loads(body)
    except RecursionError:
        return None
    except ValueError:
        return False
    ours = (VkSettings().group_id, VK_SECRET)
    return isinstance(told, dict) and (told.get("group_id"), told.get("secret")) == ours


def _signature(body: bytes) -> bytes:
    digest = hmac.new(WhatsAppSettings().app_secret.encode(), body, hashlib.sha256).hexdigest()
    return b"sha256=" + digest.encode()


def _whatsapp(body: bytes) -> Proof:
    return Proof(body, headers={b"X-Hub-Signature-256": _signature(body)})


def _whatsapp_forged(chance: random.Random, body: bytes) -> Proof:
    other, mine = _signature(body + b" "), _signature(body)
    shown = chance.choice((None, b"", b"sha256=", other, mine[7:], mine[:-1], b"sha256=\xd0\xbf"))
    return Proof(body, headers=None if shown is None else {b"X-Hub-Signature-256": shown})


def _whatsapp_bodies() -> list[bytes]:
    """The payloads as ours: of our number and our account."""
    ours = {b'"1065"': WhatsAppSettings().phone_id, b'"1022"': WhatsAppSettings().waba_id}
    bodies = list(_payloads("whatsapp"))
    for theirs, own in ours.items():
        bodies = [body.replace(theirs, f'"{own}"'.encode()) for body in bodies]
    return bodies


def _smsc(body: bytes) -> Proof:
    return Proof(body, query=b"secret=" + CALLBACK_SECRET.encode())


def _smsc_forged(chance: random.Random, body: bytes) -> Proof:
    shown = chance.choice((b"", b"secret=", b"secret=wrong", b"secret=%D0%BF", b"secret=%ff%00"))
    return Proof(body, query=shown)


DOORS: Mapping[str, Door] = {
    "telegram": Door(
        path=b"/webhooks/telegram/main",
        bodies=tuple(_payloads("telegram")),
        prove=_telegram,
        forge=_telegram_forged,
        anew=(rb'"update_id": *\d+', b'"update_id": 7%d'),
    ),
    "vk": Door(
        path=b"/webhooks/vk/main",
        bodies=_vk_bodies(),
        prove=Proof,
        forge=_vk_forged,
        anew=(rb'"event_id": *"[^"]*"', b'"event_id": "e%d"'),
        holds=_vk_holds,
    ),
    "whatsapp": Door(
        path=b"/webhooks/whatsapp/main",
        bodies=_whatsapp_bodies(),
        prove=_whatsapp,
        forge=_whatsapp_forged,
        anew=(rb'"id": *"wamid[^"]*"', b'"id": "wamid.%d"'),
    ),
    "sms": Door(
        path=b"/webhooks/sms/smsc",
        bodies=FORMS,
        prove=_smsc,
        forge=_smsc_forged,
        anew=(rb"\b(sms_id|id)=\w+", rb"\1=9%d"),
        brings=frozenset({b"POST"}),
    ),
}
