"""What a scenario's messages become on each channel, and what a marketer should know of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.answering import Answering
from dialogs.flaw import Flaw
from dialogs.known import CONSENTS, variables
from dialogs.languages import Languages
from dialogs.moves import AnyStep, Wait
from dialogs.parts import said_in
from dialogs.questions import question, spoken
from dialogs.scenario import Scenario
from dialogs.session import Context, Session
from dialogs.steps import Ask, Consent, End, Handover, Phone, Place, Say, Speaking
from vestnik.channel import Limits
from vestnik.fit import Unfit, fit, split
from vestnik.outbound import Button, Text
from vestnik.window import MARGIN

_SAMPLES = {"name": "Александра", "event.payload": "spring-26"}
_KEYS = {Ask: "ask", Consent: "text", Phone: "phone"}
_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Screen:
    """A message of a scenario as it was written: its place, its language, and what it is for."""

    place: Place
    language: str
    text: Text


def screens(
    scenario: Scenario, step: AnyStep, limits: Limits, languages: Languages
) -> Iterator[Screen]:
    """The messages of a step in each of the scenario's languages."""
    for language in scenario.languages:
        context = Context(
            languages=languages,
            language=language,
            limits=limits,
            region="RU",
            verify=lambda _typed, _sealed: False,
            zone=ZoneInfo("UTC"),
        )
        for place, text in _said(scenario, step, context):
            yield Screen((*place, language), language, text)


def misfits(
    scenario: Scenario, channels: Mapping[str, Limits], languages: Languages
) -> Iterator[Flaw]:
    """What would be cut, or said in another way than it was written, by channel."""
    for step in scenario.steps.values():
        for channel, limits in channels.items():
            for screen in screens(scenario, step, limits, languages):
                for place, what in changes(screen, limits):
                    yield Flaw(("steps", step.id, *place), what, channel)
            for place, what in _too_late(scenario, step, limits):
                yield Flaw(("steps", step.id, *place), what, channel)


def _said(scenario: Scenario, step: AnyStep, context: Context) -> Iterator[tuple[Place, Text]]:
    values, language = lambda: _samples(scenario, context.language), context.language
    match step:
        case Say():
            yield ("say",), spoken(step, said_in(language, step.say), language, values)
        case End():
            yield ("end",), spoken(step, said_in(language, step.end), language, values)
        case Handover():
            yield ("handover",), spoken(step, said_in(language, step.handover), language, values)
        case Ask() | Consent() | Phone():
            session = Session(
                scenario=scenario.name,
                version=scenario.version,
                started_at=_DAY,
                heard_at=_DAY,
                expires_at=_DAY,
            )
            yield (_KEYS[type(step)],), question(step, session, context, values)
            for number, reminder in enumerate(step.remind if isinstance(step, Ask) else ()):
                if reminder.say:
                    said = said_in(language, reminder.say).said(values)
                    yield ("remind", number, "say"), Text(said)
        case _:
            pass


def _samples(scenario: Scenario, language: str) -> dict[str, Any]:
    """Something for each variable, as long as it may well be."""
    found: dict[str, Any] = {}
    for path in variables(scenario.entries, scenario.steps):
        space, _, name = path.partition(".")
        value = "yes" if path in CONSENTS else _SAMPLES.get(path, f"{{{path}}}")
        asked = scenario.question(name) if space == "answers" else None
        if asked is not None:
            value = _longest(asked, language)
        if name:
            found.setdefault(space, {})[name] = value
        else:
            found[space] = value
    return found


def _longest(asked: Ask, language: str) -> str:
    labels = [said_in(language, choice.labels) for choice in asked.choices.values()]
    listed = asked.answer.of if isinstance(asked.answer, Answering) else ()
    if asked.many:
        return ", ".join(labels)
    return max((*labels, *listed), key=len, default=f"{{answers.{asked.id}}}")


def changes(screen: Screen, limits: Limits) -> Iterator[tuple[Place, str]]:
    """What a channel makes of a message beyond its own way of showing it, with the place."""
    text = screen.text
    parts = split(text, limits)
    for part in parts:
        fitted = fit(part, limits)
        if isinstance(fitted, Unfit):
            yield screen.place, f"cannot be said here: {fitted.why}"
            return
    if text.media and not any(part.media for part in parts):
        yield screen.place, "the files are left out here; say it in words too"
    words = [part for part in parts if part.body.text.strip()]
    if len(words) > 1:
        length = limits.measure(text.body.text)
        what = f"the text is {length} long and becomes {len(words)} messages"
        yield screen.place, f"{what}; one takes {limits.text}: shorten it"
    yield from _pressed(screen, limits, parts[-1])


def _pressed(screen: Screen, limits: Limits, last: Text) -> Iterator[tuple[Place, str]]:
    wanted = [button for button in screen.text.buttons if isinstance(button, Button)]
    shown = {button.payload: button.label for button in last.buttons if isinstance(button, Button)}
    if wanted and not shown:
        what = f"{len(wanted)} buttons become numbered lines, since it takes {limits.buttons}"
        yield screen.place, f"{what}: leave some out, or ask in two steps"
        return
    for button in wanted:
        label = shown.get(button.payload, "")
        if label != button.label:
            what = f"the label {button.label!r} reads {label!r} here"
            yield (
                _of_choice(screen, button),
                f"{what}; make it {limits.label} characters or less, and unlike the others",
            )


def _of_choice(screen: Screen, button: Button) -> Place:
    """Where the label of a button was written."""
    choice = button.payload.partition(":")[2].lstrip("+-")
    if choice in ("agree", "decline"):
        return (choice, screen.language)
    return screen.place if choice.startswith("_") else ("choices", choice, screen.language)


def _too_late(scenario: Scenario, step: AnyStep, limits: Limits) -> Iterator[tuple[Place, str]]:
    """What would come when no plain message may be sent any more."""
    if limits.window_hours is None:
        return
    window = timedelta(hours=limits.window_hours) - MARGIN
    closed = f"only {limits.window_hours} hours after the person wrote may plain messages be sent"
    if isinstance(step, Wait) and step.wait.time is not None and step.wait.time >= window:
        after_it = scenario.steps.get(step.next or "")
        if not (isinstance(after_it, Speaking) and after_it.template):
            what = f"what follows comes too late: {closed}; wait less, or give it a `template`"
            yield ("wait",), what
    if isinstance(step, Ask):
        after = timedelta()
        for number, reminder in enumerate(step.remind):
            after += reminder.after
            if after >= window:
                yield ("remind", number), f"it comes too late: {closed}; remind earlier"
                return
