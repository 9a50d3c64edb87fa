"""What people do with text messages on their phones, and what happens to their phones."""

from collections.abc import Mapping
from itertools import count

from emulators.clock import Clock
from emulators.screens import Bubble
from emulators.sms.messages import signed, written
from emulators.sms.operator import PLATFORM, Operator
from emulators.sms.settings import SmsSettings
from emulators.told import Told, told_text
from emulators.utf16 import HALF_PAIR
from emulators.world import Gesture, Human, Refused, World


class Phone:
    """The gestures; each takes {"who": id, …} and raises Refused."""

    def __init__(
        self, world: World, settings: SmsSettings, clock: Clock, operator: Operator
    ) -> None:
        self._world = world
        self._settings = settings
        self._clock = clock
        self._operator = operator
        self._ids = count(1)

    def gestures(self) -> Mapping[str, Gesture]:
        """All gestures by name; to block a sender of SMS is to be dead to it."""
        return {
            "say": self.say,
            "offline": self.offline,
            "online": self.online,
            "dead": self.dead,
            "alive": self.alive,
            "block": self.dead,
            "unblock": self.alive,
        }

    async def say(self, told: Told) -> Told:
        """Write an SMS to the number of the gateway."""
        human, text = self._world.human(told), told_text(told)
        if HALF_PAIR.search(text):
            raise Refused("half a surrogate pair is no text that an SMS can carry")
        if human.phone in self._operator.offline | self._operator.dead:
            raise Refused(f"{human.name}'s phone has no network")
        sms_id, now = f"in{next(self._ids)}", self._clock.now()
        bubble = Bubble(sms_id, text, now, mine=True, author=human.name, status="sent")
        self._world.screens.show(PLATFORM, human.phone, bubble)
        phone, number = (value.removeprefix("+") for value in (human.phone, self._settings.number))
        form = {
            "phone": phone,
            "mes": text,
            "to": number,
            "sms_id": sms_id,
            "time": written(now),
            "ts": str(int(now)),
        }
        form |= signed(self._settings.callback_secret, phone, text, number)
        self._operator.post(human.phone, form)
        return {"message": sms_id}

    async def offline(self, told: Told) -> Told:
        """Switch the phone off."""
        human = self._world.human(told)
        self._operator.offline.add(human.phone)
        return self._noted(human)

    async def online(self, told: Told) -> Told:
        """Switch the phone on: what waited arrives."""
        human = self._world.human(told)
        self._operator.offline.discard(human.phone)
        self._operator.back_online(human.phone)
        return self._noted(human)

    async def dead(self, told: Told) -> Told:
        """Give the number up: nothing is ever delivered to it."""
        human = self._world.human(told)
        self._operator.dead.add(human.phone)
        return self._noted(human)

    async def alive(self, told: Told) -> Told:
        """Take the number back."""
        human = self._world.human(told)
        self._operator.dead.discard(human.phone)
        return self._noted(human)

    def _noted(self, human: Human) -> Told:
        offline = human.phone in self._operator.offline
        dead = human.phone in self._operator.dead
        states = ((dead, "номер недоступен"), (offline, "не в сети"))
        note = " · ".join(text for holds, text in states if holds)
        self._world.screens.note(PLATFORM, human.phone, note)
        return {"offline": offline, "dead": dead}
