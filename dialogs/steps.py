"""The steps of a scenario at which something is said, as a marketer writes them in YAML."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from dialogs.answering import Answering
from dialogs.parts import (
    Duration,
    ExactTexts,
    FileSource,
    Id,
    Label,
    Labels,
    Part,
    Texts,
    WebAddress,
    said_in,
)
from vestnik.address import ChannelName
from vestnik.consent import MESSENGERS
from vestnik.outbound import CopyButton, LinkButton, Media

Place = tuple[str | int, ...]
"""Where something stands within a step: keys and positions."""

ShownKind = Literal["image", "video", "document"]

Said = Iterator[tuple[Place, Mapping[str, object]]]
"""What must be there in each language, with its place."""


class Step(Part):
    """`next` is the id of the step that follows: the next one in the file, unless told."""

    id: Id
    next: str | None = None

    def said(self) -> Said:
        """Everything that must be there in each language, with its place within the step."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, dict):
                yield (name,), value

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """Where the dialog can go from here, with the place that says so."""
        yield ("next",), self.next


class Shown(Part):
    """A file to show, by its address (`image: https://…`) or its name beside the scenario.

    `key` is that of the file in our store, where it is ours; whoever reads the scenario tells it
    as the validation's context, by name.
    """

    image: FileSource | None = None
    video: FileSource | None = None
    document: FileSource | None = None
    key: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _ours(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, dict) or len(given) != 1 or "key" in given:
            raise ValueError("name one file: `image`, `video` or `document`")
        (source,) = given.values()
        return {**given, "key": (info.context or {}).get(source)}

    @property
    def kind(self) -> ShownKind:
        """What it is shown as."""
        if self.image:
            return "image"
        return "video" if self.video else "document"

    @property
    def source(self) -> str:
        """The address or the name, as it was written."""
        return self.image or self.video or self.document or ""

    def media(self) -> Media:
        """The file for the outbox."""
        if self.key:
            return Media(self.kind, file=self.key)
        return Media(self.kind, self.source)


class Extra(Part):
    """A button that needs no answer: it opens `url`, or copies the text of `copy`."""

    labels: Labels = Field(min_length=1)
    url: WebAddress | None = None
    copies: Label | None = Field(None, alias="copy")

    @model_validator(mode="before")
    @classmethod
    def _compact(cls, given: Any) -> Any:
        return with_labels(given, ("url", "copy"))

    @model_validator(mode="after")
    def _one(self) -> "Extra":
        if (self.url is None) == (self.copies is None):
            raise ValueError("a button has either `url` or `copy`")
        return self

    def button(self, language: str) -> LinkButton | CopyButton:
        """The button in a language."""
        label = said_in(language, self.labels)
        return LinkButton(label, self.url) if self.url else CopyButton(label, self.copies or "")


