"""What an emulated bot is called and how fast Telegram lets it speak."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """One bot and its limits; all credentials are made up.

    The rates are those of the Bots FAQ, "My bot is hitting limits, how do I avoid this?"
    (https://core.telegram.org/bots/faq): `rate` messages a second for the whole bot, `chat_rate`
    a second to one person of which `chat_burst` may come at once, `group_rate` a minute to one
    group. `pace` multiplies them all; 0 takes the limits away.

    Groups whose role is in `forum_roles` have topics. A pressed button can be answered for
    `press_seconds` (Telegram documents no figure).

    `stars` is the balance from which messages with allow_paid_broadcast are paid, beyond the free
    rate and up to `paid_rate` a second. Without `local` a webhook must be HTTPS on one of
    Telegram's ports, as it is for those who run no server of their own.
    """

    token: str = "100001:emulator-token-of-telegram"
    username: str = "vestnik_demo_bot"
    first_name: str = "Вестник"
    rate: float = 30.0
    chat_rate: float = 1.0
    chat_burst: int = 3
    group_rate: float = 20.0
    pace: float = 1.0
    forum_roles: frozenset[str] = frozenset({"operators"})
    press_seconds: float = 60.0
    stars: float = 0.0
    paid_rate: float = 1000.0
    local: bool = True

    @property
    def bot_id(self) -> int:
        """The bot's user id: the digits that its token begins with."""
        return int(self.token.partition(":")[0])
