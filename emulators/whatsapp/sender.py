"""Takes messages from the business, holds it to its limits, and lets them travel to the phones."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from emulators.screens import Bubble, Status
from emulators.shares import Share, Spread
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.addressing import Address
from emulators.whatsapp.billing import Billing, conversation
from emulators.whatsapp.bodies import Draft
from emulators.whatsapp.errors import ASYNC_CODES, GraphError, magic
from emulators.whatsapp.lines import Line, Outgoing, refusal
from emulators.whatsapp.marks import shown
from emulators.whatsapp.statuses import failure, progress

# Meta's default time to live (whatsapp.md section 3.3).
TTL_SECONDS = 30 * 86_400.0
# By how much `delivered` comes before a `sent` that it overtakes, in seconds.
OVERTAKEN = 0.05
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
        self._jitter = Spread(account.settings.jitter)
        self._unordered = Share(account.settings.unordered)
        self._undelivered = Share(account.settings.undelivered)

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
        if address.human and address.human.wa_id in self._account.standing.blocked:
            raise GraphError(130403)
        if address.by_bsuid and draft.template and draft.template.category == "AUTHENTICATION":
            raise GraphError(131062)
        outside = line is None or now >= line.window_until
        self._account.standing.check(draft, outside=outside, now=now)
        self._account.limits.hold(draft, address, line, now)
        code = self._refusal(draft, address, line)
        if code and not (code in ASYNC_CODES and self._settings.async_errors):
            raise GraphError(code)
        failing = forced or (Refusal(code) if code else None)
        message = self._outgoing(draft, address, opaque, reply_to)
        self._accept(draft, message, failing)
        if failing:
            act = partial(self._fail, message, failing)
            self._account.timeline.after(self._settings.sent_after, act)
        elif line is not None:
            self._price(draft, message, line)
            self._dispatch(draft, message, line)
        return message

    def arrive(self, line: Line, message: Outgoing) -> None:
        """The message reaches the phone, unless it is too old by now."""
        if message.human is None or self._clock.now() >= message.expires_at:
            return
        message.on_screen = True
        # An empty reaction takes one off: there is nothing to see of it.
        if message.bubble.text or not message.bubble.service:
            self._account.world.screens.show(PLATFORM, message.human.wa_id, message.bubble)
        line.unread[message.id] = message
        read, delivered = self._settings.read_after, self._settings.delivered_after
        if read is None or not self._undelivered.due():
            self._plan(message, "delivered", delivered)
        self._plan(message, "read", read)

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
            voice=draft.kind == "audio",
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

    def _refusal(self, draft: Draft, address: Address, line: Line | None) -> int | None:
        """Why this message is not delivered; nobody's number may be that of an error's code."""
        code = magic(address.handle) if line is None and self._settings.magic else None
        return code or refusal(line, draft, self._clock.now())

    def _price(self, draft: Draft, message: Outgoing, line: Line) -> None:
        now, settings = self._clock.now(), self._settings
        pricing = self._billing.charge(draft, line, now)
        message.pricing = pricing if settings.pricing else None
        message.conversation = conversation(
            draft, line, message.to, now, always=settings.conversations
        )

    def _dispatch(self, draft: Draft, message: Outgoing, line: Line) -> None:
        travel = partial(self._travel, message, line)
        if draft.template is None or not self._account.pacing.holds(draft.template):
            travel()
            return
        message.held = True
        drop = partial(self._fail, message, Refusal(132015))
        self._account.pacing.keep(draft.template, release=travel, drop=drop)

    def _plan(self, message: Outgoing, state: Status, delay: float | None) -> None:
        if delay is not None:
            act = partial(self.report, message, state)
            self._account.timeline.after(delay + self._jitter.next(), act)

    def _travel(self, message: Outgoing, line: Line) -> None:
        late = (self._settings.delivered_after or 0.0) + self._settings.jitter + OVERTAKEN
        overtaken = late if self._unordered.due() else 0.0
        self._plan(message, "sent", self._settings.sent_after + overtaken)
        if line.offline:
            line.waiting.append(message)
        else:
            self.arrive(line, message)

    def _fail(self, message: Outgoing, failing: Refusal) -> None:
        now = self._clock.now()
        contacts = self._settings.failed_contacts
        self._account.webhooks.tell(
            failure(message, failing.code, failing.details, now, contacts=contacts)
        )
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
