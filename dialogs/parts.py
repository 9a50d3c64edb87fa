"""The smallest parts of a scenario: names, labels, texts in several languages, lengths of time."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    InstanceOf,
    StringConstraints,
    WithJsonSchema,
)

from dialogs import markup
from dialogs.languages import closest
from dialogs.variables import Words, words
from vestnik.richtext import RichText

T = TypeVar("T")

_TEXT = {"type": "string", "minLength": 1}
_DURATION = r"^\s*(?:\d{1,4}\s*[smhd]\s*)+$"
LONGEST = timedelta(days=366)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _written(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write a text here; one with a comma stands in quotes")
    return value.strip()


def _rich(value: object) -> RichText:
    written = _written(value)
    if "{{" in written or "{%" in written:
        raise ValueError("these words are kept as they were shown: no variables here")
    return markup.parse(written)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str) or not re.match(_DURATION, value):
        raise ValueError("write a time such as 30s, 90m, 2h or 3d")
    parts = re.findall(r"(\d+)\s*([smhd])", value)
    length = timedelta(seconds=sum(int(count) * _SECONDS[unit] for count, unit in parts))
    if not timedelta() < length <= LONGEST:
        raise ValueError("a time is longer than nothing, and a year at the most")
    return length


# With the colon in "step:+choice" a payload stays below Telegram's 64 bytes.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Variable = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}(\.[a-z0-9][a-z0-9_-]{0,29})?$")
]
"""A variable by its path: `name`, `answers.city`, `event.order`."""
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s{}]+$", max_length=2000)]
FileSource = Annotated[
    str, StringConstraints(pattern=r"^(https?://[^\s{}]+|[^:{}\\]+)$", max_length=2000)
]
"""A web address, or the name of a file beside the scenario: `pictures/menu.jpg`."""
Texts = dict[
    str,
    Annotated[
        InstanceOf[Words],
        BeforeValidator(lambda value: words(_written(value))),
        WithJsonSchema(_TEXT),
    ],
]
"""A Markdown text in each language; it may hold `{{ variables }}`."""
ExactTexts = dict[
    str, Annotated[InstanceOf[RichText], BeforeValidator(_rich), WithJsonSchema(_TEXT)]
]
"""The same without variables: what is agreed to is kept word by word."""
Labels = dict[str, Label]
"""A plain label in each language."""
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION}),
]
"""A length of time: `30s`, `90m`, `2h`, `1d 12h`."""


def said_in(language: str, texts: Mapping[str, T]) -> T:
    """The text in the language nearest to the wanted one, else the first that was written."""
    return texts[closest(language, texts, next(iter(texts)))]


def spelt(length: timedelta) -> str:
    """A length of time as it is written in a scenario: "1d 12h"."""
    seconds, parts = round(length.total_seconds()), list[str]()
    for unit, size in reversed(_SECONDS.items()):
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts)


class Part(BaseModel):
    """A piece of a scenario: frozen, and no key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
