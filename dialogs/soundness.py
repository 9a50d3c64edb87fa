"""What must hold within the parts of a scenario, each looked at by itself."""

from collections.abc import Iterator, Mapping, Sequence

from dialogs.entries import GO, Entry
from dialogs.flaw import Flaw, Steps
from dialogs.known import unknown
from dialogs.moves import LAST, Call
from dialogs.steps import Ask, Consent, Place
from dialogs.walks import lost_ways, walks
from dialogs.wording import folded

RESERVED = "my"
"""The prefix of the preferences' buttons; no step may have it as its id."""

PREFIXES = (RESERVED, GO.rstrip(":"))
SPACES = ("answers", "consents", "event", "name", "language", "channel")
"""Names of variables with a meaning of their own; no step that brings variables may have one."""

_AGREEMENT = ("согласен на", "согласна на", "даю согласие", "i consent", "i agree to")
_PURPOSES: Mapping[str, tuple[str, ...]] = {
    "personal_data": ("персональн", "personal data"),
    "advertising": ("реклам", "рассыл", "advertis", "marketing", "promotion"),
    "calls": ("звон", "phone call", "call you"),
}
# One may agree to calls that advertise, and has to be told so.
_SPOKEN_OF: Mapping[str, tuple[str, ...]] = {"calls": ("advertising",)}


def flaws(
    languages: Sequence[str], start: str, entries: Mapping[str, Entry], steps: Steps
) -> Iterator[Flaw]:
    """Everything wrong; the walks are only looked at when every step leads somewhere."""
    yield from _languages(languages, entries, steps)
    yield from _steps(steps)
    yield from _consents(steps)
    yield from _entries(entries)
    yield from unknown(entries, steps)
    astray = list(lost_ways(start, entries, steps))
    yield from astray or walks(start, entries, steps)


def unnamed(languages: Sequence[str], topics: Mapping[str, Mapping[str, str]]) -> Iterator[Flaw]:
    """Topics that people could not read in their language."""
    for topic, names in topics.items():
        yield from _incomplete(("topics", topic), languages, names)


def _languages(
    languages: Sequence[str], entries: Mapping[str, Entry], steps: Steps
) -> Iterator[Flaw]:
    said: list[tuple[Place, Mapping[str, object]]] = [
        (("steps", step.id, *place), texts)
        for step in steps.values()
        for place, texts in step.said()
    ]
    said += [(("entries", name, "label"), it.label) for name, it in entries.items() if it.label]
    for path, texts in said:
        yield from _incomplete(path, languages, texts)


def _incomplete(
    path: Place, languages: Sequence[str], texts: Mapping[str, object]
) -> Iterator[Flaw]:
    yield from (Flaw(path, f"no text in {tag}") for tag in languages if tag not in texts)
    for tag in texts.keys() - set(languages):
        yield Flaw((*path, tag), f"{tag} is not among the scenario's languages")


def _steps(steps: Steps) -> Iterator[Flaw]:
    for step in steps.values():
        path = ("steps", step.id)
        if step.id in PREFIXES or (isinstance(step, Call) and step.id in SPACES):
            yield Flaw(path, f"the name {step.id} is taken; choose another")
        if isinstance(step, LAST) and step.next is not None:
            yield Flaw((*path, "next"), "nothing follows it; remove `next`")
        if isinstance(step, Call) and step.returns and step.failed is None:
            yield Flaw(path, "say in `failed` where it goes on when nothing is returned")
        if isinstance(step, Ask):
            yield from _question(path, step)


def _question(path: Place, step: Ask) -> Iterator[Flaw]:
    if not step.choices and not step.answer:
        yield Flaw(path, "nothing can be answered; write `choices`, or `answer: text`")
    if step.many and (step.answer or not step.choices):
        yield Flaw(path, "`many` goes with `choices` and without `answer`")
    if step.many and any(choice.next for choice in step.choices.values()):
        yield Flaw(path, "with `many` no single choice can lead elsewhere; use a `branch` step")
    if len(step.media) > 1 and step.choices:
        yield Flaw((*path, "media"), "no messenger puts buttons below several files; show one")
    for number, reminder in enumerate(step.remind):
        if reminder.next and number + 1 < len(step.remind):
            place = (*path, "remind", number)
            yield Flaw(place, "the reminders below are never reached; put this one last")
    values = [choice.value for choice in step.choices.values()]
    for name, choice in step.choices.items():
        place = (*path, "choices", name)
        if values.count(choice.value) > 1:
            yield Flaw(place, f"two choices are stored as {choice.value!r}; give one a `value`")
        for tag, label in choice.labels.items():
            same = [it for it in step.choices.values() if it.labels.get(tag) == label]
            if len(same) > 1:
                yield Flaw((*place, tag), f"two choices read {label!r}; give each its own label")
    yield from _hidden_consent(path, step)


def _hidden_consent(path: Place, step: Ask) -> Iterator[Flaw]:
    """An agreement that is given by the way is no consent."""
    for place, texts in step.said():
        for tag, text in texts.items():
            said = str(getattr(getattr(text, "text", text), "text", text)).casefold()
            if any(words in said for words in _AGREEMENT):
                what = "this asks for a consent; ask in a `consent` step, and for nothing else"
                yield Flaw((*path, *place, tag), what)


def _consents(steps: Steps) -> Iterator[Flaw]:
    asking: dict[str, str] = {}
    for step in steps.values():
        if not isinstance(step, Consent):
            continue
        path: Place = ("steps", step.id)
        first = asking.setdefault(step.consent, step.id)
        if first != step.id:
            yield Flaw(path, f"{first} asks for this consent already; lead there instead")
        for tag in step.agree.keys() & step.decline.keys():
            if folded(step.agree[tag]) == folded(step.decline[tag]):
                yield Flaw((*path, "decline", tag), "both buttons read alike")
        for tag, text in step.text.items():
            yield from _words((*path, "text", tag), step, text.text)


def _words(path: Place, step: Consent, text: str) -> Iterator[Flaw]:
    if "sms" in step.covers and not any(word in text.upper() for word in ("SMS", "СМС")):
        yield Flaw(path, "the consent covers sms, so its text must name SMS")
    for other in _PURPOSES.keys() - {step.consent, *_SPOKEN_OF.get(step.consent, ())}:
        if any(word in text.casefold() for word in _PURPOSES[other]):
            what = f"this asks for {step.consent} and speaks of {other} in one breath"
            yield Flaw(path, f"{what}; ask for each consent in a step of its own")


def _entries(entries: Mapping[str, Entry]) -> Iterator[Flaw]:
    seen: dict[str, str] = {}
    for name, entry in entries.items():
        opened = [f"the link {link}" for link in entry.links]
        opened += [f"the keyword {word}" for word in map(folded, entry.keywords)]
        opened += [f"the event {entry.event}"] if entry.event else []
        for by in opened:
            first = seen.setdefault(by, name)
            if first != name:
                yield Flaw(("entries", name), f"{by} opens {first} already; remove one")
