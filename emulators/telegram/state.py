"""Everything that one emulated Telegram remembers."""

from dataclasses import dataclass
from typing import Any, Self

from emulators.clock import Clock
from emulators.telegram import objects
from emulators.telegram.chats import Chats
from emulators.telegram.display import Display
from emulators.telegram.files import Files
from emulators.telegram.limiter import Limiter
from emulators.telegram.messages import Messages
from emulators.telegram.presses import Presses
from emulators.telegram.settings import TelegramSettings
from emulators.telegram.stars import Purse
from emulators.telegram.updates import Updates
from emulators.world import World


@dataclass(frozen=True, slots=True)
class State:
    """Shared by the bot's methods and people's gestures; `me` is the bot as a User."""

    world: World
    settings: TelegramSettings
    clock: Clock
    me: dict[str, Any]
    chats: Chats
    files: Files
    display: Display
    messages: Messages
    updates: Updates
    limiter: Limiter
    presses: Presses
    purse: Purse

    @classmethod
    def new(cls, world: World, settings: TelegramSettings) -> Self:
        """Nobody has written yet."""
        clock = Clock(world.clock)
        files = Files(settings)
        display = Display(world, files)
        purse = Purse(settings.stars)
        return cls(
            world=world,
            settings=settings,
            clock=clock,
            me=objects.bot(settings),
            chats=Chats(world, settings, clock),
            files=files,
            display=display,
            messages=Messages(clock, display),
            updates=Updates(clock),
            limiter=Limiter(settings, clock, purse),
            presses=Presses(clock, settings.press_seconds),
            purse=purse,
        )
