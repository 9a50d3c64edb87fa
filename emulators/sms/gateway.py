"""The account at the gateway: what it may send, what it pays, and what it has sent."""

from decimal import Decimal
from itertools import count

from emulators.bucket import Bucket
from emulators.clock import Clock
from emulators.recent import Recent
from emulators.sms import segments
from emulators.sms.errors import TOO_FAST, MessageId, SmscError
from emulators.sms.messages import Sms
from emulators.sms.operator import PLATFORM, Operator
from emulators.sms.requests import SendRequest
from emulators.sms.settings import SmsSettings
from emulators.world import World


class Gateway:
    """Checks, bills and logs texts, and hands them to the operator."""

    def __init__(
        self, world: World, settings: SmsSettings, clock: Clock, operator: Operator
    ) -> None:
        self.balance = settings.balance
        self._world = world
        self._settings = settings
        self._clock = clock
        self._operator = operator
        self._messages: dict[tuple[str, str], Sms] = {}
        self._recent: Recent[object, None] = Recent(settings.duplicate_seconds)
        self._ids = count(1)
        rate = settings.requests_per_second
        self._rate = Bucket(1 / rate, rate) if rate else None

    def next_id(self) -> int:
        """An id for a message that the client gave none."""
        return next(self._ids)

    def find(self, message_id: str, phone: str | None) -> Sms | None:
        """A message, the last one of those with the same id."""
        return self._messages.get((message_id, phone or ""))

    def hold_to_rate(self) -> None:
        """Count a request; raises error 9."""
        if self._rate and not self._rate.take(self._clock.now()):
            raise SmscError(9, TOO_FAST)

    def price(self, wanted: SendRequest) -> tuple[int, Decimal]:
        """Segments of the text, and the price of sending it to one phone."""
        parts = segments.count(wanted.text)
        return parts, parts * self._settings.price

    def check(self, wanted: SendRequest, message_id: MessageId) -> None:
        """Refuse what the gateway does not send; raises errors 6, 7, 3."""
        lowered = wanted.text.lower()
        denied = any(word.lower() in lowered for word in self._settings.forbidden)
        if denied or wanted.sender != self._settings.sender:
            raise SmscError(6, message_id=message_id)
        if not wanted.phones:
            raise SmscError(7, message_id=message_id)
        if self.price(wanted)[1] * len(wanted.phones) > self.balance:
            raise SmscError(3, message_id=message_id)

    def refuse_duplicate(self, wanted: SendRequest) -> None:
        """Refuse a request that was accepted within the last minute; raises error 9."""
        now = self._clock.now()
        key = (wanted.phones, wanted.text, wanted.sender, wanted.own_id)
        if self._recent.has(key, now):
            raise SmscError(9)
        self._recent.put(key, None, now)

    def accept(self, wanted: SendRequest, message_id: MessageId) -> list[Sms]:
        """Take the text on for each phone: log it, bill it, send it on its way."""
        parts, cost = self.price(wanted)
        now = self._clock.now()
        accepted = []
        for phone in wanted.phones:
            sms = Sms(
                id=message_id,
                phone=phone,
                text=wanted.text,
                sender=wanted.sender,
                segments=parts,
                cost=cost,
                sent_at=now,
                expires_at=now + wanted.due + wanted.valid,
                changed_at=now,
            )
            self._messages[str(message_id), phone] = sms
            self.balance -= cost
            self._log(sms, wanted.own_id)
            self._operator.take(sms, wanted.due)
            accepted.append(sms)
        return accepted

    def _log(self, sms: Sms, own_id: MessageId | None) -> None:
        self._world.accept(
            platform=PLATFORM,
            to=sms.phone,
            kind="sms",
            text=sms.text,
            reference=str(sms.id),
            opaque=None if own_id is None else str(own_id),
            detail={
                "segments": sms.segments,
                "cost": f"{sms.cost:.2f}",
                "sender": sms.sender,
            },
        )
