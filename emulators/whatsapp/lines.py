"""What WhatsApp keeps about each user in front of this business: window, limits, phone's state."""

from dataclasses import dataclass, field
from typing import Any

from emulators.bucket import Bucket
from emulators.screens import Bubble
from emulators.whatsapp.bodies import Button, Draft
from emulators.whatsapp.settings import DAY, WhatsAppSettings
from emulators.world import Human

# whatsapp.md sections 4.1 and 4.2
WINDOW = DAY
ENTRY_POINT = 3 * DAY


@dataclass(slots=True)
class Outgoing:
    """A message that the business sent and WhatsApp accepted; `to` is the handle it went to.

    `held`: the template's pacing keeps it back for now. `voice`: it can be played.
    """

    id: str
    to: str
    by_bsuid: bool
    human: Human | None
    opaque: str | None
    expires_at: float
    bubble: Bubble
    buttons: list[Button]
    pricing: dict[str, Any] | None = None
    conversation: dict[str, Any] | None = None
    on_screen: bool = False
    held: bool = False
    voice: bool = False
    told: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Line:
    """One user and this business number; times are Unix seconds.

    `came_from_ad` is when the user came from an advertisement, `free_until` the end of the free
    entry point that the answer to it opened. `waiting` holds what the phone has not got yet,
    `unread` what it has got and nobody has looked at.
    """

    pair: Bucket
    window_until: float = 0.0
    came_from_ad: float | None = None
    free_until: float = 0.0
    no_whatsapp: bool = False
    blocked: bool = False
    offline: bool = False
    marketing_stopped: bool = False
    waiting: list[Outgoing] = field(default_factory=list)
    unread: dict[str, Outgoing] = field(default_factory=dict)

    def open(self, at: float) -> None:
        """The user wrote: 24 hours from then on; an older message never shortens a window."""
        self.window_until = max(self.window_until, at + WINDOW)

    def silent(self) -> str:
        """Why this user cannot write to the business; empty when nothing is in the way."""
        states = (
            (self.no_whatsapp, "there is no WhatsApp on the phone"),
            (self.blocked, "the business is blocked: unblock it first"),
            (self.offline, "the phone is offline"),
        )
        return "; ".join(text for holds, text in states if holds)

    def note(self) -> str:
        """The state of the chat, as the page of phones shows it."""
        states = (
            (self.no_whatsapp, "WhatsApp не установлен"),
            (self.blocked, "компания заблокирована"),
            (self.offline, "не в сети"),
            (self.marketing_stopped, "рекламные сообщения отключены"),
        )
        return " · ".join(text for holds, text in states if holds)


class Lines:
    """All lines, by the user's number."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._settings = settings
        self._lines: dict[str, Line] = {}

    def of(self, human: Human) -> Line:
        """Somebody's line, a new one when the two never met."""
        return self.at(human.wa_id)

    def at(self, wa_id: str) -> Line:
        """The line of a number."""
        line = self._lines.get(wa_id)
        if line is None:
            pair = Bucket(self._settings.pair_seconds, self._settings.pair_burst)
            line = self._lines[wa_id] = Line(pair)
        return line


def refusal(line: Line | None, draft: Draft, now: float) -> int | None:
    """Why this user does not get this message (a code of errors.ASYNC_CODES), or None."""
    if line is None or line.no_whatsapp or line.blocked:
        return 131026
    if draft.template is None:
        return 131047 if now >= line.window_until else None
    if draft.template.category == "MARKETING" and line.marketing_stopped:
        return 131050
    return None
