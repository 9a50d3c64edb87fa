"""The steps of a scenario, as a marketer writes them in YAML."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from dialogs import markup
from dialogs.languages import closest
from vestnik.address import ChannelName
from vestnik.consent import MESSENGERS
from vestnik.richtext import RichText

T = TypeVar("T")


def _rich(value: object) -> RichText:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write a text here")
    return markup.parse(value.strip())


# With the colon in "step:choice" a payload stays below Telegram's 64 bytes.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Texts = dict[str, Annotated[RichText, BeforeValidator(_rich)]]
"""A Markdown text in each language."""
Labels = dict[str, Label]
"""A plain label in each language."""


def said_in(language: str, texts: Mapping[str, T]) -> T:
    """The text in the language nearest to the wanted one, else the first that was written."""
    return texts[closest(language, texts, next(iter(texts)))]


class Part(BaseModel):
    """A piece of a scenario: frozen, and no key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Step(Part):
    """`next` is the id of the step that follows: the next one in the file, unless told."""

    id: Id
    next: str | None = None

    def said(self) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
        """Everything that must be there in each language, with its place within the step."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, dict):
                yield (name,), value


class Say(_Step):
    """Says something and goes on."""

    say: Texts


class Choice(Part):
    """An answer to choose: labels by language, and the value that is stored.

    The value is the Russian label unless `value` says otherwise; segments are chosen by it.
    """

    labels: Labels = Field(min_length=1)
    value: Label

    @model_validator(mode="before")
    @classmethod
    def _compact(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        labels = {key: label for key, label in given.items() if key != "value"}
        value = given.get("value") or labels.get("ru") or next(iter(labels.values()), "")
        return {"labels": labels, "value": value}


class Ask(_Step):
    """Asks a question; the answer is stored under the step's id.

    `many`: several choices, ticked one by one. `free`: any text is an answer too. `title` names
    the question in short where answers are shown.
    """

    ask: Texts
    title: Labels = Field(default_factory=dict)
    choices: dict[Id, Choice] = Field(default_factory=dict)
    many: bool = False
    free: bool = False

    def said(self) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
        """The texts, the title where there is one, and the labels of every choice."""
        yield ("ask",), self.ask
        if self.title:
            yield ("title",), self.title
        for name, choice in self.choices.items():
            yield ("choices", name), choice.labels

    def named(self, language: str) -> str:
        """The question in short."""
        return said_in(language, self.title) if self.title else self.id

    def shown(self, value: str, language: str) -> str:
        """A stored value as the person reads it."""
        for choice in self.choices.values():
            if choice.value == value:
                return said_in(language, choice.labels)
        return value


class Consent(_Step):
    """Asks for one consent; only `agree` gives it, and `refused` is where `decline` leads.

    `version` names the words: change it when the words change, and people are asked anew.
    `covers` are the channels that are agreed to ("messengers", "sms").
    """

    consent: Literal["personal_data", "advertising"]
    version: Label
    covers: tuple[ChannelName, ...] = (MESSENGERS,)
    text: Texts
    agree: Labels
    decline: Labels
    refused: str | None = None


class Phone(_Step):
    """Asks for the person's phone number, with proof; `phone` says what it is for."""

    phone: Texts


class End(_Step):
    """Says the last words."""

    end: Texts


Step = Say | Ask | Consent | Phone | End
_KINDS = ("say", "ask", "consent", "phone", "end")


def _kind(step: Any) -> str | None:
    # The tag must not be a key of the step, or findings would point at the wrong line.
    return next((f"a {kind} step" for kind in _KINDS if kind in step), None)


# What a scenario's file holds: the key that a step has tells its kind.
AnyStep = Annotated[
    Annotated[Say, Tag("a say step")]
    | Annotated[Ask, Tag("a ask step")]
    | Annotated[Consent, Tag("a consent step")]
    | Annotated[Phone, Tag("a phone step")]
    | Annotated[End, Tag("a end step")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message="a step has one of the keys " + ", ".join(_KINDS),
    ),
]
