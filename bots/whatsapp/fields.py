"""The kinds of values in Meta's webhooks: what can be stored, what is only shown, moments."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

# Courier has met milliseconds where seconds belong; larger numbers are no time at all.
MILLISECONDS_FROM, END_OF_TIME = 10**12, 10**14


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL, which no database keeps")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half of a surrogate pair")
    return text


def cleaned(value: object) -> str:
    """A text that is only shown: what cannot be stored is replaced."""
    text = value if isinstance(value, str) else ""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def unix_seconds(value: int) -> int:
    """Seconds out of seconds or milliseconds; raises ValueError for what is no time."""
    seconds = value // 1000 if value >= MILLISECONDS_FROM else value
    if not 0 <= seconds < END_OF_TIME // 1000:
        raise ValueError("no Unix time")
    return seconds


def _or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return None


Words = Annotated[str, AfterValidator(_storable)]
Shown = Annotated[str, BeforeValidator(cleaned)]
Moment = Annotated[int, AfterValidator(unix_seconds)]

# On a part that an item can do without: an odd one must not cost the item.
OrNone = WrapValidator(_or_none)


class Shape(BaseModel):
    """A part of a webhook that we read; everything else in it may change at will."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Timed(Shape):
    """A part with Meta's time."""

    timestamp: Moment

    @property
    def at(self) -> datetime:
        """When it happened, by Meta's clock."""
        return moment(self.timestamp)


def moment(seconds: int) -> datetime:
    """Unix seconds as a time."""
    return datetime.fromtimestamp(seconds, UTC)
