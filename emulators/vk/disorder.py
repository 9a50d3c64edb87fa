"""Events told twice or out of order: as often as the settings ask, or when a gesture demands it."""

from collections.abc import Sequence
from functools import partial

from emulators.shares import Share
from emulators.timeline import Timeline
from emulators.told import Told
from emulators.vk.events import Event, Outlet
from emulators.vk.settings import VkSettings
from emulators.world import Gesture, Refused, World

# What is late goes out after so long even when nothing overtakes it.
LATE_SECONDS = 1.0


class Disorder:
    """An outlet before the outlets."""

    def __init__(
        self, world: World, settings: VkSettings, timeline: Timeline, outlets: Sequence[Outlet]
    ) -> None:
        self._world = world
        self._timeline = timeline
        self._outlets = outlets
        self._latest: dict[str, Event] = {}
        self._demanded: set[str] = set()
        self._held: dict[str, Event] = {}
        self._copies = Share(settings.duplicates)
        self._delays = Share(settings.reordering)

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {"repeat": self.repeat, "late": self.late}

    def wants(self, kind: str) -> bool:
        """Whether anybody behind it does."""
        return any(outlet.wants(kind) for outlet in self._outlets)

    def put(self, event: Event) -> None:
        """Pass an event on, or hold it until the person's next one has gone."""
        self._latest[event.queue] = event
        held = self._held.pop(event.queue, None)
        if held is None and self._is_late(event.queue):
            self._held[event.queue] = event
            self._timeline.after(LATE_SECONDS, partial(self._release, event))
            return
        self._tell(event)
        if held is not None:
            self._tell(held)

    async def repeat(self, told: Told) -> Told:
        """VK tells the person's latest event once more, although it was taken."""
        event = self._latest.get(str(self._world.human(told).vk))
        if event is None:
            raise Refused("nothing has been told of this person yet")
        self._pass_on(event)
        return {"type": event.kind, "event_id": event.id}

    async def late(self, told: Told) -> Told:
        """The person's next event is told after the one that follows it."""
        self._demanded.add(str(self._world.human(told).vk))
        return {}

    def _is_late(self, queue: str) -> bool:
        if queue in self._demanded:
            self._demanded.remove(queue)
            return True
        return self._delays.due() > 0

    def _release(self, event: Event) -> None:
        if self._held.get(event.queue) is event:
            del self._held[event.queue]
            self._tell(event)

    def _tell(self, event: Event) -> None:
        for _ in range(self._copies.due() + 1):
            self._pass_on(event)

    def _pass_on(self, event: Event) -> None:
        for outlet in self._outlets:
            if outlet.wants(event.kind):
                outlet.put(event)
