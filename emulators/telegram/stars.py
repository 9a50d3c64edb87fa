"""The bot's balance of Telegram Stars, from which faster broadcasts are paid."""

# https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once:
# 0.1 Star a message; kept in tenths, so that no cent is lost to rounding.
TENTHS_A_MESSAGE = 1
NANOSTARS_A_TENTH = 100_000_000


class Purse:
    """Stars that were put in, less what paid messages cost."""

    def __init__(self, stars: float) -> None:
        self._tenths = round(stars * 10)

    def holds(self, messages: int) -> bool:
        """Whether so many messages could be paid for."""
        return self._tenths >= messages * TENTHS_A_MESSAGE

    def pay(self, messages: int) -> None:
        """Pay for so many messages."""
        self._tenths -= messages * TENTHS_A_MESSAGE

    def put(self, stars: float) -> None:
        """Put some in."""
        self._tenths += round(stars * 10)

    def amount(self) -> dict[str, int]:
        """What is left, as StarAmount."""
        whole, tenths = divmod(self._tenths, 10)
        nanostars = {"nanostar_amount": tenths * NANOSTARS_A_TENTH} if tenths else {}
        return {"amount": whole, **nanostars}
