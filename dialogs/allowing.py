"""Which addresses a scenario may ask: only those that begin as whoever runs the house allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Beginning:
    """A server, and the path below which everything is allowed."""

    scheme: str
    host: str
    port: int
    path: str


def beginning(url: str) -> Beginning | None:
    """What an address begins with; None for one that has no server, or names somebody in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if port is None or not parts.hostname or "@" in parts.netloc or "\\" in url:
        return None
    return Beginning(parts.scheme, parts.hostname, port, parts.path or "/")


def allows(beginnings: Sequence[str], url: str) -> bool:
    """Whether an address is one of those, or lies below one of them."""
    asked = beginning(url)
    if asked is None or ".." in unquote(asked.path):
        return False
    return any(it is not None and _below(it, asked) for it in map(beginning, beginnings))


def _below(allowed: Beginning, asked: Beginning) -> bool:
    same = (allowed.scheme, allowed.host, allowed.port) == (asked.scheme, asked.host, asked.port)
    whole = allowed.path if allowed.path.endswith("/") else f"{allowed.path}/"
    return same and (asked.path == allowed.path or asked.path.startswith(whole))
