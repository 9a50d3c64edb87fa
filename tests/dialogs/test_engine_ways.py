"""Stories of branches, jumps, waits, reminders, calls and variables; pure, with a phone."""

from datetime import timedelta

import pytest

from dialogs.continuing import Returned, answer_call, awaits, enter, remind
from dialogs.facts import Answer, CallWanted, ContinuationWanted, HandoverWanted
from dialogs.scenario import parse
from tests.dialogs.phone import TELEGRAM, Phone
from vestnik.outbound import CopyButton, LinkButton, Media

SHOP = parse(
    """
name: shop
languages: [en]
entries:
  promo: { links: [spring-*], button: true, next: offer }
  menu: { keywords: [menu], next: city }
  order: { event: order_done, values: [total, at], next: arrived }
steps:
  hello:
    say: { en: "Hello, **{{ name }}**!" }
  city:
    ask: { en: Where are you }
    choices:
      kzn: { en: Kazan }
      msk: { en: Moscow, next: stock }
      far: { en: Elsewhere, next: bye }
    remind:
      - after: 2h
        say: { en: "Are you there, {{ name }}?" }
      - after: 20h
        next: person
  age:
    ask: { en: How old are you }
    answer: { kind: number, at_least: 18, at_most: 120 }
  born:
    ask: { en: When were you born }
    answer: { kind: date, at_least: "1900-01-01", at_most: today }
  town:
    ask: { en: Which town }
    answer: { kind: listed, of: [Kazan, Zelenodolsk] }
  email:
    ask: { en: Your e-mail }
    answer: email
  sort:
    branch:
      - { when: answers.city, is: [Kazan], at_least: A, next: local }
    next: bye
  local:
    end: { en: "{{ answers.city }}, {{ answers.age }}, {{ answers.born }}" }
  stock:
    call: https://crm.example/stock
    send: [answers.city, name]
    returns: [left, who]
    within: 5s
    failed: bye
  told:
    end: { en: "{{ stock.left | plus: 1 }} left, says {{ stock.who }}" }
  person:
    handover: { en: Calling }
  offer:
    say: { en: "Code of {{ event.payload }}" }
    media: [{ image: "https://shop.example/a.png" }]
    buttons:
      - { en: Copy, copy: SPRING }
      - { en: Site, url: "https://shop.example" }
    next: city
  arrived:
    say: { en: "An order of {{ event.total }}" }
  pause:
    wait: { until: event.at, before: 1h }
  rate:
    say: { en: "How was the order of {{ event.total }}?" }
  bye:
    end: { en: Bye }
""".replace("", "")
)


def shop() -> Phone:
    return Phone(TELEGRAM, scenario=SHOP, language="en").starts()


def test_a_name_is_put_in_literally() -> None:
    phone = shop()
    hello = phone.last.says[0].body
    assert (hello.text, [span.style for span in hello.spans]) == ("Hello, Анна!", ["bold"])


def test_answers_are_typed_and_kept_in_one_form() -> None:
    phone = shop().presses("Kazan").sees("How old").says("17").sees("at least 18", "How old")
    phone.says("a lot").sees("from 18 to 120").says("1 20,5").sees("at most 120").says(" 33,50 ")
    phone.sees("When were you").says("31.02.2000").sees("31.12.2026").says("1.3.2040")
    phone.sees("Not after March 1, 2026").says("7/3/1990").sees("Which town").says("Zelenodolks")
    phone.sees("Did you mean: Zelenodolsk?").says("zelenodolsk").sees("Your e-mail")
    phone.says("anna at example").sees("name@example.com").says("Anna@Example.com")
    phone.sees("Kazan, 33.50, March 7, 1990")
    assert phone.answers == {
        "city": ("Kazan",),
        "age": ("33.50",),
        "born": ("1990-03-07",),
        "town": ("Zelenodolsk",),
        "email": ("anna@example.com",),
    }


def test_a_choice_leads_elsewhere() -> None:
    assert shop().presses("Elsewhere").sees("Bye").answers == {"city": ("Elsewhere",)}


def test_a_reminder_comes_once_then_somebody_is_called() -> None:
    phone = shop()
    assert phone.session is not None
    assert phone.session.wakes_at == phone.waits(hours=2).now
    phone.keeps(remind(SHOP, phone.session, phone.now, phone.context))
    phone.sees("Are you there, Анна?", "Where are you", "[Kazan]")
    again = remind(SHOP, phone.session, phone.now, phone.context)
    assert (again.session, again.says) == (phone.session, ())
    phone.waits(hours=20).keeps(remind(SHOP, phone.session, phone.now, phone.context))
    phone.sees("Calling")
    assert phone.facts == [HandoverWanted()]
    assert phone.session.finished


def test_a_reminder_that_is_far_too_late_does_not_come() -> None:
    phone = shop().waits(hours=30)
    turn = remind(SHOP, phone.current, phone.now, phone.context)
    assert (turn.says, turn.session and turn.session.wakes_at) == ((), None)


def test_an_answer_ends_the_reminders() -> None:
    phone = shop().presses("Kazan")
    assert phone.session is not None
    assert phone.session.wakes_at is None


def test_words_that_are_no_answer_put_a_reminder_off() -> None:
    phone = shop().waits(hours=1).says("?")
    assert phone.session is not None
    assert phone.session.wakes_at == phone.waits(hours=2).now


def test_an_answer_counts_also_after_a_late_reminder() -> None:
    phone = shop()
    phone.waits(hours=2).keeps(remind(SHOP, phone.current, phone.now, phone.context))
    phone.waits(hours=19, minutes=59).presses("Elsewhere").sees("Bye")


