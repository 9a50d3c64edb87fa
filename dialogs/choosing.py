"""What a choice makes of a person's preferences, and what is typed for a choice. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dialogs import zones
from dialogs.questions import Option, chosen
from dialogs.wishes import Choose, Wished, read_wish
from dialogs.wording import folded
from vestnik.address import ChannelName
from vestnik.outbound import Button, Text
from vestnik.preferences import (
    NOTHING_CHOSEN,
    Cap,
    Preferences,
    QuietHours,
    read_cap,
    read_quiet_hours,
)

LONGEST_PAUSE = 366
"""Days."""

NONE, USUAL, NEW = "none", "usual", "new"
"""Values of a setting: nothing of the kind, what the house thinks proper, a link to be made."""

_OFTEN = re.compile(
    r"(?:не чаще\s+|at most\s+)?(?:(?P<most>\d{1,2})\s*(?:раза?|times?|x)?\s*(?:в|per|a|/)\s*)"
    r"(?P<unit>день|сутки|неделю|месяц|day|week|month)",
    re.IGNORECASE,
)
_DAYS = {"день": 1, "сутки": 1, "day": 1, "неделю": 7, "week": 7, "месяц": 30, "month": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from: the house's topics by id, the person's messengers.

    `own` is what the person chose, `house` what holds where they chose nothing; `here` is the
    messenger they are looking at.
    """

    now: datetime
    own: Preferences = NOTHING_CHOSEN
    house: Preferences = NOTHING_CHOSEN
    topics: Mapping[str, str] = field(default_factory=dict)
    messengers: Sequence[ChannelName] = ()
    here: ChannelName | None = None

    @property
    def present(self) -> Preferences:
        """What holds now."""
        return self.own.over(self.house)


def applied(wish: Choose, choices: Choices) -> Preferences | None:
    """The person's preferences after a choice; None where it means nothing."""
    own, value = choices.own, wish.value
    match wish.setting:
        case "topic":
            topic, off = value[1:], choices.own.topics_off
            if topic not in choices.topics:
                return None
            return replace(own, topics_off=off | {topic} if value[0] == "-" else off - {topic})
        case "often":
            cap = read_cap(value)
            return replace(own, cap=cap) if cap or value == USUAL else None
        case "quiet":
            quiet = QuietHours(0, 0) if value == NONE else read_quiet_hours(value)
            return replace(own, quiet=quiet) if quiet or value == USUAL else None
        case "zone":
            return replace(own, zone=value) if zones.known(value) else None
        case "pause":
            days = int(value) if re.fullmatch(r"[0-9]{1,3}", value) else LONGEST_PAUSE + 1
            until = choices.now + timedelta(days=days) if days else None
            return replace(own, paused_until=until) if days <= LONGEST_PAUSE else None
        case "messenger":
            wanted = next((it for it in choices.messengers if it == value), None)
            return replace(own, channel=wanted) if wanted or value == USUAL else None
        case "link" | "unlink":
            # These are about who somebody is: dialogs.linking.
            return None


def meant(shown: Text, screen: str, typed: str, now: datetime) -> Wished | None:
    """What somebody means who looks at a screen and types: a button, its number, or a value."""
    buttons = [button for button in shown.buttons if isinstance(button, Button)]
    offered = tuple(Option(it.payload, it.label, frozenset({folded(it.label)})) for it in buttons)
    picked = chosen(typed, offered)
    return read_wish(picked, now) if picked else _written(screen, typed)


def _written(screen: str, typed: str) -> Choose | None:
    match screen:
        case "quiet":
            hours = read_quiet_hours(typed)
            return Choose("quiet", str(hours)) if hours else None
        case "zone":
            zone = zones.read(typed)
            return Choose("zone", zone) if zone else None
        case "often":
            often = _OFTEN.fullmatch(typed.strip())
            most = int(often["most"]) if often else 0
            days = _DAYS[often["unit"].lower()] if often else 0
            return Choose("often", str(Cap(most, days))) if most else None
        case _:
            return None
