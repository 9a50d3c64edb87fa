"""What a person chose about being written to, and when by that they are left in peace. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vestnik.address import ChannelName

A_DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` until `end`, minutes of the local day, over midnight where `begin` is later.

    With both the same there are none, whatever the house thinks proper.
    """

    begin: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.begin)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many broadcasts within any so many days."""

    most: int
    days: int

    def __str__(self) -> str:
        return f"{self.most}/{self.days}d"

    def reached(self, got: Iterable[datetime], now: datetime) -> bool:
        """Whether somebody who got broadcasts at these moments has had enough of them."""
        since = now - A_DAY * self.days
        return sum(at > since for at in got) >= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What was chosen; None where nothing was, and then the house's own holds (see `over`).

    `zone` is the name of a time zone, `topics_off` are ids of topics, `channel` is the messenger
    that is tried first.
    """

    zone: str | None = None
    quiet: QuietHours | None = None
    cap: Cap | None = None
    paused_until: datetime | None = None
    topics_off: frozenset[str] = frozenset()
    channel: ChannelName | None = None

    def over(self, house: "Preferences") -> "Preferences":
        """These, completed by what holds for everybody."""
        return replace(
            self,
            zone=self.zone or house.zone,
            quiet=self.quiet or house.quiet,
            cap=self.cap or house.cap,
        )

    def quiet_until(self, now: datetime) -> datetime | None:
        """When the quiet hours end that it is now; None outside of them."""
        if self.quiet is None:
            return None
        return quiet_until(self.quiet, ZoneInfo(self.zone or "UTC"), now)

    def paused(self, now: datetime) -> bool:
        """Whether the person wants nothing for a while."""
        return self.paused_until is not None and now < self.paused_until


NOTHING_CHOSEN = Preferences()


def quiet_until(hours: QuietHours, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours end that it is now in the zone; None outside of them.

    Where clocks are put back or forward the longer reading holds: nobody is disturbed at an hour
    that their clock shows as quiet, be it for the first or the second time that night.
    """
    if hours.begin == hours.end:
        return None
    today = now.astimezone(zone).date()
    for day in (today - A_DAY, today):
        last = day if hours.begin < hours.end else day + A_DAY
        begin = min(_readings(day, hours.begin, zone))
        end = max(_readings(last, hours.end, zone))
        if begin <= now < end:
            return end
    return None


def read_quiet_hours(text: str) -> QuietHours | None:
    """Hours as people write them: "21:00-09:00", "22–8", "с 22 до 8"; None for anything else."""
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    begin, end = (_minutes(match[hour], match[minute]) for hour, minute in ((1, 2), (3, 4)))
    return None if begin is None or end is None else QuietHours(begin, end)


def read_cap(text: str) -> Cap | None:
    """A cap as its words: "3/7d"; None for anything else."""
    match = re.fullmatch(r"\s*([1-9]\d{0,2})\s*/\s*([1-9]\d{0,2})\s*d\s*", text)
    return Cap(int(match[1]), int(match[2])) if match else None


_HOUR = r"(\d{1,2})(?:[:.](\d\d))?"
_HOURS = re.compile(
    rf"\s*(?:(?:с|from)\s+)?{_HOUR}\s*(?:-|–|—|до|to|till|until)\s*{_HOUR}\s*", re.IGNORECASE
)


def _minutes(hour: str, minute: str | None) -> int | None:
    minutes = int(hour) * 60 + int(minute or 0)
    in_range = int(minute or 0) < 60 and minutes <= MINUTES_A_DAY
    return minutes % MINUTES_A_DAY if in_range else None


def _readings(day: date, minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments, in UTC, at which a clock there may show this; mostly they are one."""
    shown = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    first, second = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