def asked(phone: Phone) -> Phone:
    """Somebody for whom another program is asked; the caller puts the call's id in."""
    phone.presses("Moscow")
    assert phone.facts[-1] == CallWanted(
        "stock",
        "https://crm.example/stock",
        {"answers.city": "Moscow", "name": "Анна"},
        timedelta(seconds=5),
    )
    return phone.has_called("7")


def test_what_a_program_returns_is_said() -> None:
    phone = asked(shop()).says("well?").sees("I am looking it up")
    returned = Returned("7", {"left": 4, "who": "{{ name }}", "more": "ignored"})
    phone.keeps(answer_call(SHOP, phone.current, returned, phone.now, phone.context))
    phone.sees("5 left, says {{ name }}")


@pytest.mark.parametrize("values", [None, {}, {"left": 4}])
def test_a_program_that_fails_leads_elsewhere(values: dict[str, object] | None) -> None:
    phone = asked(shop())
    turn = answer_call(SHOP, phone.current, Returned("7", values), phone.now, phone.context)
    phone.keeps(turn).sees("Bye")


def test_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    phone = asked(shop()).starts()
    returned = Returned("7", {"left": 1, "who": "x"})
    turn = answer_call(SHOP, phone.current, returned, phone.now, phone.context)
    assert (turn.session, turn.says, turn.facts) == (phone.session, (), ())


def test_something_that_happened_begins_a_dialog_and_a_wait() -> None:
    phone = Phone(TELEGRAM, scenario=SHOP, language="en")
    values = {"event": {"total": "12 €", "at": "2026-03-01T18:00:00+03:00"}}
    wanted = ContinuationWanted("arrived", phone.now, values)
    phone.keeps(enter(SHOP, None, wanted, phone.now, phone.context)).sees("An order of 12 €")
    [later] = phone.facts
    assert later == ContinuationWanted("rate", phone.now.replace(hour=14), values)
    assert not awaits(SHOP, phone.session, phone.now)
    phone.keeps(enter(SHOP, phone.session, wanted, phone.now, phone.context))
    assert awaits(SHOP, shop().session, phone.now)


@pytest.mark.parametrize("written", ["", "soon", "1999-01-01T00:00:00Z"])
def test_a_time_that_is_over_or_none_is_now(written: str) -> None:
    phone = Phone(TELEGRAM, scenario=SHOP, language="en")
    wanted = ContinuationWanted("pause", phone.now, {"event": {"at": written}})
    [later] = enter(SHOP, None, wanted, phone.now, phone.context).facts
    assert isinstance(later, ContinuationWanted)
    assert later.at == phone.now


def test_a_link_a_keyword_and_a_button_open_their_steps() -> None:
    phone = Phone(TELEGRAM, scenario=SHOP, language="en").starts("spring-26")
    offer = phone.last.says[0]
    assert offer.body.text == "Code of spring-26"
    assert offer.media == (Media("image", "https://shop.example/a.png"),)
    assert offer.buttons == (
        CopyButton("Copy", "SPRING"),
        LinkButton("Site", "https://shop.example"),
    )
    phone.says("/start spring-27").sees("Code of spring-27")
    phone.presses("Elsewhere").says("Menu!").sees("Where are you").presses("Elsewhere")
    phone.waits(days=1).presses_payload("go:promo").sees("Code of").sees("Where are you")
    assert phone.presses_payload("go:promo").last.says == ()
    phone.waits(days=9).presses_payload("go:gone").sees("Hello")


TEMPLATED = """
name: small
languages: [en]
steps:
  told:
    say: {{ en: Hello }}
    {said}
  coming:
    ask: {{ en: "Will you come, {{{{ name }}}}?" }}
    choices:
      come: {{ en: Come }}
      stay: {{ en: Stay }}
    {asked}
  bye:
    end: {{ en: Bye }}
"""


@pytest.mark.parametrize(
    ("said", "asked", "name", "payloads"),
    [
        ("", "", None, ()),
        ("template: { name: hello }", "", "hello", ()),
        ("", "template: { name: coming }", "coming", ("coming:come", "coming:stay")),
        (
            "template: { name: hello }",
            "template: { name: coming }",
            "coming",
            ("coming:come", "coming:stay"),
        ),
    ],
)
def test_the_last_template_on_the_way_says_it_outside_a_window(
    said: str, asked: str, name: str | None, payloads: tuple[str, ...]
) -> None:
    scenario = parse(TEMPLATED.format(said=said, asked=asked))
    outside = Phone(TELEGRAM, scenario=scenario, language="en").starts().last.outside
    assert (outside and outside.name) == name
    assert (outside.payloads if outside else ()) == payloads


def test_a_templates_values_are_of_one_line_and_literal() -> None:
    values = "values: [{ en: '{{ name }},\n\n  **hello**' }]"
    scenario = parse(TEMPLATED.format(said="", asked=f"template: {{ name: x, {values} }}"))
    phone = Phone(TELEGRAM, scenario=scenario, language="en").starts()
    assert phone.last.outside is not None
    assert phone.last.outside.values == ("Анна, hello",)
    assert phone.last.outside.text == "Will you come, Анна?"


def test_a_press_that_comes_in_again_takes_effect_once() -> None:
    phone = shop()
    phone.presses_payload("city:kzn").presses_payload("city:kzn")
    assert phone.last.says == ()
    assert phone.facts == [Answer("city", ("Kazan",))]
