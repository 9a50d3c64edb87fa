"""The wizard without a ledger: what each answer makes of a draft."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcast.confirmation import Confirmation, read
from broadcast.wizard import Choice, Draft, Facts, Stage, asked_for, pressed, written
from vestnik.record import decode, encode
from vestnik.richtext import RichText, Span
from vestnik.segment import EVERYONE, All, answered

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = Draft(serial="1f", touched_at=NOW)
BODY = RichText("Завтра скидки", (Span(0, 6, "bold"),))
WITH_TEXT = written(NEW, BODY)
CITY = answered("city", ("Москва", "Казань"))
TEA = answered("interests", ("Чай",))
PREVIEWED = replace(WITH_TEXT, stage="preview", conditions=(CITY,), broadcast_id=7)
NOTHING = Facts()
CITIES = Facts(values=("Москва", "Казань", "Самара"))
TICKING = replace(WITH_TEXT, stage="values", question="city", offered=tuple(CITIES.values))


@pytest.mark.parametrize(
    ("draft", "choice", "facts", "stage"),
    [
        (WITH_TEXT, Choice.EVERYBODY, NOTHING, "preview"),
        (WITH_TEXT, Choice.EVERYBODY, Facts(template="news"), "template"),
        (WITH_TEXT, Choice.GO_ON, NOTHING, "preview"),
        (WITH_TEXT, "ask.city", CITIES, "values"),
        (TICKING, "tick.city.0", NOTHING, "values"),
        (TICKING, Choice.TICKED, NOTHING, "audience"),
        (WITH_TEXT, Choice.TEMPLATE, Facts(template="news"), "preview"),
        (WITH_TEXT, Choice.NO_TEMPLATE, Facts(template="news"), "preview"),
        (PREVIEWED, Choice.NEW_TEXT, NOTHING, "text"),
        (PREVIEWED, Choice.NEW_AUDIENCE, NOTHING, "audience"),
    ],
)
def test_where_a_choice_leads(draft: Draft, choice: str, facts: Facts, stage: Stage) -> None:
    moved = pressed(draft, choice, facts)
    assert moved is not None
    assert moved.stage == stage
    assert moved.broadcast_id is None, "what was previewed is void"


@pytest.mark.parametrize(
    ("draft", "choice"),
    [
        (NEW, Choice.EVERYBODY),
        (NEW, Choice.NO_TEMPLATE),
        (WITH_TEXT, "nonsense"),
        (WITH_TEXT, ""),
        (WITH_TEXT, Choice.TEMPLATE),
        (WITH_TEXT, "tick.city.0"),
        (TICKING, "tick.city.3"),
        (TICKING, "tick.city.-1"),
        (TICKING, "tick.interests.0"),
        (TICKING, "tick"),
    ],
)
def test_choices_that_mean_nothing(draft: Draft, choice: str) -> None:
    assert pressed(draft, choice, NOTHING) is None


def test_ticks_make_a_condition_and_unmake_it() -> None:
    draft = WITH_TEXT
    for choice in ("ask.city", "tick.city.1", "tick.city.0"):
        draft = pressed(draft, choice, CITIES) or NEW
    assert draft.conditions == (CITY,), "in the order in which they are offered"
    for choice in ("tick.city.0", "tick.city.1"):
        draft = pressed(draft, choice, NOTHING) or NEW
    assert draft.conditions == ()
    assert draft.segment == EVERYONE


def test_conditions_of_several_questions_hold_together() -> None:
    draft = replace(WITH_TEXT, conditions=(CITY,))
    opened = pressed(draft, "ask.interests", Facts(values=("Кофе", "Чай"))) or NEW
    assert opened.others == All((CITY,))
    ticked = pressed(opened, "tick.interests.1", NOTHING) or NEW
    assert ticked.segment == All((CITY, TEA))


def test_a_question_opened_again_shows_its_ticks_however_rare() -> None:
    draft = replace(WITH_TEXT, conditions=(CITY,))
    opened = pressed(draft, "ask.city", Facts(values=("Самара",))) or NEW
    assert opened.offered == ("Самара", "Москва", "Казань")
    assert opened.ticked == ("Москва", "Казань")
    assert opened.others == All()


def test_everybody_forgets_the_conditions() -> None:
    moved = pressed(replace(WITH_TEXT, conditions=(CITY,)), Choice.EVERYBODY, NOTHING)
    assert moved is not None
    assert moved.segment == EVERYONE


@pytest.mark.parametrize(
    ("before", "after"), [(PREVIEWED, "preview"), (WITH_TEXT, "audience"), (TICKING, "audience")]
)
def test_another_text_keeps_what_was_decided(before: Draft, after: Stage) -> None:
    asked = pressed(before, Choice.NEW_TEXT, NOTHING) or NEW
    assert asked.stage == "text"
    again = written(asked, RichText("Послезавтра"))
    assert again.stage == after
    assert again.conditions == before.conditions
    assert again.body == RichText("Послезавтра")


def test_the_template_is_kept_by_name_and_given_up() -> None:
    chosen = pressed(WITH_TEXT, Choice.TEMPLATE, Facts(template="news")) or NEW
    assert chosen.template == "news"
    assert (pressed(chosen, Choice.NO_TEMPLATE, NOTHING) or chosen).template == ""


def test_a_topic_is_chosen_at_the_preview_and_taken_back() -> None:
    topics = Facts(topics=("offers", "menu"))
    chosen = pressed(PREVIEWED, "topic.menu", topics) or NEW
    assert (chosen.topic, chosen.stage) == ("menu", "preview")
    assert (pressed(chosen, "topic.", topics) or chosen).topic == ""
    assert pressed(PREVIEWED, "topic.weather", topics) is None
    assert pressed(WITH_TEXT, "topic.menu", topics) is None


def test_only_asking_needs_values() -> None:
    assert asked_for("ask.city") == "city"
    assert asked_for("tick.city.1") is None
    assert asked_for(Choice.GO_ON) is None


def test_a_draft_lives_in_a_database() -> None:
    draft = replace(PREVIEWED, question="city", offered=("Москва",), template="news")
    assert decode(Draft, encode(draft)) == draft


def test_a_draft_left_lying_expires() -> None:
    assert not NEW.expired(NOW + timedelta(hours=12))
    assert NEW.expired(NOW + timedelta(hours=12, seconds=1))


def test_a_confirmation_is_kept_with_its_nonce() -> None:
    bound = Confirmation(12, "ab" * 32, 300)
    assert read(bound.subject) == bound


@pytest.mark.parametrize(
    ("shown", "now", "outgrown"),
    [
        (0, 10, False),
        (0, 11, True),
        (5, 15, False),
        (20, 9, True),
        (1_000, 1_100, False),
        (1_000, 1_101, True),
        (1_000, 899, True),
    ],
)
def test_an_audience_may_live_but_not_change(shown: int, now: int, outgrown: bool) -> None:
    assert Confirmation(1, "", shown).outgrown_by(now) is outgrown
