"""A phone without a network: says and presses, sees the answers, keeps what a caller would."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from dialogs import engine
from dialogs.facts import Answer, CodeWanted, ConsentGiven, ConsentRefused, Fact, PhoneConfirmed
from dialogs.languages import Languages
from dialogs.phones import seal, verify
from dialogs.scenario import SHIPPED, Scenario, load
from dialogs.session import Context, Session, Turn
from vestnik.address import Address, ChannelName
from vestnik.channel import Limits
from vestnik.consent import Purpose
from vestnik.inbound import (
    Author,
    ButtonPressed,
    ContactShared,
    MediaReceived,
    Personal,
    Started,
    TextReceived,
)
from vestnik.outbound import Button, ContactButton, Text
from vestnik.record import decode, encode

COFFEE = load(SHIPPED / "coffee.yaml")
LANGUAGES = Languages()
KEY = b"a key of the test"
CODE = "314159"
NUMBER = "+79161234567"

_PAGE = "https://example.com"
TELEGRAM = Limits(
    4096,
    len,
    buttons=100,
    label=64,
    payload=64,
    rate=30,
    contact_button=True,
    edits=True,
    page=_PAGE,
)
VK = Limits(4096, len, buttons=10, label=40, payload=247, rate=20, edits=True, page=_PAGE)
WHATSAPP = Limits(
    4096, len, buttons=10, label=24, payload=200, rate=70, contact_button=True, page=_PAGE
)
WHATSAPP_WINDOWED = replace(WHATSAPP, window_hours=24)
PLAIN = Limits(1000, len, buttons=0, label=20, payload=64, rate=1, page=_PAGE)


class _Everything(TypedDict):
    event_id: str
    address: Address
    author: Author
    at: datetime


class Phone:
    """One person on one channel, and the caller's part of the work: it stores what turns bring."""

    def __init__(
        self,
        limits: Limits = TELEGRAM,
        *,
        scenario: Scenario = COFFEE,
        language: str = "ru",
        number: str | None = None,
        sends_codes: bool = True,
    ) -> None:
        self.limits = limits
        self.scenario = scenario
        self.language = language
        self.number = number
        self.sends_codes = sends_codes
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.session: Session | None = None
        self.granted: dict[Purpose, str] = {}
        self.confirmed: str | None = None
        self.answers: dict[str, tuple[str, ...]] = {}
        self.facts: list[Fact] = []
        self.seen: list[Text] = []
        self.event: Personal | None = None
        self.last = Turn(None)

    def starts(self, payload: str | None = None) -> "Phone":
        return self._happens(Started(**self._everything(), payload=payload))

    def says(self, text: str) -> "Phone":
        return self._happens(TextReceived(**self._everything(), text=text))

    def shares(self, number: str, *, own: bool = True) -> "Phone":
        return self._happens(ContactShared(**self._everything(), phone=number, own=own))

    def sends_a_photo(self) -> "Phone":
        return self._happens(MediaReceived(**self._everything(), kind="image"))

    def presses(self, label: str) -> "Phone":
        """Presses the newest button that reads like this; ticks aside."""
        for text in reversed(self.seen):
            for button in text.buttons:
                if isinstance(button, Button) and button.label.lstrip("☐☑ ") == label:
                    return self.presses_payload(button.payload)
        raise AssertionError(f"no button {label!r} among {self.labels}")

    def presses_payload(self, payload: str) -> "Phone":
        return self._happens(ButtonPressed(**self._everything(), payload=payload))

    def waits(self, **time: float) -> "Phone":
        self.now += timedelta(**time)
        return self

    def is_asked_again_for(self, purpose: Purpose) -> "Phone":
        """What the preferences do when advertising is switched on."""
        step = self.scenario.consent(purpose)
        assert step is not None
        turn = engine.reask(self.scenario, self.session, step, self.now, self.context)
        return self.keeps(turn)

    def sees(self, *words: str) -> "Phone":
        """The last answer reads like this, in this order, buttons included."""
        screen, at = self.screen, 0
        for word in words:
            at = screen.find(word, at)
            assert at >= 0, f"{word!r} is not in\n{screen}"
        return self

    def sees_nothing_of(self, *words: str) -> "Phone":
        for word in words:
            assert word not in self.screen
        return self

    def has_called(self, number: str) -> "Phone":
        """The caller puts the id of the call into the session."""
        self.session = replace(self.current, call=number)
        return self

    @property
    def current(self) -> Session:
        """The session, which there is."""
        assert self.session is not None
        return self.session

    @property
    def screen(self) -> str:
        lines = [
            text.body.text + "\n" + "\n".join(map(_drawn, text.buttons)) for text in self.last.says
        ]
        return "\n".join(lines)

    @property
    def labels(self) -> list[str]:
        """The buttons of the last answer's last message."""
        return [button.label for button in self.last.says[-1].buttons]

    @property
    def context(self) -> Context:
        return Context(
            languages=LANGUAGES,
            language=self.language,
            limits=self.limits,
            region="RU",
            verify=lambda typed, sealed: verify(typed, sealed, KEY),
            granted=dict(self.granted),
            phone=self.confirmed,
            sends_codes=self.sends_codes,
            zone=ZoneInfo("Europe/Moscow"),
            name="Анна",
            channel="test",
            answers=dict(self.answers),
        )

    def _everything(self) -> _Everything:
        address = Address(ChannelName("test"), "main", "1")
        author = Author("1", language=self.language, phone=self.number)
        return {"event_id": "1", "address": address, "author": author, "at": self.now}

    def _happens(self, event: Personal) -> "Phone":
        self.event = event
        turn = engine.advance(self.scenario, self.session, event, self.now, self.context)
        return self.keeps(turn)

    def keeps(self, turn: Turn) -> "Phone":
        self.last, self.session = turn, turn.session
        self.seen += turn.says
        for fact in turn.facts:
            self._learns(fact)
        if self.session is not None:
            # The session lives in a database between two messages.
            self.session = decode(Session, encode(self.session))
        return self

    def _learns(self, fact: Fact) -> None:
        self.facts.append(fact)
        match fact:
            case Answer(question, values):
                self.answers[question] = values
            case ConsentGiven(purpose=purpose, text_version=version):
                self.granted[purpose] = version
            case ConsentRefused(purpose=purpose):
                self.granted.pop(purpose, None)
            case PhoneConfirmed(phone=phone):
                self.confirmed = phone
            case CodeWanted() if self.session:
                self.session = replace(self.session, code=seal(CODE, KEY))


def _drawn(button: object) -> str:
    match button:
        case Button(label=label):
            return f"[{label}]"
        case ContactButton(label=label):
            return f"({label})"
        case _:
            return ""


def at_the_city(limits: Limits = TELEGRAM, number: str | None = None) -> Phone:
    phone = Phone(limits, number=number)
    return phone.starts().presses("Даю согласие").presses("Да, присылайте")


def at_the_phone(limits: Limits = TELEGRAM) -> Phone:
    return at_the_city(limits).presses("Казань").presses("Готово")


def joined(limits: Limits = TELEGRAM) -> Phone:
    return at_the_phone(limits).presses("Пропустить")


SMALL = """
name: small
languages: [en]
steps:
  {steps}
  name:
    ask: {{ en: What is your name }}
    answer: text
  bye:
    end: {{ en: Goodbye! }}
"""
