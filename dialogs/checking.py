"""Everything that is to be said about a scenario's file before people meet it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from dialogs import pictures
from dialogs.fitting import misfits
from dialogs.flaw import Flaw
from dialogs.languages import Languages
from dialogs.marked import Finding
from dialogs.moves import Call
from dialogs.scenario import Flawed, Scenario, loaded
from dialogs.steps import Speaking
from vestnik.channel import Limits

Allowed = Callable[[str], bool]
"""Whether a `call` step may ask this address."""


def check(
    path: Path, channels: Mapping[str, Limits], languages: Languages, allowed: Allowed
) -> list[Finding]:
    """What is wrong with a file, in the order of its lines; never raises for what it holds."""
    try:
        scenario, marked = loaded(path)
    except Flawed as flawed:
        return sorted(flawed.findings, key=lambda finding: finding.line)
    flaws = (
        *misfits(scenario, channels, languages),
        *_beside(scenario, channels),
        *_forbidden(scenario, allowed),
    )
    found = {
        Finding(str(path), marked.place(it.path)[1], f"{it.place}: {it.what}", it.channel)
        for it in flaws
    }
    return sorted(found, key=lambda finding: (finding.line, finding.channel or "", finding.what))


def _beside(scenario: Scenario, channels: Mapping[str, Limits]) -> Iterator[Flaw]:
    for step in scenario.steps.values():
        for number, shown in enumerate(step.media if isinstance(step, Speaking) else ()):
            place = ("steps", step.id, "media", number, shown.kind)
            file = scenario.contents.get(shown.source)
            if file is not None:
                yield from pictures.misfits(place, shown.kind, file, channels)


def _forbidden(scenario: Scenario, allowed: Allowed) -> Iterator[Flaw]:
    for step in scenario.steps.values():
        if isinstance(step, Call) and not allowed(step.call):
            what = "CALLS does not allow this address; add it there, or correct it here"
            yield Flaw(("steps", step.id, "call"), what)
