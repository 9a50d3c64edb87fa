"""What a dialog remembers between two messages, what it is told, and what comes of a message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.facts import Fact
from dialogs.languages import Languages
from dialogs.scenario import Scenario
from vestnik.channel import Limits
from vestnik.consent import Purpose
from vestnik.inbound import Personal
from vestnik.outbound import Template, Text
from vestnik.window import SESSION

DOUBLE_PRESS = timedelta(seconds=3)
"""The same button again within this time is one press of a quick finger."""

ALBUM = timedelta(seconds=5)
"""Files that follow each other within this time are sent together; one answer is for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where a person stands in a scenario; stored as a record, encoded.

    `step` waits for an answer; it is empty when the dialog is over. `aside` is a consent asked
    for beside the dialog, which comes back to `step`. `shown_in` is the language in which the
    question was put. `picked` holds the ticked choices of questions with many answers.

    `phone` is a number typed and not yet proven, `code` the seal of the code sent to it: the
    caller puts it in after CodeWanted. `code_until` is when that code expires, `tries` counts
    wrong codes, `codes` the codes sent. `pressed` is the last button pressed, `files` whether the
    last message was a file.

    `wakes_at` is when the person is reminded of the question, `reminded` how often they were.
    `call` is the id of the call whose answer is awaited. `values` are what an event or another
    program told, by where they come from and by name. `ground` is why the person was spoken to
    last, for what is said without another message of theirs.
    """

    scenario: str
    version: str
    started_at: datetime
    heard_at: datetime
    expires_at: datetime
    step: str = ""
    aside: str | None = None
    shown_in: str = ""
    picked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phone: str | None = None
    code: str | None = None
    code_until: datetime | None = None
    tries: int = 0
    codes: int = 0
    pressed: str = ""
    files: bool = False
    wakes_at: datetime | None = None
    reminded: int = 0
    call: str | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ground: Mapping[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """The step whose question the person sees; empty when there is none."""
        return self.aside or self.step

    @property
    def finished(self) -> bool:
        """Whether the dialog came to its end."""
        return not self.step

    def expired(self, now: datetime) -> bool:
        """Whether the person was silent for too long."""
        return now >= self.expires_at

    def repeats(self, payload: str, now: datetime) -> bool:
        """Whether a press is only the second half of a double one."""
        return payload == self.pressed and now < self.heard_at + DOUBLE_PRESS

    def gets_more_files(self, now: datetime) -> bool:
        """Whether a file only goes on with an album, whose first one was answered."""
        return self.files and now < self.heard_at + ALBUM

    def heard(self, now: datetime) -> "Session":
        """The session after the person wrote."""
        return replace(self, heard_at=now, expires_at=now + SESSION)

    def stopped(self, step: str, now: datetime, after: timedelta | None) -> "Session":
        """The session at a step that waits; `after` is when the person is reminded, if ever."""
        reminded = self.reminded if step == self.step else 0
        wakes_at = None if after is None else now + after
        expires_at = max(self.expires_at, (wakes_at or now) + SESSION)
        return replace(self, step=step, reminded=reminded, wakes_at=wakes_at, expires_at=expires_at)

    def over(self) -> "Session":
        """The session after the dialog came to its end."""
        return replace(self, step="", wakes_at=None, reminded=0, call=None)

    def without_phone(self) -> "Session":
        """The session without a number that waits for its proof."""
        return replace(self, phone=None, code=None, code_until=None, tries=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of the person and the channel.

    `granted` tells the purposes that are consented to now, each with the version of its words.
    `phone` is the proven number. `region` is the country of numbers typed without one ("RU").
    `verify(typed, sealed)` compares codes in constant time. Without `sends_codes` no SMS can
    carry a code. `answers` are those given before, by question, and only known where the scenario
    recalls them. `zone` is where the day begins, for people whose own zone is not known.
    """

    languages: Languages
    language: str
    limits: Limits
    region: str
    verify: Callable[[str, str], bool]
    zone: ZoneInfo
    name: str = ""
    channel: str = ""
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    granted: Mapping[Purpose, str] = field(default_factory=dict)
    phone: str | None = None
    sends_codes: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """One message and everything around it; no message where the dialog goes on by itself."""

    scenario: Scenario
    event: Personal | None
    now: datetime
    context: Context

    @property
    def may_record(self) -> bool:
        """Whether answers may be kept: where a consent to that is asked for, it must be given."""
        asked = self.scenario.consent("personal_data")
        return asked is None or "personal_data" in self.context.granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a step made of a message: it leads `to` another step, or its question comes again.

    `hint` is said before that. With `redraws` only the ticks of the question changed.
    """

    session: Session
    facts: tuple[Fact, ...] = ()
    to: str | None = None
    hint: str = ""
    redraws: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of a message: the session to store, what is said, and what became known.

    `outside` says what matters of it where no plain message may be sent any more. With `redraws`
    the last of `says` is the pressed question with other ticks: a channel that
    edits messages may put it in the place of the pressed one.
    """

    session: Session | None
    says: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    redraws: bool = False
    outside: Template | None = None
