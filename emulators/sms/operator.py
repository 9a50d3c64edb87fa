"""The mobile operator behind the gateway: phones on and off, deliveries and their reports."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from emulators.clock import Clock
from emulators.courier import Answer, Courier, Parcel, schedule
from emulators.faults import Fault
from emulators.screens import Bubble
from emulators.shares import Share
from emulators.sms.messages import (
    DELIVERED,
    EXPIRED,
    NO_SUCH_SUBSCRIBER,
    OFFLINE,
    UNDELIVERABLE,
    WITH_OPERATOR,
    Sms,
)
from emulators.sms.settings import SmsSettings
from emulators.timeline import Timeline
from emulators.world import Human, World

PLATFORM = "sms"
# How long the gateway goes on after a callback that was not answered with 200 (our choice).
PAUSES = (60.0, 300.0, 900.0, *[3600.0] * 24)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Operator:
    """`offline` and `dead` hold phones (with "+"); `callback_url` is where reports go.

    A fault with the method `report` waits for a delivery: `drop` loses its report; an `error` with
    `late` (seconds), `copies` (further ones), or `status` and `err` makes it late, repeated, or a
    failure.
    """

    def __init__(
        self, world: World, settings: SmsSettings, clock: Clock, timeline: Timeline
    ) -> None:
        self.callback_url = settings.callback_url
        self.offline: set[str] = set()
        self.dead: set[str] = set()
        self._world = world
        self._settings = settings
        self._clock = clock
        self._timeline = timeline
        self._courier = Courier(clock, world.road, taken=_taken, waits=schedule(PAUSES))
        self._waiting: dict[str, list[Sms]] = {}
        self._copies = Share(settings.duplicate_reports)

    async def start(self) -> None:
        """Begin to post callbacks."""
        await self._courier.start()

    async def stop(self) -> None:
        """Drop what was not posted yet."""
        await self._courier.stop()

    def human(self, phone: str) -> Human | None:
        """Whoever has this number now."""
        human = self._world.who(PLATFORM, phone)
        return human if human and human.phone == phone else None

    def take(self, sms: Sms, due: float) -> None:
        """Send a text on its way, so many seconds from now."""
        self._timeline.after(due + self._settings.sent_after, partial(self._pass_on, sms))
        self._timeline.after(due + self._settings.delivered_after, partial(self.deliver, sms))

    def deliver(self, sms: Sms) -> None:
        """Try to bring a text to its phone; plans the report when that is settled."""
        if sms.final or self._parked(sms):
            return
        fault = self._world.faults.take(PLATFORM, "report", sms.phone, named=True)
        self._settle(sms, fault.fields if fault else {})
        self._plan_report(sms, fault)

    async def deliver_at_once(self, sms: Sms) -> None:
        """Bring a text to its phone and have its report taken before this returns."""
        if self._parked(sms):
            return
        self._settle(sms, {})
        if self.callback_url:
            form = sms.report(self._settings.callback_secret)
            await self._courier.try_once(_parcel(self.callback_url, form))

    def back_online(self, phone: str) -> None:
        """Bring a phone what has waited for it."""
        for sms in self._waiting.pop(phone, []):
            self.deliver(sms)

    def post(self, queue: str, form: Mapping[str, str]) -> None:
        """Post a callback to the business, if it wants any."""
        if self.callback_url:
            self._courier.send(queue, _parcel(self.callback_url, form))

    def _pass_on(self, sms: Sms) -> None:
        if not sms.final:
            self._change(sms, WITH_OPERATOR)
            self._tell(sms, "sent")

    def _parked(self, sms: Sms) -> bool:
        """Whether the text has to wait for its phone to come back."""
        left = sms.expires_at - self._clock.now()
        if sms.phone not in self.offline or sms.phone in self.dead or left <= 0:
            return False
        self._waiting.setdefault(sms.phone, []).append(sms)
        self._timeline.after(left, partial(self.deliver, sms))
        return True

    def _settle(self, sms: Sms, fields: Mapping[str, Any]) -> None:
        """Decide what becomes of the text."""
        if "status" in fields:
            self._change(sms, int(fields["status"]), int(fields.get("err", 0)))
        elif sms.phone in self.dead or self.human(sms.phone) is None:
            self._change(sms, UNDELIVERABLE, NO_SUCH_SUBSCRIBER)
        elif sms.phone in self.offline:
            self._change(sms, EXPIRED, OFFLINE)
        else:
            self._change(sms, DELIVERED)
        if sms.status == DELIVERED:
            self._show(sms)
        else:
            self._tell(sms, "failed", f"{sms.status}/{sms.error}")

    def _show(self, sms: Sms) -> None:
        bubble = Bubble(
            str(sms.id), sms.text, sms.changed_at, author=sms.sender, status="delivered"
        )
        self._world.screens.show(PLATFORM, sms.phone, bubble)
        self._tell(sms, "delivered")

    def _change(self, sms: Sms, status: int, error: int = 0) -> None:
        sms.status, sms.error, sms.changed_at = status, error, self._clock.now()

    def _tell(self, sms: Sms, status: str, why: str = "") -> None:
        self._world.report(
            platform=PLATFORM, reference=str(sms.id), status=status, to=sms.phone, why=why
        )

    def _plan_report(self, sms: Sms, fault: Fault | None) -> None:
        fields = fault.fields if fault else {}
        if fault and fault.kind == "drop":
            return
        copies = self._copies.due() + int(fields.get("copies", 0))
        delay = self._settings.report_after + float(fields.get("late", 0))
        form = sms.report(self._settings.callback_secret)
        for _ in range(1 + copies):
            self._timeline.after(delay, partial(self.post, str(sms.id), form))


def _taken(answer: Answer) -> bool:
    return answer.status == 200


def _parcel(url: str, form: Mapping[str, str]) -> Parcel:
    return Parcel(url, urlencode(form).encode(), FORM)
