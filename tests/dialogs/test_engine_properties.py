"""Whatever people do, in whatever order: nothing raises, no answer is lost, a way out is open."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.facts import Answer, ConsentGiven, HandoverWanted, PhoneConfirmed
from dialogs.steps import Ask, Consent
from dialogs.wishes import Wish
from tests.dialogs.phone import COFFEE, PLAIN, TELEGRAM, VK, WHATSAPP, Phone
from vestnik.inbound import ButtonPressed, MediaReceived
from vestnik.outbound import Button

Deed = Callable[[Phone], object]

CITY = next(step for step in COFFEE.steps.values() if isinstance(step, Ask))
PAYLOADS = [
    f"{step.id}:{choice}"
    for step in COFFEE.steps.values()
    for choice in (
        [*step.choices, "_done", "nothing"]
        if isinstance(step, Ask)
        else ["agree", "decline"]
        if isinstance(step, Consent)
        else ["_skip", "_again", "_other"]
    )
]
WORDS = ["да", "нет", "2", "1 3", "Готово", "Казань", "tea", "пропустить", "/start", "кофе", "???"]
WORDS += ["+7 916 123-45-67", "314159", "000000", "8 495 123-45-67", "Даю согласие", "Не даю", ""]

deeds: st.SearchStrategy[Deed] = st.one_of(
    st.sampled_from([*PAYLOADS, Wish.START, "", ":", "my:nothing"]).map(
        lambda payload: lambda phone: phone.presses_payload(payload)
    ),
    st.integers(0, 9).map(lambda place: lambda phone: presses_shown(phone, place)),
    st.sampled_from(WORDS).map(lambda text: lambda phone: phone.says(text)),
    st.text(max_size=20).map(lambda text: lambda phone: phone.says(text)),
    st.booleans().map(lambda own: lambda phone: phone.shares("+79161234567", own=own)),
    st.just(lambda phone: phone.sends_a_photo()),
    st.just(lambda phone: phone.starts()),
    st.sampled_from(["ru", "en", "de"]).map(lambda tag: lambda phone: speaks(phone, tag)),
    st.sampled_from([0, 1, 60, 3600, 23 * 3600, 25 * 3600]).map(
        lambda seconds: lambda phone: phone.waits(seconds=seconds)
    ),
    st.just(lambda phone: phone.is_asked_again_for("advertising")),
)
phones = st.builds(
    Phone,
    st.sampled_from([TELEGRAM, VK, WHATSAPP, PLAIN]),
    language=st.sampled_from(["ru", "en"]),
    number=st.sampled_from([None, "+79161234567"]),
    sends_codes=st.booleans(),
)
stories = st.lists(deeds, min_size=3, max_size=30)
many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def presses_shown(phone: Phone, place: int) -> None:
    """Presses one of the buttons of the last message, if it has any."""
    buttons = [b for b in (phone.seen[-1].buttons if phone.seen else ()) if isinstance(b, Button)]
    if buttons:
        phone.presses_payload(buttons[place % len(buttons)].payload)


def speaks(phone: Phone, language: str) -> None:
    phone.language = language


@many
@given(phones, stories)
def test_every_message_is_answered(phone: Phone, story: list[Deed]) -> None:
    for deed in story:
        before, turn = phone.session, phone.last
        deed(phone)
        if phone.last is turn or phone.last.says:
            continue
        if phone.last.facts != (HandoverWanted(),):
            assert before is not None
            if isinstance(phone.event, ButtonPressed):
                assert before.repeats(phone.event.payload, phone.now)
            else:
                assert isinstance(phone.event, MediaReceived)
                assert before.gets_more_files(phone.now)


@many
@given(phones, stories)
def test_a_consent_is_granted_only_by_the_question_on_the_screen(
    phone: Phone, story: list[Deed]
) -> None:
    asked, words = "", ""
    for deed in story:
        known = len(phone.facts)
        deed(phone)
        for fact in phone.facts[known:]:
            if isinstance(fact, ConsentGiven):
                assert asked == fact.purpose
                assert words == fact.text
        for text in phone.last.says[-1:]:
            presses = [button for button in text.buttons if isinstance(button, Button)]
            asked = presses[0].payload.partition(":")[0] if presses else asked
            words = text.body.text if presses else words


@many
@given(phones, stories)
def test_nothing_is_kept_without_the_consent_to_it(phone: Phone, story: list[Deed]) -> None:
    for deed in story:
        known, granted = len(phone.facts), "personal_data" in phone.granted
        deed(phone)
        for fact in phone.facts[known:]:
            if isinstance(fact, Answer):
                assert granted
            if isinstance(fact, PhoneConfirmed):
                assert "personal_data" in phone.granted


@many
@given(phones, stories, st.sampled_from(sorted(CITY.choices)))
def test_an_answer_that_is_pressed_is_never_lost(
    phone: Phone, story: list[Deed], city: str
) -> None:
    phone.starts().presses_payload("personal_data:agree")
    for deed in story:
        deed(phone)
    if "personal_data" not in phone.granted or phone.session is None:
        return
    phone.waits(seconds=10).presses_payload(f"city:{city}")
    assert phone.answers["city"] == (CITY.choices[city].value,)


@many
@given(phones, stories)
def test_a_tick_changes_one_answer_and_keeps_the_others(phone: Phone, story: list[Deed]) -> None:
    phone.starts().presses_payload("personal_data:agree")
    for deed in story:
        deed(phone)
    if "personal_data" not in phone.granted:
        return
    before = set(phone.answers.get("interests", ()))
    phone.waits(seconds=10).presses_payload("interests:tea")
    assert set(phone.answers["interests"]) == before ^ {"Чай"}


@many
@given(phones, stories)
def test_from_everywhere_a_few_presses_lead_out(phone: Phone, story: list[Deed]) -> None:
    for deed in story:
        deed(phone)
    if phone.session is None or phone.session.expired(phone.now):
        phone.starts()
    for _ in range(8):
        assert phone.session is not None
        if phone.session.finished and not phone.session.aside:
            return
        phone.waits(seconds=10).says("?")
        last = [button for button in phone.last.says[-1].buttons if isinstance(button, Button)]
        phone.presses_payload(last[-1].payload)
    raise AssertionError(f"no way out of {phone.session}")


def test_the_ways_of_a_story_reach_every_kind_of_fact() -> None:
    """The properties above would hold for an engine that does nothing: it does not."""
    phone = Phone(VK)
    phone.starts().presses_payload("personal_data:agree").presses_payload("advertising:agree")
    phone.presses_payload("city:kzn").presses_payload("interests:_done")
    phone.says("+79161234567").says("314159")
    names = {type(fact).__name__ for fact in phone.facts}
    assert names == {"ConsentGiven", "Answer", "CodeWanted", "PhoneConfirmed"}
