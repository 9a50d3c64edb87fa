"""Takes messages from the business, holds it to its limits, and lets them travel to the phones."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from emulators.screens import Bubble, Status
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.addressing import Address
from emulators.whatsapp.billing import Billing, conversation
from emulators.whatsapp.bodies import Draft
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.lines import Line, Outgoing, refusal
from emulators.whatsapp.marks import shown
from emulators.whatsapp.statuses import failure, progress

# Meta's default time to live (whatsapp.md section 3.3).
TTL_SECONDS = 30 * 86_400.0
RANKS: Mapping[Status | None, int] = {None: 0, "sent": 1, "delivered": 2, "read": 3}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that is accepted and then fails."""

    code: int
    details: str = ""


def new_id() -> str:
    """An identifier as WhatsApp gives it to a message."""
    return "wamid." + base64.b64encode(b"\x1d" + secrets.token_bytes(27)).decode()


class Sender:
    """What the business sends, and what still happens to it."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._settings = account.settings
        self._clock = account.clock
        self._billing = Billing(account.settings)

    def send(
        self,
        draft: Draft,
        address: Address,
        *,
        opaque: str | None = None,
        reply_to: str | None = None,
        forced: Refusal | None = None,
    ) -> Outgoing:
        """Accept a message; `forced` lets it fail afterwards. Raises GraphError."""
        now = self._clock.now()
        line = self._account.lines.of(address.human) if address.human else None
        if address.by_bsuid and draft.template and draft.template.category == "AUTHENTICATION":
            raise GraphError(131062)
        self._account.limits.hold(draft, address, line, now)
        code = refusal(line, draft, now)
        if code and not self._settings.async_errors:
            raise GraphError(code)
        failing = forced or (Refusal(code) if code else None)
        message = self._outgoing(draft, address, opaque, reply_to)
        self._accept(draft, message, failing)
        if failing:
            act = partial(self._fail, message, failing)
            self._account.timeline.after(self._settings.sent_after, act)
        elif line is not None:
            message.pricing = self._billing.charge(draft, line, now)
            message.conversation = conversation(line, address.handle, now)
            self._travel(message, line)
        return message

    def arrive(self, line: Line, message: Outgoing) -> None:
        """The message reaches the phone, unless it is too old by now."""
        if message.human is None or self._clock.now() >= message.expires_at:
            return
        message.on_screen = True
        self._account.world.screens.show(PLATFORM, message.human.wa_id, message.bubble)
        line.unread[message.id] = message
        plan: tuple[tuple[Status, float | None], ...] = (
            ("delivered", self._settings.delivered_after),
            ("read", self._settings.read_after),
        )
        for state, delay in plan:
            if delay is not None:
                self._account.timeline.after(delay, partial(self.report, message, state))

    def report(self, message: Outgoing, state: Status) -> None:
        """Tell the business, and the phone's screen, how far a message has come."""
        if message.human is None or state in message.told:
            return
        self._account.webhooks.tell(progress(message, state, self._clock.now()))
        message.told.add(state)
        if state == "read":
            self._account.lines.of(message.human).unread.pop(message.id, None)
        self._show(message, state)
        self._account.world.report(
            platform=PLATFORM, reference=message.id, status=state, to=message.to
        )

    def _outgoing(
        self, draft: Draft, address: Address, opaque: str | None, reply_to: str | None
    ) -> Outgoing:
        now = self._clock.now()
        text, spans = shown(draft.text)
        lifetime = draft.template.ttl_seconds if draft.template else TTL_SECONDS
        message_id = new_id()
        return Outgoing(
            id=message_id,
            to=address.handle,
            by_bsuid=address.by_bsuid,
            human=address.human,
            opaque=opaque,
            expires_at=now + lifetime,
            buttons=draft.buttons,
            bubble=Bubble(
                id=message_id,
                text=text,
                at=now,
                author=self._settings.verified_name,
                author_id=self._settings.display_phone_number,
                spans=spans,
                keys=[[button.key] for button in draft.buttons],
                image=draft.image,
                reply_to=draft.reacts_to or reply_to,
                service=draft.kind == "reaction",
            ),
        )

    def _accept(self, draft: Draft, message: Outgoing, failing: Refusal | None) -> None:
        self._account.sent[message.id] = message
        self._account.world.accept(
            platform=PLATFORM,
            to=message.to,
            kind=draft.kind,
            text=draft.text,
            reference=message.id,
            opaque=message.opaque,
            detail=draft.detail | ({"refused": failing.code} if failing else {}),
        )

    def _travel(self, message: Outgoing, line: Line) -> None:
        self._account.timeline.after(
            self._settings.sent_after, partial(self.report, message, "sent")
        )
        if line.offline:
            line.waiting.append(message)
        else:
            self.arrive(line, message)

    def _fail(self, message: Outgoing, failing: Refusal) -> None:
        now = self._clock.now()
        self._account.webhooks.tell(failure(message, failing.code, failing.details, now))
        self._account.world.report(
            platform=PLATFORM,
            reference=message.id,
            status="failed",
            to=message.to,
            why=str(failing.code),
        )

    def _show(self, message: Outgoing, state: Status) -> None:
        bubble = message.bubble
        if message.human is None or RANKS[state] <= RANKS[bubble.status]:
            return
        bubble.status = state
        if message.on_screen:
            self._account.world.screens.change(PLATFORM, message.human.wa_id, bubble)
