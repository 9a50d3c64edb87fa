"""What must hold for the ways between the steps of a scenario, or it could not be walked."""

from collections.abc import Callable, Iterator, Mapping

from dialogs.entries import Entry
from dialogs.flaw import Flaw, Steps
from dialogs.moves import LAST, AnyStep, Branch, Call, Wait
from dialogs.steps import Ask, Consent, Phone, Place

Follow = Callable[[AnyStep], Iterator[str]]


def lost_ways(start: str, entries: Mapping[str, Entry], steps: Steps) -> Iterator[Flaw]:
    """Ways that lead nowhere."""
    if start not in steps:
        yield Flaw(("start",), f"there is no step {start!r}")
    for name, entry in entries.items():
        if entry.next not in steps:
            yield Flaw(("entries", name, "next"), f"there is no step {entry.next!r}")
    for step in steps.values():
        for place, to in step.ways():
            path: Place = ("steps", step.id, *place)
            if to is None:
                yield Flaw(path[:2], "nothing follows; add an `end` step or say `next`")
            elif to not in steps:
                yield Flaw(path, f"there is no step {to!r}")


def walks(start: str, entries: Mapping[str, Entry], steps: Steps) -> Iterator[Flaw]:
    """What is wrong with the walks through a scenario all of whose ways lead somewhere."""
    doors = [start, *(entry.next for entry in entries.values())]
    reached = set(_reached(doors, steps, onward))
    for step in steps.values():
        if step.id not in reached:
            yield Flaw(("steps", step.id), "no way leads here; remove it, or lead to it")
    circles = list(_circles(steps))
    yield from circles
    if not circles:
        yield from _without_exit(steps)
    yield from _too_early(doors, steps)


def onward(step: AnyStep) -> Iterator[str]:
    """The steps that may follow."""
    yield from (to for _, to in step.ways() if to is not None)


def _circles(steps: Steps) -> Iterator[Flaw]:
    """Steps that follow each other for ever while nobody is asked anything and no time passes.

    A consent that is given and a phone that is known are passed without a question.
    """

    def at_once(step: AnyStep) -> Iterator[str]:
        if isinstance(step, Consent) and step.next is not None:
            yield step.next
        elif not isinstance(step, Ask | Wait | Call):
            yield from onward(step)

    for first in steps.values():
        if first.id in _reached(list(at_once(first)), steps, at_once):
            yield Flaw(("steps", first.id), "the steps from here come back without a question")


def _without_exit(steps: Steps) -> Iterator[Flaw]:
    """Loops that nothing a person does can end."""
    leading: dict[str, list[str]] = {name: [] for name in steps}
    for step in steps.values():
        for to in onward(step):
            leading[to].append(step.id)
    ends = [step.id for step in steps.values() if isinstance(step, LAST)]
    out = set(_reached(ends, steps, lambda step: iter(leading[step.id])))
    for name in steps.keys() - out:
        yield Flaw(("steps", name), "no way leads from here to an end; add one")


def _too_early(doors: list[str], steps: Steps) -> Iterator[Flaw]:
    """Questions that somebody who refused the processing of personal data would be asked."""
    if not any(_of_personal_data(step) for step in steps.values()):
        return
    for name in _reached(doors, steps, _without_consent):
        if isinstance(steps[name], Ask | Phone):
            yield Flaw(("steps", name), "it can be reached without the consent to personal data")


def _of_personal_data(step: AnyStep) -> bool:
    return isinstance(step, Consent) and step.consent == "personal_data"


def _without_consent(step: AnyStep) -> Iterator[str]:
    if isinstance(step, Consent) and _of_personal_data(step):
        refused = step.refused or step.next
        if refused is not None:
            yield refused
    elif isinstance(step, Branch):
        yield from (to for to in onward(step) if to != _granted(step))
    else:
        yield from onward(step)


def _granted(step: Branch) -> str | None:
    """Where a branch leads only those who gave the consent to personal data."""
    cases = (case for case in step.branch if case.when == "consents.personal_data")
    return next((case.next for case in cases), None)


def _reached(doors: list[str], steps: Steps, follow: Follow) -> Iterator[str]:
    seen, ahead = set[str](), list(doors)
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += follow(steps[name])
            yield name
