"""Reads routes as people write them: `last 60s delivered > sms`."""

import re

from vestnik.address import ChannelName
from vestnik.route import Route, Step, WaitFor

DEFAULT = "last 60s delivered > sms 1h delivered"
"""The messenger the person used last; where it reports no delivery within a minute, SMS."""

_STEP = re.compile(
    r"(?P<channel>[a-z][a-z0-9_]*)"
    r"(?:\s+(?P<count>\d+(?:\.\d+)?)(?P<unit>s|m|h))?"
    r"(?:\s+(?P<wait>accepted|delivered|read))?"
    r"(?:\s+(?P<unknown>next|park))?"
)
_UNITS = {"s": 1, "m": 60, "h": 3600}
MOST_STEPS = 5
MOST_SECONDS = 7 * 24 * 3600
"""A week: nothing that is still awaited then is worth a further step."""


class BadRoute(ValueError):
    """The route cannot be read; the text says which step and how to write it."""


def parse(text: str) -> Route:
    """A route from text; raises BadRoute.

    Steps are separated by ">". A step is a channel (or `last`), then, each optional: how long to
    wait (`60s`, `5m`, `1h`), what for (`accepted`, `delivered`, `read`), and what to do about a
    message nobody can account for (`next`, `park`).
    """
    steps = tuple(_step(part.strip()) for part in text.split(">"))
    if len(steps) > MOST_STEPS:
        raise BadRoute(f"a route has at most {MOST_STEPS} steps, this one has {len(steps)}")
    return steps


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text.lower())
    if found is None:
        raise BadRoute(f"cannot read the step {text!r}: write it like `telegram 60s delivered`")
    seconds = float(found["count"] or 0) * _UNITS[found["unit"] or "s"]
    if seconds > MOST_SECONDS:
        raise BadRoute(f"the step {text!r} waits too long: a week (`168h`) at most")
    wait: WaitFor = "accepted"
    if found["wait"] == "delivered":
        wait = "delivered"
    elif found["wait"] == "read":
        wait = "read"
    if wait != "accepted" and not seconds:
        raise BadRoute(f"the step {text!r} waits for {wait}: say how long, such as `60s`")
    on_unknown = None if found["unknown"] is None else found["unknown"]
    return Step(
        channel=ChannelName(found["channel"]),
        wait_for=wait,
        seconds=seconds,
        on_unknown="next" if on_unknown == "next" else "park" if on_unknown == "park" else None,
    )


def spell(route: Route) -> str:
    """The route as text again."""
    return " > ".join(_spell(step) for step in route)


def _spell(step: Step) -> str:
    parts = [str(step.channel)]
    if step.seconds:
        parts.append(f"{step.seconds:g}s")
    if step.wait_for != "accepted":
        parts.append(step.wait_for)
    if step.on_unknown:
        parts.append(step.on_unknown)
    return " ".join(parts)
