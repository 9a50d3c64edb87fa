"""Proves that a webhook comes from VK, and answers it."""

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from vestnik.channel import Forged, Hook, Reply

# dev.vk.com/en/api/callback/getting-started: the body must be exactly this.
TAKEN = "ok"

# Plain strings and numbers only: what matches is JSON.
_FIELD = re.compile(rb'"(type|group_id|secret)"\s*:\s*("[ !#-\[\]-~]*"|0|[1-9]\d{0,18})')


def accept(hook: Hook, *, group_id: int, secret: bytes, confirmation: str) -> Reply:
    """What to answer; raises Forged for another community or another secret."""
    envelope = _envelope(hook.body)
    if envelope.get("group_id") != group_id:
        raise Forged("the callback is not about this community")
    if envelope.get("type") == "confirmation":
        return Reply(body=confirmation) if confirmation else Reply(status=503)
    given = envelope.get("secret")
    proof = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else b""
    if not hmac.compare_digest(proof, secret):
        raise Forged("the callback does not carry our secret")
    return Reply(body=TAKEN, keep=hook.body)


def _envelope(body: bytes) -> Mapping[str, Any]:
    try:
        envelope = json.loads(body)
    except RecursionError:
        # Too deep to parse, yet whoever put our secret into it knows the secret: it is kept.
        return {key.decode(): json.loads(value) for key, value in _FIELD.findall(body)}
    except ValueError:
        raise Forged("the callback is not JSON") from None
    if not isinstance(envelope, dict):
        raise Forged("the callback is not a JSON object")
    return envelope
