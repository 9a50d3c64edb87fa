"""The bytes of a webhook as Meta writes and signs them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

# Meta escapes these besides everything outside ASCII (whatsapp.md, section 0 fact 3).
ESCAPES = str.maketrans({"/": r"\/", "@": r"\u0040", "<": r"\u003C", "%": r"\u0025"})


def encode(payload: Mapping[str, Any], *, escaped: bool = True) -> bytes:
    """A webhook's body: ASCII with Meta's escapes, or plain UTF-8."""
    text = json.dumps(payload, ensure_ascii=escaped, separators=(",", ":"))
    return text.translate(ESCAPES).encode() if escaped else text.encode("utf-8", "surrogatepass")


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
