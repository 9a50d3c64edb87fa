"""A rate that platforms hold their callers to: so many at once, then one an interval."""

from dataclasses import dataclass

# Unix seconds as floats are exact to a quarter of a microsecond only.
ROUNDING = 0.01


@dataclass(slots=True)
class Bucket:
    """Gives out `burst` tokens at once and one more every `interval` seconds (GCRA)."""

    interval: float
    burst: float
    _empty_until: float = 0.0

    def __post_init__(self) -> None:
        # A bucket of less than one token would never give any.
        self.burst = max(self.burst, 1)

    def take(self, now: float) -> bool:
        """Take a token; False when none is left at `now` (Unix seconds)."""
        if self.wait(now) > 0:
            return False
        self._empty_until += self.interval
        return True

    def wait(self, now: float) -> float:
        """Seconds until there is a token to take; 0 when there is one."""
        self._catch_up(now)
        early = self._empty_until - now - (self.burst - 1) * self.interval
        return early if early > ROUNDING * self.interval else 0.0

    def spend(self, now: float) -> None:
        """Take a token for something that is never refused, down to an empty bucket."""
        self._catch_up(now)
        self._empty_until += self.interval

    def _catch_up(self, now: float) -> None:
        # A clock that was set back must not leave the bucket empty for hours.
        latest = now + self.burst * self.interval
        self._empty_until = min(max(self._empty_until, now), latest)