class Approved(Part):
    """A template that the provider approved, and the values of its variables in their order.

    Its quick replies are the step's choices, in their order.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,512}$")]
    values: tuple[Texts, ...] = Field(default=(), max_length=20)


class Speaking(Step):
    """A step that says something, with files above and buttons below that need no answer.

    `template` says it where plain messages are not allowed any more (outside WhatsApp's 24 hours).
    """

    template: Approved | None = None
    media: tuple[Shown, ...] = Field(default=(), max_length=10)
    buttons: tuple[Extra, ...] = Field(default=(), max_length=10)

    def said(self) -> Said:
        """The texts and the labels of the buttons."""
        yield from super().said()
        for number, button in enumerate(self.buttons):
            yield ("buttons", number), button.labels
        yield from _valued(self.template)


class Say(Speaking):
    """Says something and goes on."""

    say: Texts


class Choice(Part):
    """An answer to choose: labels by language, the value that is stored, and where it leads.

    The value is the Russian label unless `value` says otherwise; segments are chosen by it.
    """

    labels: Labels = Field(min_length=1)
    value: Label
    next: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _compact(cls, given: Any) -> Any:
        named = with_labels(given, ("value", "next"))
        if isinstance(named, dict) and not named.get("value"):
            labels = named["labels"]
            named["value"] = labels.get("ru") or next(iter(labels.values()), "")
        return named


class Reminder(Part):
    """What happens when nobody answered for so long: something is said, and the question again.

    With `next` the dialog goes on there instead of asking again.
    """

    after: Duration
    say: Texts = Field(default_factory=dict)
    next: str | None = None


class Ask(Speaking):
    """Asks a question; the answer is stored under the step's id.

    `many`: several choices, ticked one by one. `answer`: what may be typed, beside the choices or
    without any. `title` names the question in short where answers are shown. `remind`: what
    happens while nobody answers, one after another.
    """

    ask: Texts
    title: Labels = Field(default_factory=dict)
    choices: dict[Id, Choice] = Field(default_factory=dict)
    many: bool = False
    answer: Answering | None = None
    remind: tuple[Reminder, ...] = Field(default=(), max_length=5)

    def said(self) -> Said:
        """The texts, the title where there is one, and the labels of every choice."""
        yield ("ask",), self.ask
        if self.title:
            yield ("title",), self.title
        for name, choice in self.choices.items():
            yield ("choices", name), choice.labels
        for number, button in enumerate(self.buttons):
            yield ("buttons", number), button.labels
        for number, reminder in enumerate(self.remind):
            if reminder.say:
                yield ("remind", number, "say"), reminder.say
        yield from _valued(self.template)

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """The next step, and those that choices and reminders lead to."""
        choices = self.choices.values()
        if self.answer or self.many or any(it.next is None for it in choices) or not choices:
            yield ("next",), self.next
        for name, choice in self.choices.items():
            if choice.next is not None:
                yield ("choices", name, "next"), choice.next
        for number, reminder in enumerate(self.remind):
            if reminder.next is not None:
                yield ("remind", number, "next"), reminder.next

    def named(self, language: str) -> str:
        """The question in short."""
        return said_in(language, self.title) if self.title else self.id

    def shown(self, value: str, language: str) -> str:
        """A stored value as the person reads it."""
        for choice in self.choices.values():
            if choice.value == value:
                return said_in(language, choice.labels)
        return value


class Consent(Step):
    """Asks for one consent; only `agree` gives it, and `refused` is where `decline` leads.

    `version` names the words: change it when the words change, and people are asked anew.
    `covers` are the channels that are agreed to ("messengers", "sms").
    """

    consent: Literal["personal_data", "advertising", "calls"]
    version: Label
    covers: tuple[ChannelName, ...] = (MESSENGERS,)
    text: ExactTexts
    agree: Labels
    decline: Labels
    refused: str | None = None

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """The next step, and where a refusal leads."""
        yield ("next",), self.next
        if self.refused is not None:
            yield ("refused",), self.refused


class Phone(Step):
    """Asks for the person's phone number, with proof; `phone` says what it is for."""

    phone: Texts


class Handover(Speaking):
    """Says something and calls an operator; the bot is silent until they hand back.

    `tells` is for the operators' eyes: what it is about, in the house's language.
    """

    handover: Texts
    tells: Texts | None = None

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """Nowhere: a person goes on."""
        yield from ()


class End(Speaking):
    """Says the last words."""

    end: Texts

    def ways(self) -> Iterator[tuple[Place, str | None]]:
        """Nowhere."""
        yield from ()


def _valued(template: Approved | None) -> Said:
    for number, texts in enumerate(template.values if template else ()):
        yield ("template", "values", number), texts


def with_labels(given: Any, own: tuple[str, ...]) -> Any:
    """A mapping whose other keys are languages: they are put under `labels`."""
    if not isinstance(given, dict):
        return given
    labels = {key: label for key, label in given.items() if key not in own}
    return {"labels": labels, **{key: given[key] for key in own if key in given}}
