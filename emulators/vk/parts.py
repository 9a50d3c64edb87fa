"""What the methods of the API and the gestures of the people work with."""

from dataclasses import dataclass

from emulators.clock import Clock
from emulators.vk.community import Community
from emulators.vk.events import Events
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
