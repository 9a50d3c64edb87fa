"""What people change: what they wrote, their number, what they show of themselves."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from emulators.told import Told, told_text
from emulators.whatsapp import payloads
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.bundles import Json, Update
from emulators.whatsapp.sender import new_id
from emulators.whatsapp.writing import Writing
from emulators.world import Gesture, Human, Refused

# The four people of Meta's own test tool (whatsapp.md section 6).
MODES = ("plain", "username", "username_only", "parent")
NEW_NUMBERS = 79_680_000_000


class Changes:
    """Their gestures; each takes {"who": id, …} and raises Refused."""

    def __init__(self, account: Account, writing: Writing) -> None:
        self._account = account
        self._world = account.world
        self._writing = writing
        self._numbers = count(NEW_NUMBERS)

    def gestures(self) -> Mapping[str, Gesture]:
        """All of them by name."""
        return {
            "edit": self.edit,
            "revoke": self.revoke,
            "change_number": self.change_number,
            "identity": self.identity,
            "username": self.username,
            **{f"show_{mode}": self._mode(mode) for mode in MODES},
        }

    async def edit(self, told: Told) -> Told:
        """Put another `text` in the place of one's own `message`. Opens no window."""
        human = self._writing.active(told)
        bubble = self._writing.own(human, told.get("message"))
        bubble.text, bubble.edited = told_text(told, "text"), True
        self._world.screens.change(PLATFORM, human.wa_id, bubble)
        content = {"type": "text", "text": {"body": bubble.text}}
        return self._writing.tell(human, payloads.edited(bubble.id, content))

    async def revoke(self, told: Told) -> Told:
        """Take one's own `message` back. Opens no window."""
        human = self._writing.active(told)
        bubble = self._writing.own(human, told.get("message"))
        self._world.screens.remove(PLATFORM, human.wa_id, bubble.id)
        return self._writing.tell(human, payloads.revoked(bubble.id))

    async def change_number(self, told: Told) -> Told:
        """Move to another `phone` (one of nobody): a new number and a new business-scoped id.

        The phone keeps what was written. `form` is the way it is told, one of payloads.MOVES.
        """
        human = self._writing.active(told)
        phone = self._free(told)
        form = str(told.get("form", payloads.MOVES[0]))
        if form not in payloads.MOVES:
            raise Refused(f"there is no form {form!r}; there are {', '.join(payloads.MOVES)}")
        old = replace(human)
        self._account.lines.of(old).no_whatsapp = True
        human.phone, human.bsuid = phone, f"{human.bsuid}2"
        for bubble in self._world.screens.of(PLATFORM, old.wa_id).bubbles:
            self._world.screens.show(PLATFORM, human.wa_id, bubble)
        self._world.add(human)
        self._tell(old, payloads.system(old, human, form))
        return {"wa_id": human.wa_id, "bsuid": human.bsuid}

    async def identity(self, told: Told) -> Told:
        """Set WhatsApp up anew, on another phone; the number stays. Opens no window."""
        human = self._writing.active(told)
        mark = secrets.token_urlsafe(12)
        self._tell(human, payloads.identity(human, self._account.clock.now(), mark))
        return {"hash": mark}

    async def username(self, told: Told) -> Told:
        """Take a `username`, or give it up by an empty one; the business-scoped id stays."""
        human = self._world.human(told)
        human.username = str(told.get("username") or "") or None
        self._world.add(human)
        return {"username": human.username}

    def _tell(self, human: Human, content: Json) -> None:
        """What WhatsApp itself says of somebody comes without contacts (whatsapp.md 2.2)."""
        item = payloads.message(human, new_id(), self._account.clock.now(), content)
        self._account.webhooks.tell(Update("messages", "messages", item))

    def _free(self, told: Told) -> str:
        if told.get("phone") is None:
            return f"+{next(self._numbers)}"
        phone = told_text(told, "phone")
        if not phone.startswith("+") or self._world.who(PLATFORM, phone[1:]):
            raise Refused("name a free number with '+' in 'phone'")
        return phone

    def _mode(self, mode: str) -> Gesture:
        async def gesture(told: Told) -> Told:
            human = self._world.human(told)
            _show(human, mode)
            self._world.add(human)
            return {"mode": mode}

        return gesture


def _show(human: Human, mode: str) -> None:
    """Let a business see as much of somebody as the mode says."""
    nick = human.username or human.id
    country, _, rest = human.bsuid.partition(".")
    human.username = None if mode == "plain" else nick
    human.username_only = mode == "username_only"
    human.parent_bsuid = f"{country}.ENT.{rest}" if mode == "parent" else None
