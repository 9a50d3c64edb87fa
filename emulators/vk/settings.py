"""What can be told to the VK emulator; all credentials are made up."""

from dataclasses import dataclass

from emulators.vk.scopes import INTENTS, SCOPES


@dataclass(frozen=True, slots=True)
class VkSettings:
    """The community and how strictly its platform behaves; times in seconds.

    `scopes` are what the token may do. `rate` requests a second are served to a token, times
    `rate_multiplier` (a demo's knob). `flood_per_hour` messages an hour may go to one person. A
    `random_id` is remembered for `dedupe_seconds`, the shortest that VK's pages promise.
    `intents` are those that the community may use, `intent_per_day` how many messages a day of
    one to one person; None is any number.

    `callback_retries` are the pauses before an event is brought again. After `callback_errors`
    errors in a row nothing is brought to a server for `callback_pause` (VK tells neither number).
    `duplicates` is how many further copies of an event follow on average, `reordering` the share
    of events that the person's next one overtakes.

    With `reads_after` people read a message so long after it came; None leaves reading to the
    gestures. `long_poll` switches Bots Long Poll on beforehand, with new messages and presses, as
    an administrator does in the community's settings.
    """

    token: str = "vk1.a.made-up-community-token"
    scopes: frozenset[str] = frozenset(SCOPES)
    group_id: int = 200001
    name: str = "Вестник"
    screen_name: str = "vestnik"
    admin_id: int = 100
    confirmation: str = "e8f1c2a7"
    rate: float = 20.0
    rate_multiplier: float = 1.0
    flood_per_hour: int = 1_000
    dedupe_seconds: float = 3_600.0
    intents: frozenset[str] = frozenset(INTENTS)
    intent_per_day: int | None = None
    callback_retries: tuple[float, ...] = (10.0, 180.0, 600.0, 1_800.0, 3_600.0)
    callback_errors: int = 10
    callback_pause: float = 60.0
    duplicates: float = 0.0
    reordering: float = 0.0
    reads_after: float | None = None
    long_poll: bool = False
