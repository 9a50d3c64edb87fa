"""What became known in a dialog: typed facts, which the caller stores with the session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vestnik.address import ChannelName
from vestnik.consent import Purpose
from vestnik.richtext import RichText

NO_WORDS = RichText("")


@dataclass(frozen=True, slots=True)
class Answer:
    """The person's answer to a question, in place of an earlier one; no values: none of them."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The person agreed; `text` are the exact words of the question as they were shown."""

    purpose: Purpose
    channels: tuple[ChannelName, ...]
    text_version: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """The person was asked for a consent and did not give it."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class PhoneConfirmed:
    """The number (E.164) is the person's own: `how` says who or what proves it."""

    phone: str
    how: Literal["provider", "contact", "code"]


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """A code must go to the number by SMS, and its seal into the session's `code`."""

    phone: str


@dataclass(frozen=True, slots=True)
class HandoverWanted:
    """The person asks for a human; `note` tells the operators what it is about."""

    note: RichText = NO_WORDS


@dataclass(frozen=True, slots=True)
class CallWanted:
    """Another program is to be asked, and the call's id to be put into the session's `call`.

    `sends` are the variables for it, by path.
    """

    step: str
    url: str
    sends: Mapping[str, str]
    within: timedelta


@dataclass(frozen=True, slots=True)
class ContinuationWanted:
    """The dialog is to go on at a step at some time, knowing these values (Session.values)."""

    step: str
    at: datetime
    values: Mapping[str, Mapping[str, str]]


Fact = (
    Answer
    | ConsentGiven
    | ConsentRefused
    | PhoneConfirmed
    | CodeWanted
    | HandoverWanted
    | CallWanted
    | ContinuationWanted
)
