"""Whatever happens around a scenario with every kind of step, in whatever order.

Beside what people do: time passes, reminders come, programs answer, events begin dialogs, presses
come in again, the house gets another version. Nothing raises, what was answered stays answered,
and there is always a way out.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.continuing import Returned, answer_call, enter, remind
from dialogs.facts import Answer, CallWanted, ContinuationWanted, HandoverWanted
from dialogs.scenario import Scenario, parse
from dialogs.steps import Ask
from tests.dialogs.phone import PLAIN, TELEGRAM, VK, WHATSAPP, Phone
from tests.dialogs.test_engine_ways import SHOP
from vestnik.inbound import ButtonPressed
from vestnik.outbound import Button

Deed = Callable[[Phone], object]

NEWER = parse(SHOP.source.replace("  age:\n", "  years:\n").replace("answers.age", "answers.years"))
QUESTIONS = [step.id for step in SHOP.steps.values() if isinstance(step, Ask)]
PAYLOADS = [
    *(f"city:{choice}" for choice in ("kzn", "msk", "far", "", "+kzn", "-kzn")),
    *("age:x", "go:promo", "go:", "go:nobody", "stock:x", "bye:", "person:agree"),
]
WORDS = ["18", "-5", "1e9", "Kazan", "7.3.1990", "menu", "/start spring-1", "x@y.z", "a@b.example"]
WORDS += ["kazn", "{{ name }}", "{{", "{% if %}", "99999999999999999999", "29.02.2023", "٣", ""]
RETURNED: list[dict[str, object] | None] = [
    None,
    {},
    {"left": "{{ 1 }}", "who": "\0"},
    {"left": [1], "who": {"a": 1}},
]
VALUES = ["", "now", "2026-03-02T12:00:00+03:00", "9999-12-31T23:59:59Z", "x" * 600, "{{ name }}"]


def reminded(phone: Phone) -> None:
    if phone.session is not None:
        phone.keeps(remind(phone.scenario, phone.session, phone.now, phone.context))


def answered(phone: Phone, values: dict[str, object] | None) -> None:
    if phone.session is not None:
        call = Returned(phone.session.call or "7", values)
        phone.keeps(answer_call(phone.scenario, phone.session, call, phone.now, phone.context))


def happened(phone: Phone, step: str, value: str) -> None:
    values = {"event": {"total": value, "at": value}}
    wanted = ContinuationWanted(step, phone.now, values)
    phone.keeps(enter(phone.scenario, phone.session, wanted, phone.now, phone.context))


def presses_shown(phone: Phone, place: int) -> None:
    shown = [it for text in phone.seen[-3:] for it in text.buttons if isinstance(it, Button)]
    if shown:
        phone.presses_payload(shown[place % len(shown)].payload)


def gets(phone: Phone, scenario: Scenario) -> None:
    phone.scenario = scenario


deeds: st.SearchStrategy[Deed] = st.one_of(
    st.sampled_from(PAYLOADS).map(lambda payload: lambda phone: phone.presses_payload(payload)),
    st.integers(0, 9).map(lambda place: lambda phone: presses_shown(phone, place)),
    st.sampled_from(WORDS).map(lambda text: lambda phone: phone.says(text)),
    st.text(max_size=20).map(lambda text: lambda phone: phone.says(text)),
    st.sampled_from([None, "spring-1", "x"]).map(lambda it: lambda phone: phone.starts(it)),
    st.sampled_from([1, 60, 7_200, 90_000]).map(lambda it: lambda phone: phone.waits(seconds=it)),
    st.just(reminded),
    st.sampled_from(RETURNED).map(lambda values: lambda phone: answered(phone, values)),
    st.tuples(st.sampled_from(["arrived", "pause", "rate", "city"]), st.sampled_from(VALUES)).map(
        lambda told: lambda phone: happened(phone, *told)
    ),
    st.sampled_from([SHOP, NEWER]).map(lambda it: lambda phone: gets(phone, it)),
    st.just(lambda phone: phone.sends_a_photo()),
)
phones = st.builds(
    lambda limits: Phone(limits, scenario=SHOP, language="en"),
    st.sampled_from([TELEGRAM, VK, WHATSAPP, PLAIN]),
)
stories = st.lists(deeds, min_size=3, max_size=30)
many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def does(phone: Phone, deed: Deed) -> None:
    """The deed, and the caller's part: the id of a call goes into the session."""
    deed(phone)
    if phone.session and any(isinstance(fact, CallWanted) for fact in phone.last.facts):
        phone.session = replace(phone.session, call=phone.session.call or "7")


@many
@given(phones, stories)
def test_nothing_raises_and_answers_stay(phone: Phone, story: list[Deed]) -> None:
    for deed in story:
        before = dict(phone.answers)
        known = len(phone.facts)
        does(phone, deed)
        told = {fact.question for fact in phone.facts[known:] if isinstance(fact, Answer)}
        assert {it: phone.answers[it] for it in before if it not in told} == {
            it: before[it] for it in before if it not in told
        }
        assert all(len(value) <= 255 for values in phone.answers.values() for value in values)


@many
@given(phones, stories, st.sampled_from([0, 30]))
def test_a_press_that_comes_in_once_more_changes_nothing(
    phone: Phone, story: list[Deed], later: int
) -> None:
    for deed in story:
        earlier = phone.event
        does(phone, deed)
        event = phone.event
        if isinstance(event, ButtonPressed) and event is not earlier and phone.last.facts:
            once, payload = dict(phone.answers), event.payload
            phone.waits(seconds=later)
            does(phone, partial(Phone.presses_payload, payload=payload))
            assert phone.answers == once


@many
@given(phones, stories)
def test_from_everywhere_there_is_a_way_out(phone: Phone, story: list[Deed]) -> None:
    for deed in story:
        does(phone, deed)
    phone.waits(seconds=10)
    for words in ("/start", "far", "Elsewhere"):
        does(phone, partial(Phone.says, text=words))
    assert phone.current.finished
    assert phone.says("human").facts[-1] == HandoverWanted()


@many
@given(phones, stories)
def test_a_session_wakes_only_while_a_question_waits(phone: Phone, story: list[Deed]) -> None:
    for deed in story:
        does(phone, deed)
        if phone.session is not None and phone.session.wakes_at is not None:
            assert phone.session.step in QUESTIONS
            assert phone.session.wakes_at < phone.session.expires_at
