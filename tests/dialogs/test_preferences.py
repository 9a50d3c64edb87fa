"""What /settings, /mydata, /forget, /help and /stop show, and what their buttons mean."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dialogs import preferences
from dialogs.choosing import Choices
from dialogs.preferences import Agreed, Stored
from dialogs.scenario import SHIPPED, load
from dialogs.screens import Screens
from dialogs.wishes import (
    FORGET_WITHIN,
    See,
    Speak,
    Wish,
    Wished,
    forget_now,
    read_wish,
    speak,
    undo,
)
from dialogs.wishes import (
    SCREENS as SCREEN_NAMES,
)
from tests.dialogs.phone import COFFEE, LANGUAGES, VK, WHATSAPP
from vestnik.address import SMS, Address, ChannelName
from vestnik.consent import MESSENGERS, NEVER_ASKED, UNDO_WITHIN, ConsentEntry, Standing
from vestnik.fit import fit
from vestnik.outbound import Button, Text
from vestnik.preferences import Cap, Preferences, QuietHours
from vestnik.richtext import Span

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBSCRIBED = Standing(granted=True, channels=frozenset((MESSENGERS, SMS)))


def wishes(text: Text) -> dict[str, Wished | None]:
    presses = [button for button in text.buttons if isinstance(button, Button)]
    return {button.label: read_wish(button.payload, NOW) for button in presses}


def screens(language: str, choices: Choices | None = None) -> Screens:
    return Screens(LANGUAGES, language, choices or Choices(now=NOW))


def test_the_settings_of_a_subscriber() -> None:
    agreed = Agreed(joined=True, advertising=SUBSCRIBED, phone="+79161234567")
    text = preferences.settings(screens("ru"), agreed)
    assert text.body.text.splitlines() == [
        "Настройки",
        "",
        "Реклама: включена (мессенджеры, SMS)",
        "Как часто: когда есть новости",
        "Тихие часы: нет",
        "Телефон: +7 916 123-45-67",
        "Язык: Русский",
    ]
    assert wishes(text) == {
        "Отключить рекламу": Wish.UNSUBSCRIBE,
        "Как часто": See("often"),
        "Тихие часы": See("quiet"),
        "Пауза": See("pause"),
        "Мои мессенджеры": See("messenger"),
        "English": Speak("en"),
        "Мои данные": Wish.MYDATA,
        "Забыть меня": Wish.FORGET,
        "Позвать человека": Wish.PERSON,
    }


def test_the_settings_of_somebody_who_takes_no_advertising() -> None:
    text = preferences.settings(screens("en"), Agreed(joined=True, advertising=NEVER_ASKED))
    assert "Advertising: off\n" in text.body.text
    assert "Phone: not given\nLanguage: English" in text.body.text
    assert wishes(text)["Advertising on"] is Wish.SUBSCRIBE
    assert wishes(text)["Русский"] == Speak("ru")


def test_the_settings_of_a_stranger() -> None:
    text = preferences.settings(screens("ru"), Agreed(joined=False, advertising=NEVER_ASKED))
    assert "Вы ещё не с нами" in text.body.text
    assert list(wishes(text).values()) == [Wish.START, Speak("en"), Wish.PERSON]


def test_what_is_kept_is_shown_whole_and_literally() -> None:
    telegram = Address(ChannelName("telegram"), "main", "77")
    at = datetime(2026, 1, 5, tzinfo=UTC)
    stored = Stored(
        name="<b>_*[ {date}",
        since=at,
        phone="+79161234567",
        addresses=[telegram, Address(ChannelName("newcomer"), "main", "x")],
        answers={"city": ["Казань"], "interests": ["Кофе", "Чай"], "old": ["**5**"], "none": []},
        consents=[
            ConsentEntry(
                person_id=1,
                purpose="personal_data",
                action="grant",
                at=at,
                actor="",
                text_version="1",
            ),
            ConsentEntry(person_id=1, purpose="advertising", action="withdraw", at=at, actor=""),
            ConsentEntry(
                person_id=1,
                purpose="advertising",
                action="grant",
                at=at,
                actor="",
                channels=(MESSENGERS, SMS),
                text_version="2",
            ),
            ConsentEntry(person_id=1, purpose="service", action="grant", at=at, actor=""),
        ],
    )
    text = preferences.my_data(LANGUAGES, "en", stored, COFFEE)
    assert text.body.text.splitlines() == [
        "What we keep about you",
        "",
        "Name: <b>_*[ {date}",
        "Phone: +7 916 123-45-67",
        "With us since January 5, 2026",
        "Telegram: 77",
        "Newcomer: x",
        "City: Kazan",
        "Interests: Coffee, Tea",
        "old: **5**",
        "none: not given",
        "Consent to personal data: given on January 5, 2026, wording 1",
        "Consent to advertising: withdrawn on January 5, 2026",
        "Consent to advertising (messengers, SMS): given on January 5, 2026, wording 2",
        "Consent to service messages: given on January 5, 2026, wording ",
    ]
    assert text.body.spans == (Span(0, 22, "bold"),)
    assert list(wishes(text).values()) == [Wish.SETTINGS, Wish.FORGET]


def test_a_stop_is_confirmed_once_and_can_be_undone_for_a_day() -> None:
    text = preferences.stopped(LANGUAGES, "ru", NOW, was_subscribed=True)
    assert "рекламы больше не будет" in text.body.text
    assert wishes(text) == {"Вернуть": Wish.UNDO}
    assert read_wish(undo(NOW), NOW + UNDO_WITHIN) is Wish.SUBSCRIBE
    assert preferences.stopped(LANGUAGES, "ru", NOW, was_subscribed=False).buttons == ()


def test_the_erasure_is_confirmed_by_a_button_that_grows_old() -> None:
    text = preferences.forget_question(LANGUAGES, "ru", NOW)
    assert list(wishes(text).values()) == [Wish.FORGET_NOW, Wish.KEEP]
    payload = forget_now(NOW)
    assert read_wish(payload, NOW + FORGET_WITHIN - timedelta(seconds=1)) is Wish.FORGET_NOW
    assert read_wish(payload, NOW + FORGET_WITHIN) is Wish.FORGET


@pytest.mark.parametrize("payload", ["my:forget-now:", "my:forget-now:x", "my:forget-now:²"])
def test_a_forged_confirmation_only_asks(payload: str) -> None:
    assert read_wish(payload, NOW) is Wish.FORGET


@pytest.mark.parametrize(
    "payload", ["", "my", "my:", "my:x", "city:kzn", "my:forget-now", "xmy:stop"]
)
def test_other_buttons_are_no_wishes(payload: str) -> None:
    assert read_wish(payload, NOW) is None


def test_every_wish_comes_back_from_its_payload() -> None:
    for wish in set(Wish) - {Wish.FORGET_NOW, Wish.UNDO}:
        assert read_wish(wish.value, NOW) is wish
    assert read_wish(speak("pt-BR"), NOW) == Speak("pt-BR")


# Everything there is to choose, so that each screen has as many buttons as it ever has.
EVERYTHING = Choices(
    now=NOW,
    own=Preferences(
        zone="Asia/Yekaterinburg",
        quiet=QuietHours(22 * 60, 8 * 60),
        cap=Cap(3, 7),
        topics_off=frozenset(("events",)),
        channel=ChannelName("telegram"),
    ),
    house=Preferences(zone="Europe/Moscow", quiet=QuietHours(21 * 60, 9 * 60), cap=Cap(2, 7)),
    topics={"offers": "Акции и скидки", "menu": "Новое в меню", "events": "События в кофейне"},
    messengers=[ChannelName(name) for name in ("telegram", "vk", "whatsapp")],
)
BELOW = [name for name in SCREEN_NAMES if name != "settings"]

SCREENS: dict[str, Callable[[str], Text]] = {
    "settings": lambda tag: preferences.settings(
        screens(tag, EVERYTHING), Agreed(joined=True, advertising=SUBSCRIBED)
    ),
    "unsubscribed": lambda tag: preferences.settings(
        screens(tag), Agreed(joined=True, advertising=NEVER_ASKED)
    ),
    "stranger": lambda tag: preferences.settings(
        screens(tag), Agreed(joined=False, advertising=NEVER_ASKED)
    ),
    **{
        name: lambda tag, name=name: screens(tag, EVERYTHING).below(name)  # type: ignore[misc]
        for name in BELOW
    },
    "my data": lambda tag: preferences.my_data(LANGUAGES, tag, Stored(answers={}), COFFEE),
    "stopped": lambda tag: preferences.stopped(LANGUAGES, tag, NOW, was_subscribed=True),
    "forget": lambda tag: preferences.forget_question(LANGUAGES, tag, NOW),
    "forgotten": lambda tag: preferences.forgotten(LANGUAGES, tag),
    "kept": lambda tag: preferences.kept(LANGUAGES, tag),
    "spoken": lambda tag: preferences.spoken(LANGUAGES, tag),
    "help": lambda tag: preferences.help_text(LANGUAGES, tag),
}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_fits_every_messenger_uncut(screen: str, language: str) -> None:
    text = SCREENS[screen](language)
    assert fit(text, WHATSAPP) == text
    assert fit(text, VK) == text
    assert len(text.buttons) > 3 or all(len(button.label) <= 20 for button in text.buttons)


def test_dates_are_spelt_out_and_answers_stand_as_they_were_asked() -> None:
    clinic = load(SHIPPED / "clinic.yaml")
    stored = Stored(
        answers={"born": ["1990-03-07"], "email": ["-"], "gone": ["x"], "patient": ["Ребёнка"]},
        consents=[],
    )
    text = preferences.my_data(LANGUAGES, "ru", stored, clinic).body.text
    assert text.splitlines()[-4:] == [
        "Пациент: Ребёнка",
        "Дата рождения: 7 марта 1990\u202fг.",
        "Почта: Не присылать",
        "gone: x",
    ]
