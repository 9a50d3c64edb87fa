"""Intents: what a message is sent for, and who has subscribed to which kind of it."""

from collections.abc import Callable, Mapping
from typing import Any

from emulators.recent import Recent
from emulators.told import Told
from emulators.vk.call import PLATFORM, Call
from emulators.vk.errors import VkError
from emulators.vk.objects import user_object
from emulators.vk.parts import Parts
from emulators.vk.scopes import INTENTS, SUBSCRIBED
from emulators.world import Gesture, Refused

# vk-api-schema, messages/methods.json: messages.send and messages.getIntentUsers.
SUBSCRIPTIONS = 100
USERS = 200
DAY = 86_400.0

Subscription = tuple[str, int]


def read_intent(call: Call) -> Subscription:
    """The intent of a message and the number of its subscription; raises error 100."""
    number = call.integer("subscribe_id", 0, least=0)
    if number > SUBSCRIPTIONS:
        raise VkError(100, f"subscribe_id should be less or equal to {SUBSCRIPTIONS}")
    return call.one_of("intent", INTENTS, "default"), number


class Intents:
    """Who has subscribed to what. A press of a keyboard's key does it in VK, a gesture here."""

    def __init__(self, parts: Parts) -> None:
        self._world = parts.world
        self._clock = parts.clock
        self._settings = parts.community.settings
        self._subscribers: dict[Subscription, set[int]] = {}
        self._sent: dict[tuple[str, int], Recent[int, None]] = {}
        self._count = 0

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """By their names in the API."""
        return {"messages.getIntentUsers": self.users}

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {"subscribe": self.subscribe, "unsubscribe": self.unsubscribe}

    def admit(self, user_id: int, subscription: Subscription) -> None:
        """Count a message for its intent; raises 943 without a subscription, 944 over the limit."""
        intent, _ = subscription
        if intent not in self._settings.intents:
            raise VkError(943)
        if intent not in SUBSCRIBED:
            return
        if user_id not in self._subscribers.get(subscription, ()):
            raise VkError(943)
        recent = self._sent.setdefault((intent, user_id), Recent(DAY))
        most = self._settings.intent_per_day
        if most is not None and recent.count(self._clock.now()) >= most:
            raise VkError(944)
        self._count += 1
        recent.put(self._count, None, self._clock.now())

    def users(self, call: Call) -> dict[str, Any]:
        """messages.getIntentUsers; raises 943 for an intent that nobody subscribes to."""
        if not call.has("intent"):
            raise VkError(100, "intent is undefined")
        intent, number = read_intent(call)
        if intent not in SUBSCRIBED or intent not in self._settings.intents:
            raise VkError(943)
        start, count = call.integer("offset", 0, least=0), call.integer("count", 20, least=0)
        everybody = sorted(self._subscribers.get((intent, number), ()))
        items = everybody[start : start + min(count, USERS)]
        answer: dict[str, Any] = {"count": len(everybody), "items": items}
        if call.flag("extended"):
            people = filter(None, (self._world.who(PLATFORM, each) for each in items))
            answer["profiles"] = [user_object(human) for human in people]
        return answer

    async def subscribe(self, told: Told) -> Told:
        """Agree to messages of an `intent` (and `subscribe_id`)."""
        self._subscribers.setdefault(_subscription(told), set()).add(self._world.human(told).vk)
        return {"subscribed": True}

    async def unsubscribe(self, told: Told) -> Told:
        """Take that back."""
        self._subscribers.get(_subscription(told), set()).discard(self._world.human(told).vk)
        return {"subscribed": False}


def _subscription(told: Mapping[str, Any]) -> Subscription:
    intent, number = told.get("intent", SUBSCRIBED[0]), told.get("subscribe_id", 0)
    if intent not in SUBSCRIBED or not isinstance(number, int):
        raise Refused(f"nobody subscribes to {intent!r}: use one of {', '.join(SUBSCRIBED)}")
    return intent, number
