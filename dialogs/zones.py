"""Time zones as people name them: by a city, by the difference to UTC or Moscow, by their id."""

import re
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location

from dialogs.wording import folded

OFFERED = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
)
"""Those with a button; with one to go back they fill a list of WhatsApp. Others are written."""

_MOSCOW = 3
_EAST, _WEST = 14, 12
"""The furthest differences to UTC, in hours, that there are."""

_DIFFERENCE = re.compile(
    r"(?:(?P<from>utc|gmt|мск|msk)\s*)?(?P<sign>[+−-])\s*(?P<hours>\d{1,2})(?::00)?", re.IGNORECASE
)


def known(zone: str) -> bool:
    """Whether there is a zone of this id."""
    return zone in available_timezones()


def zone_of(zone: str) -> ZoneInfo:
    """The zone itself."""
    return ZoneInfo(zone)


def read(text: str) -> str | None:
    """The id of the zone that somebody wrote: "Самара", "UTC+5", "мск+2", "Asia/Omsk"."""
    difference = _DIFFERENCE.fullmatch(text.strip())
    if difference is None:
        return _cities().get(folded(text))
    hours = int(difference["hours"]) * (1 if difference["sign"] == "+" else -1)
    if (difference["from"] or "").lower() in ("мск", "msk"):
        hours += _MOSCOW
    if not -_WEST <= hours <= _EAST:
        return None
    # POSIX counts these the other way round.
    return "Etc/UTC" if hours == 0 else f"Etc/GMT{-hours:+}"


def named(zone: str, language: str, now: datetime) -> str:
    """What people call a zone, and its difference to UTC now: "Самара, UTC+4"."""
    difference = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = round(difference.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    utc = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return utc if zone.startswith("Etc/") else f"{_city(zone, language)}, {utc}"


def _city(zone: str, language: str) -> str:
    return str(get_timezone_location(zone, locale=language, return_city=True))


@cache
def _cities() -> dict[str, str]:
    """The zones by all their names, folded: of a city in both languages, and the id itself."""
    aliases = get_global("zone_aliases")
    ids = sorted(available_timezones(), key=lambda zone: (zone in aliases, zone))
    cities: dict[str, str] = {}
    for zone in (it for it in ids if "/" in it and not it.startswith("Etc/")):
        for name in (zone, _city(zone, "ru"), _city(zone, "en")):
            cities.setdefault(folded(name), zone)
    return cities
