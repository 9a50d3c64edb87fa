"""How near a time is decides the way, and operators are told what they are called for."""

import pytest

from dialogs.continuing import enter
from dialogs.facts import ContinuationWanted, HandoverWanted
from dialogs.scenario import parse
from tests.dialogs.phone import TELEGRAM, Phone

NEAR = parse(
    """
name: visits
languages: [en, ru]
entries:
  visit: { event: visit, values: [at], next: how_soon }
steps:
  hello:
    end: { en: Hello, ru: Привет }
  how_soon:
    branch:
      - { when: event.at, within: 2h, next: called }
    next: later
  called:
    handover: { en: Calling, ru: Зову }
    tells: { en: "A visit at {{ event.at }} of {{ name }}", ru: "Визит {{ event.at }}: {{ name }}" }
  later:
    end: { en: Later, ru: Позже }
"""
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-03-01T14:00:00Z", "Calling"),
        ("2026-03-01T13:00:00Z", "Calling"),
        ("2026-02-01T13:00:00Z", "Calling"),
        ("2026-03-01T14:00:01Z", "Later"),
        ("soon", "Later"),
        ("", "Later"),
    ],
)
def test_a_condition_on_how_near_a_time_is(written: str, said: str) -> None:
    phone = Phone(TELEGRAM, scenario=NEAR, language="en")
    wanted = ContinuationWanted("how_soon", phone.now, {"event": {"at": written}})
    phone.keeps(enter(NEAR, None, wanted, phone.now, phone.context)).sees(said)


def test_operators_are_told_in_the_language_of_the_house_what_a_call_is_about() -> None:
    phone = Phone(TELEGRAM, scenario=NEAR, language="en")
    wanted = ContinuationWanted("how_soon", phone.now, {"event": {"at": "2026-03-01"}})
    phone.keeps(enter(NEAR, None, wanted, phone.now, phone.context)).sees("Calling")
    [call] = phone.facts
    assert isinstance(call, HandoverWanted)
    assert call.note.text == "Визит 2026-03-01: Анна"
