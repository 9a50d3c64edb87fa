"""What a step of a dialog costs the processor: the pure engine alone, on the shipped scenario."""

import random
import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import bots.telegram
from app.bench.ground import LANE
from app.bench.measuring import rounded
from dialogs.engine import advance
from dialogs.languages import Languages
from dialogs.scenario import SHIPPED, load
from dialogs.session import Context, Session, Turn
from vestnik.address import Address
from vestnik.inbound import Author, ButtonPressed, Personal, Started, TextReceived
from vestnik.outbound import Button

STEPS = 12
"""Messages of one person."""


def advance_cpu(people: int) -> Mapping[str, float]:
    """Milliseconds of a processor a step, the median and the slowest of a hundred."""
    scenario = load(SHIPPED / "coffee.yaml")
    dice = random.Random(1)  # noqa: S311 - the same walks every time
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    context = Context(
        languages=Languages(),
        language="ru",
        limits=bots.telegram.LIMITS,
        region="RU",
        verify=lambda _typed, _sealed: False,
        zone=ZoneInfo("Europe/Moscow"),
        name="Анна",
        channel=str(LANE.channel),
    )
    took: list[int] = []
    for person in range(people):
        session: Session | None = None
        event: Personal = Started(**_everything(person, now))
        for _ in range(STEPS):
            began = time.thread_time_ns()
            turn = advance(scenario, session, event, now, context)
            took.append(time.thread_time_ns() - began)
            session, event = turn.session, _next(turn, person, now, dice)
    return {
        "median": rounded(statistics.median(took) / 1e6),
        "p99": rounded(statistics.quantiles(took, n=100)[98] / 1e6),
    }


def _next(turn: Turn, person: int, now: datetime, dice: random.Random) -> Personal:
    """A press of any button that is shown, else some words."""
    shown = [it for text in turn.says for it in text.buttons if isinstance(it, Button)]
    if not shown:
        return TextReceived(**_everything(person, now), text="Казань")
    return ButtonPressed(**_everything(person, now), payload=dice.choice(shown).payload)


def _everything(person: int, now: datetime) -> dict[str, Any]:
    return {
        "event_id": "1",
        "address": Address(LANE.channel, LANE.account, str(person)),
        "author": Author(str(person), name="Анна", language="ru"),
        "at": now,
    }
