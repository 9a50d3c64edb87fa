"""Which links Telegram lets into texts and buttons."""

import re

# A name with a dot in it or an address in brackets: "localhost" is refused (LinkManager.cpp).
_WEB = re.compile(
    r"(?:https?://|ftp://)?"
    r"(?:[\w-]+(?:\.[\w-]+)+|\[[0-9a-f:.]+\])"
    r"(?::\d{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_APP = re.compile(r"(?:tg|ton|tonsite|mailto|tel):\S+", re.IGNORECASE)


def is_link(url: str) -> bool:
    """Whether the text can be opened: http, https, ftp, tg and a bare domain name."""
    return bool(_WEB.fullmatch(url) or _APP.fullmatch(url))


def is_fetchable(url: str) -> bool:
    """Whether Telegram could download from this address."""
    return url.lower().startswith(("http://", "https://")) and bool(_WEB.fullmatch(url))
