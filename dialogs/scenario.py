"""A scenario: a dialog that a marketer wrote as YAML, and how a file becomes one."""

import hashlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from dialogs.marked import Finding, Marked, Unreadable, read
from dialogs.soundness import flaws
from dialogs.steps import AnyStep, Ask, Consent, Id, Label, Part
from dialogs.wording import folded

SHIPPED = Path(__file__).parent / "scenarios"
"""The folder of the scenarios that come with Vestnik."""


class Scenario(Part):
    """A dialog. `version` is made of its content; `keywords` open it when typed."""

    name: Id
    version: str
    languages: tuple[str, ...] = Field(min_length=1)
    keywords: tuple[Label, ...] = ()
    start: str
    steps: dict[Id, AnyStep] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        """Names each step by its key, and leads it to the next one where the file says nothing."""
        steps = given.get("steps")
        if not isinstance(steps, dict) or not all(
            isinstance(step, dict) for step in steps.values()
        ):
            return given
        ids = list(steps)
        after = dict(pairwise(ids))
        named = {
            key: {"next": None if "end" in step else after.get(key), **step, "id": key}
            for key, step in steps.items()
        }
        return {"start": next(iter(ids), ""), **given, "steps": named}

    def opened_by(self, text: str) -> bool:
        """Whether the whole message is one of the keywords."""
        return folded(text) in map(folded, self.keywords)

    def consent(self, purpose: str) -> Consent | None:
        """The step that asks for a consent of this purpose."""
        steps = (step for step in self.steps.values() if isinstance(step, Consent))
        return next((step for step in steps if step.consent == purpose), None)

    def question(self, name: str) -> Ask | None:
        """The step whose answers are stored under the name."""
        step = self.steps.get(name)
        return step if isinstance(step, Ask) else None


class Flawed(Exception):
    """The scenario cannot be used; each of `findings` says where and what to do."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def load(path: Path) -> Scenario:
    """The scenario of a file; raises Flawed, also for a missing file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Flawed(Finding(str(path), 1, f"cannot be read: {error.strerror}")) from None
    except UnicodeDecodeError:
        raise Flawed(Finding(str(path), 1, "is not UTF-8; save it as UTF-8")) from None
    return parse(text, str(path))


def parse(text: str, file: str = "scenario") -> Scenario:
    """The scenario of YAML text, which `file` names in findings; raises Flawed with all of them."""
    try:
        marked = read(text, file)
    except Unreadable as error:
        raise Flawed(error.finding) from None
    if not isinstance(marked.value, dict):
        raise Flawed(Finding(file, 1, "write the scenario's keys here: name, languages, steps"))
    version = hashlib.sha256(text.encode()).hexdigest()[:16]
    try:
        scenario = Scenario.model_validate({**marked.value, "version": version})
    except ValidationError as error:
        raise Flawed(*_findings(error, marked, file)) from None
    found = [
        Finding(file, marked.place(flaw.path)[1], f"{'.'.join(flaw.path)}: {flaw.what}")
        for flaw in flaws(scenario.languages, scenario.start, scenario.steps)
    ]
    if found:
        raise Flawed(*found)
    return scenario


def _findings(error: ValidationError, marked: Marked, file: str) -> Iterator[Finding]:
    for item in error.errors(include_url=False):
        path, line = marked.place(item["loc"])
        key = item["loc"][-1] if item["loc"] else ""
        match item["type"]:
            case "missing":
                what = f"`{key}` is missing"
            case "extra_forbidden":
                what = f"there is no such key; remove `{key}` or correct its spelling"
            case "string_pattern_mismatch":
                what = "a name is up to 30 of a-z, 0-9, _ and -, and begins with a letter or digit"
            case _:
                what = item["msg"].removeprefix("Value error, ")
        yield Finding(file, line, f"{'.'.join(map(str, path)) or 'the scenario'}: {what}")
