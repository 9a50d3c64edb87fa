"""How long somebody may still be written to, in words for staff. Pure."""

from datetime import datetime, timedelta

from dialogs.languages import Languages
from storage.known import KnownAddress
from vestnik.channel import Limits
from vestnik.window import is_open


def countdown(
    languages: Languages, language: str | None, known: KnownAddress, limits: Limits, now: datetime
) -> str | None:
    """The state of an address's window; None where the channel has none.

    Beside it, while it lasts, the time in which messages cost nothing (after an advertisement).
    """
    if limits.window_hours is None:
        return None
    until, free = known.window_until, known.free_until
    if until is not None and is_open(until, now):
        left = _left(languages, language, until - now)
        told = languages.text(language, "the window is open for {left}", left=left)
    else:
        told = languages.text(language, "the window is closed: templates only")
    if free is None or free <= now:
        return told
    left = _left(languages, language, free - now)
    at_no_cost = languages.text(language, "messages are free for {left}", left=left)
    return f"{told}; {at_no_cost}"


def _left(languages: Languages, language: str | None, span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return languages.text(language, "{hours} h {minutes} min", hours=hours, minutes=minutes)
