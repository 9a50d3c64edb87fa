"""Answers in a person's own words: what counts as a number, a date, an e-mail, and how it is kept.

An answer is kept as text in one form: 1000.5, 2026-12-31, anna@example.com, +79161234567, or the
name as it stands in the list.
"""

import difflib
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from dialogs import phones
from dialogs.languages import Languages
from dialogs.parts import Label, Part
from dialogs.wording import folded

LONGEST_ANSWER = 255
"""Characters of an answer; the column that keeps it holds no more."""
TODAY = "today"

Kind = Literal["text", "number", "date", "email", "phone", "listed"]

_EMAIL = re.compile(r"[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_DAY_FIRST = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class Answering(Part):
    """What may be typed. `at_least` and `at_most` bound numbers and dates (`today` is one).

    `of` are the names of a list, of which one is meant.
    """

    kind: Kind
    at_least: str | None = None
    at_most: str | None = None
    of: tuple[Label, ...] = Field(default=(), max_length=5_000)

    @model_validator(mode="before")
    @classmethod
    def _in_short(cls, given: Any) -> Any:
        return {"kind": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _bounded(self) -> "Answering":
        bounds = [it for it in (self.at_least, self.at_most) if it is not None]
        if bounds and self.kind not in ("number", "date"):
            raise ValueError("`at_least` and `at_most` go with a number or a date")
        for bound in bounds:
            number = self.kind == "number"
            if bound != TODAY and (_number(bound) if number else _date(bound)) is None:
                raise ValueError(f"{bound!r} is no {self.kind}")
            if bound == TODAY and number:
                raise ValueError("today is a date, not a number")
        if (self.kind == "listed") != bool(self.of):
            raise ValueError("`of` goes with `kind: listed`, and lists the names")
        return self


@dataclass(frozen=True, slots=True)
class Judge:
    """Where and when an answer is given: how it is refused, and what `today` is."""

    languages: Languages
    language: str
    region: str
    now: datetime
    zone: ZoneInfo

    def hint(self, asked: Answering) -> str:
        """What kind of answer is awaited."""
        text, language = self.languages.text, self.language
        match asked.kind:
            case "text":
                return text(language, "Please answer in a few words.")
            case "number" if asked.at_least and asked.at_most:
                return text(
                    language,
                    "Please answer with a number from {least} to {most}.",
                    least=asked.at_least,
                    most=asked.at_most,
                )
            case "number":
                return text(language, "Please answer with a number.")
            case "date":
                return text(language, "Please write a date like 31.12.2026.")
            case "email":
                return text(language, "Please write an e-mail address like name@example.com.")
            case "phone":
                return text(language, "This does not look like a phone number.")
            case "listed":
                return text(language, "Please write a name that is in our list.")

    def read(self, asked: Answering, typed: str) -> "Read":
        """The answer as it is kept, or why it is none."""
        said = typed.strip()
        if len(said) > LONGEST_ANSWER:
            text = self.languages.text
            return Read(refused=text(self.language, "That is too long. In brief, please."))
        value = self._value(asked, said) if said else None
        if value is None:
            return Read(refused=self._nearest(asked, said) or self.hint(asked))
        refused = self._out_of_bounds(asked, value)
        return Read(refused=refused) if refused else Read(value=value)

    def _value(self, asked: Answering, said: str) -> str | None:
        match asked.kind:
            case "text":
                return said
            case "number":
                number = _number(said)
                return None if number is None else format(number, "f")
            case "date":
                day = _date(said)
                return None if day is None else day.isoformat()
            case "email":
                return said.lower() if _EMAIL.fullmatch(said) else None
            case "phone":
                return _phone(said, self.region)
            case "listed":
                meant = (name for name in asked.of if folded(name) == folded(said))
                return next(meant, None)

    def _nearest(self, asked: Answering, said: str) -> str | None:
        by_fold = {folded(name): name for name in asked.of}
        near = difflib.get_close_matches(folded(said)[:80], by_fold, 3, 0.7)
        if not near:
            return None
        names = ", ".join(by_fold[it] for it in near)
        return self.languages.text(self.language, "Did you mean: {names}?", names=names)

    def _out_of_bounds(self, asked: Answering, value: str) -> str | None:
        text, language = self.languages.text, self.language
        least, most = self._bound(asked.at_least), self._bound(asked.at_most)
        day = asked.kind == "date"
        if least is not None and compare(value, least) < 0:
            if day:
                return text(language, "Not before {day}, please.", day=self._shown(least))
            return text(language, "It must be at least {least}.", least=self._shown(least))
        if most is not None and compare(value, most) > 0:
            if day:
                return text(language, "Not after {day}, please.", day=self._shown(most))
            return text(language, "It must be at most {most}.", most=self._shown(most))
        return None

    def _bound(self, bound: str | None) -> str | None:
        if bound == TODAY:
            return self.now.astimezone(self.zone).date().isoformat()
        return bound

    def _shown(self, value: str) -> str:
        return shown(value, self.languages, self.language)


@dataclass(frozen=True, slots=True)
class Read:
    """An answer in the form in which it is kept, or the words of its refusal."""

    value: str | None = None
    refused: str = ""


def shown(value: str, languages: Languages, language: str) -> str:
    """A kept answer as people write it: a date is spelt out, all else stays."""
    day = _date(value) if _YEAR_FIRST.fullmatch(value) else None
    return languages.day(language, day) if day else value


def compare(one: str, other: str) -> int:
    """Less than, equal to or more than nothing, as `one` is to `other`; numbers and dates count."""
    numbers = _number(one), _number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    days = _date(one), _date(other)
    if days[0] is not None and days[1] is not None:
        return (days[0] > days[1]) - (days[0] < days[1])
    return (one > other) - (one < other)


def _number(said: str) -> Decimal | None:
    plain = re.sub(r"[\s_\u00a0]", "", said).replace(",", ".")
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _date(said: str) -> date | None:
    plain = said.strip()
    first, later = _DAY_FIRST.fullmatch(plain), _YEAR_FIRST.fullmatch(plain)
    try:
        if first:
            return date(int(first[3]), int(first[2]), int(first[1]))
        return date(int(later[1]), int(later[2]), int(later[3])) if later else None
    except ValueError:
        return None


def _phone(said: str, region: str) -> str | None:
    try:
        return phones.normalise(said, region)
    except phones.Unusable:
        return None
