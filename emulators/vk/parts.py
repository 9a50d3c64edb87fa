"""What the methods of the API and the gestures of the people work with."""

from dataclasses import dataclass

from emulators.clock import Clock
from emulators.told import Told
from emulators.vk.community import Community
from emulators.vk.events import Events
from emulators.vk.history import Dialog
from emulators.vk.phones import Phones
from emulators.world import World


@dataclass(frozen=True, slots=True)
class Parts:
    """The world, its time here, the community's state, and where changes of it are told."""

    world: World
    clock: Clock
    community: Community
    events: Events
    phones: Phones

    def dialog_of(self, told: Told) -> Dialog:
        """The conversation with the person that a gesture names; raises Refused."""
        return self.community.dialog(self.world.human(told).vk)
