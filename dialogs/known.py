"""Which variables a scenario has, and where it speaks of others."""

from collections.abc import Iterator, Mapping

from dialogs.answering import compare
from dialogs.entries import Entry
from dialogs.flaw import Flaw, Steps
from dialogs.moves import Branch, Call, Case, Wait
from dialogs.steps import Ask, Place
from dialogs.variables import Words

ALWAYS = ("name", "language", "channel", "event.payload")
CONSENTS = ("consents.personal_data", "consents.advertising", "consents.calls")


def variables(entries: Mapping[str, Entry], steps: Steps) -> frozenset[str]:
    """The paths of all variables."""
    answers = {f"answers.{step.id}" for step in steps.values() if isinstance(step, Ask)}
    told = {f"event.{value}" for entry in entries.values() for value in entry.values}
    returned = {
        f"{step.id}.{name}"
        for step in steps.values()
        if isinstance(step, Call)
        for name in step.returns
    }
    return frozenset((*ALWAYS, *CONSENTS, *answers, *told, *returned))


def unknown(entries: Mapping[str, Entry], steps: Steps) -> Iterator[Flaw]:
    """Variables, and values of conditions, that there never are."""
    known = variables(entries, steps)
    for path, name in _spoken_of(steps):
        if name not in known:
            near = ", ".join(sorted(it for it in known if it.split(".")[0] == name.split(".")[0]))
            what = f"there is no variable {name}"
            yield Flaw(path, f"{what}; there are {near or ', '.join(sorted(known))}")
    for step in steps.values():
        if isinstance(step, Branch):
            for number, case in enumerate(step.branch):
                yield from _values(("steps", step.id, "branch", number), case, steps)


def _spoken_of(steps: Steps) -> Iterator[tuple[Place, str]]:
    for step in steps.values():
        path: Place = ("steps", step.id)
        for place, texts in step.said():
            for tag, text in texts.items():
                if isinstance(text, Words):
                    for name in text.variables():
                        yield (*path, *place, tag), ".".join(name)
        match step:
            case Branch():
                for number, case in enumerate(step.branch):
                    yield (*path, "branch", number, "when"), case.when
            case Call():
                for number, name_sent in enumerate(step.send):
                    yield (*path, "send", number), name_sent
            case Wait() if step.wait.until:
                yield (*path, "wait", "until"), step.wait.until
            case _:
                pass


def _values(path: Place, case: Case, steps: Steps) -> Iterator[Flaw]:
    if case.at_least and case.at_most and compare(case.at_least, case.at_most) > 0:
        yield Flaw(path, f"nothing is at least {case.at_least} and at most {case.at_most}")
    asked = steps.get(case.when.removeprefix("answers."))
    if not case.when.startswith("answers.") or not isinstance(asked, Ask) or asked.answer:
        return
    there = [choice.value for choice in asked.choices.values()]
    for number, value in enumerate(case.among):
        if value not in there:
            what = f"{asked.id} has no answer {value!r}"
            yield Flaw((*path, "is", number), f"{what}; there are {', '.join(there)}")
