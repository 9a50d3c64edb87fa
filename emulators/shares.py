"""Chance without dice: so many out of all, spread evenly and the same in every run."""


class Share:
    """Picks a share of what passes: 0.02 is every fiftieth, 2.5 twice or three times each."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._owed = 0.0

    def due(self) -> int:
        """How many times the next one is picked."""
        self._owed += self._rate
        whole = int(self._owed)
        self._owed -= whole
        return whole


class Spread:
    """Amounts between 0 and `most`, no two neighbours alike."""

    # The golden ratio's fraction fills an interval evenly from whatever point on.
    STEP = 0.618033988749895

    def __init__(self, most: float) -> None:
        self._most = most
        self._place = 0.0

    def next(self) -> float:
        """The next amount."""
        self._place = (self._place + self.STEP) % 1
        return self._place * self._most
