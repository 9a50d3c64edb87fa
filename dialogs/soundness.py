"""What must hold between the steps of a scenario, or it could not be walked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dialogs.steps import Ask, Consent, End, Phone, Step

RESERVED = "my"
"""The prefix of the preferences' buttons; no step may have it as its id."""

Steps = Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong at a place of the scenario, and what to do about it."""

    path: tuple[str, ...]
    what: str


def flaws(languages: Sequence[str], start: str, steps: Steps) -> Iterator[Flaw]:
    """Everything wrong; the walks are only looked at when every step leads somewhere."""
    yield from _languages(languages, steps)
    yield from _choices(steps)
    yield from _consents(steps)
    astray = list(_targets(start, steps))
    yield from astray or (*_circles(steps), *_too_early(start, steps))


def _languages(languages: Sequence[str], steps: Steps) -> Iterator[Flaw]:
    for step in steps.values():
        for place, texts in step.said():
            path = ("steps", step.id, *place)
            yield from (Flaw(path, f"no text in {tag}") for tag in languages if tag not in texts)
            for tag in texts.keys() - set(languages):
                yield Flaw((*path, tag), f"{tag} is not among the scenario's languages")


def _choices(steps: Steps) -> Iterator[Flaw]:
    for step in steps.values():
        path = ("steps", step.id)
        if step.id == RESERVED:
            yield Flaw(path, f"the name {RESERVED} is taken; choose another")
        if not isinstance(step, Ask):
            continue
        if not step.choices and not step.free:
            yield Flaw(path, "nothing can be answered; write `choices`, or `free: true`")
        if step.many and (step.free or not step.choices):
            yield Flaw(path, "`many` goes with `choices` and without `free`")
        for place, labels in step.said():
            if place[0] == "choices":
                yield from _twins((*path, *place), labels, step)


def _twins(path: tuple[str, ...], labels: Mapping[str, object], step: Ask) -> Iterator[Flaw]:
    for tag, label in labels.items():
        same = [other for other in step.choices.values() if other.labels.get(tag) == label]
        if len(same) > 1:
            yield Flaw((*path, tag), f"two choices read {label!r}; give each its own label")


def _consents(steps: Steps) -> Iterator[Flaw]:
    for step in steps.values():
        if isinstance(step, Consent) and "sms" in step.covers:
            for tag, text in step.text.items():
                if not any(word in text.text.upper() for word in ("SMS", "СМС")):
                    path = ("steps", step.id, "text", tag)
                    yield Flaw(path, "the consent covers sms, so its text must name SMS")


def _targets(start: str, steps: Steps) -> Iterator[Flaw]:
    if start not in steps:
        yield Flaw(("start",), f"there is no step {start!r}")
    for step in steps.values():
        if step.next is None and not isinstance(step, End):
            yield Flaw(("steps", step.id), "nothing follows; add an `end` step or say `next`")
        if step.next is not None and isinstance(step, End):
            yield Flaw(("steps", step.id, "next"), "nothing follows an `end`; remove `next`")
        if step.next is not None and step.next not in steps:
            yield Flaw(("steps", step.id, "next"), f"there is no step {step.next!r}")
        if isinstance(step, Consent) and step.refused not in (None, *steps):
            yield Flaw(("steps", step.id, "refused"), f"there is no step {step.refused!r}")


def _circles(steps: Steps) -> Iterator[Flaw]:
    """Steps that follow each other for ever while nobody is asked anything.

    A consent that is given and a phone that is known are passed without a question.
    """
    for first in steps.values():
        seen, step = set[str](), first
        while step.next is not None and not isinstance(step, Ask) and step.id not in seen:
            seen.add(step.id)
            step = steps[step.next]
        if step.id == first.id and step.id in seen:
            yield Flaw(("steps", step.id), "the steps from here come back without a question")


def _too_early(start: str, steps: Steps) -> Iterator[Flaw]:
    """Questions that somebody who refused the processing of personal data would be asked."""
    if not any(_of_personal_data(step) for step in steps.values()):
        return
    for name in _reached(start, steps, _without_consent):
        if isinstance(steps[name], Ask | Phone):
            yield Flaw(("steps", name), "it can be reached without the consent to personal data")


def _of_personal_data(step: Step) -> bool:
    return isinstance(step, Consent) and step.consent == "personal_data"


def _without_consent(step: Step) -> tuple[str | None, ...]:
    if isinstance(step, Consent):
        refused = step.refused or step.next
        return (refused,) if _of_personal_data(step) else (refused, step.next)
    return (step.next,)


def _reached(
    start: str, steps: Steps, follow: Callable[[Step], tuple[str | None, ...]]
) -> Iterator[str]:
    seen, ahead = set[str](), [start]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += [to for to in follow(steps[name]) if to is not None]
            yield name
