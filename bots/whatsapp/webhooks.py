"""Who may call our webhook: Meta, with its challenge or with a signed body. Pure."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from bots.whatsapp.settings import Settings
from vestnik.channel import Forged, Hook, Reply

SIGNATURE_HEADER = "x-hub-signature-256"


def accept(hook: Hook, settings: Settings) -> Reply:
    """Answer Meta's challenge, which is not signed, or verify a signed webhook; raises Forged."""
    if hook.method == "GET":
        return Reply(body=_challenge(parse_qs(hook.query, errors="replace"), settings))
    _verify(hook, settings)
    return Reply(keep=hook.body)


def _challenge(query: Mapping[str, Sequence[str]], settings: Settings) -> str:
    expected = settings.verify_token.get_secret_value().encode()
    given = query.get("hub.verify_token", [""])[-1].encode("utf-8", "replace")
    asks = query.get("hub.mode", [""])[-1] == "subscribe"
    if not (asks and expected and hmac.compare_digest(given, expected)):
        raise Forged("the challenge does not know the verify token")
    return query.get("hub.challenge", [""])[-1]


def _verify(hook: Hook, settings: Settings) -> None:
    shown = hook.headers.get(SIGNATURE_HEADER)
    secrets = settings.app_secrets
    if shown is None or not secrets:
        raise Forged("no signature" if secrets else "no WHATSAPP_APP_SECRET to verify by", 401)
    given = shown.encode("utf-8", "replace")
    if not any(hmac.compare_digest(given, _signature(secret, hook.body)) for secret in secrets):
        raise Forged("the signature does not fit the body")


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()
