"""A scenario: a dialog that a marketer wrote as YAML, and how a file becomes one."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, InstanceOf, ValidationError, WithJsonSchema, model_validator

from dialogs.entries import GO, Entry
from dialogs.marked import Finding, Marked, Unreadable, read
from dialogs.moves import Branch, WrittenStep
from dialogs.parts import Id, Label, Labels, Part, said_in
from dialogs.pictures import Missing, named, read_beside
from dialogs.soundness import flaws, unnamed
from dialogs.steps import Ask, Consent
from dialogs.variables import Words
from dialogs.wording import folded
from storage.files import key_of
from storage.scenarios import NO_FILES
from vestnik.outbound import File

SHIPPED = Path(__file__).parent / "scenarios"
"""The folder of the scenarios that come with Vestnik."""

MOST_TOPICS = 8
"""A screen has a button for each, and one to go back."""


class Scenario(Part):
    """A dialog. `version` is made of its content, `source`; `keywords` open it when typed.

    `topics` are what broadcasts are about, each with its name by language: people choose among
    them in their settings. `files` are the keys of the files beside it, by name; `contents` are
    the files themselves, where it was read from its own file.
    """

    name: Id
    version: str
    source: str = Field(repr=False)
    files: dict[str, str] = Field(default_factory=dict)
    contents: dict[str, Annotated[InstanceOf[File], WithJsonSchema({})]] = Field(
        default_factory=dict, repr=False
    )
    languages: tuple[str, ...] = Field(min_length=1)
    keywords: tuple[Label, ...] = ()
    topics: dict[Id, Labels] = Field(default_factory=dict, max_length=MOST_TOPICS)
    start: str
    entries: dict[Id, Entry] = Field(default_factory=dict)
    steps: dict[Id, WrittenStep] = Field(min_length=1)

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
            key: {
                "next": None if {"end", "handover"} & step.keys() else after.get(key),
                **step,
                "id": key,
            }
            for key, step in steps.items()
        }
        return {"start": next(iter(ids), ""), **given, "steps": named}

    def topic_named(self, topic: str, language: str) -> str:
        """What a topic is called; one that is no more keeps its id."""
        return said_in(language, self.topics[topic]) if topic in self.topics else topic

    def opened_by(self, text: str) -> str | None:
        """The step that the whole message opens as a keyword, if it is one."""
        if folded(text) in map(folded, self.keywords):
            return self.start
        return next((it.next for it in self.entries.values() if it.said(text)), None)

    def linked(self, payload: str | None) -> str:
        """The step at which a start begins, with or without the payload of a deep link."""
        entries = self.entries.values() if payload else ()
        return next((it.next for it in entries if it.linked(payload or "")), self.start)

    def pressed(self, payload: str) -> str | None:
        """The step that a broadcast's button leads to; None for another button."""
        if not payload.startswith(GO):
            return None
        entry = self.entries.get(payload.removeprefix(GO))
        return entry.next if entry and entry.button else self.start

    def buttons(self) -> Mapping[str, Entry]:
        """The entries to which a broadcast's button may lead, by name."""
        return {name: entry for name, entry in self.entries.items() if entry.button}

    def happened(self, event: str) -> Entry | None:
        """The entry that something which happened to a person opens."""
        return next((it for it in self.entries.values() if it.event == event), None)

    def closing(self) -> Iterator[tuple[str, timedelta]]:
        """The entries that a closing window opens, and how long before its end."""
        for name, entry in self.entries.items():
            if entry.window_closing is not None:
                yield name, entry.window_closing

    def consent(self, purpose: str) -> Consent | None:
        """The step that asks for a consent of this purpose."""
        steps = (step for step in self.steps.values() if isinstance(step, Consent))
        return next((step for step in steps if step.consent == purpose), None)

    def question(self, name: str) -> Ask | None:
        """The step whose answers are stored under the name."""
        step = self.steps.get(name)
        return step if isinstance(step, Ask) else None

    @cached_property
    def recalls(self) -> bool:
        """Whether a text or a condition needs to know what was answered before."""
        return any(
            isinstance(step, Branch)
            or getattr(step, "send", ())
            or any(_has_variables(texts) for _, texts in step.said())
            for step in self.steps.values()
        )


def _has_variables(texts: Mapping[str, object]) -> bool:
    return any(isinstance(it, Words) and it.places for it in texts.values())


class Flawed(Exception):
    """The scenario cannot be used; each of `findings` says where and what to do."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def load(path: Path) -> Scenario:
    """The scenario of a file; raises Flawed, also for a missing file."""
    return loaded(path)[0]


def loaded(path: Path) -> tuple[Scenario, Marked]:
    """The scenario of a file, and the lines of its parts; raises Flawed."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Flawed(Finding(str(path), 1, f"cannot be read: {error.strerror}")) from None
    except UnicodeDecodeError:
        raise Flawed(Finding(str(path), 1, "is not UTF-8; save it as UTF-8")) from None
    return _parsed(text, str(path), lambda name: read_beside(path.parent, name))


def parse(text: str, file: str = "scenario", files: Mapping[str, str] = NO_FILES) -> Scenario:
    """The scenario of YAML text, which `file` names in findings; raises Flawed with all of them.

    `files` are the keys of the files that were kept with it, by name.
    """

    def kept(name: str) -> str:
        if name not in files:
            raise Missing(f"{name} was not kept with this text: publish the scenario's file")
        return files[name]

    return _parsed(text, file, kept)[0]


def _parsed(text: str, file: str, find: Callable[[str], File | str]) -> tuple[Scenario, Marked]:
    try:
        marked = read(text, file)
    except Unreadable as error:
        raise Flawed(error.finding) from None
    if not isinstance(marked.value, dict):
        raise Flawed(Finding(file, 1, "write the scenario's keys here: name, languages, steps"))
    files, contents = _files(marked, file, find)
    # Another picture is another version, also where the words are the same.
    content = "\0".join((text, *(files[name] for name in sorted(files))))
    told = {
        "version": hashlib.sha256(content.encode()).hexdigest()[:16],
        "source": text,
        "files": files,
        "contents": contents,
    }
    try:
        scenario = Scenario.model_validate({**marked.value, **told}, context=files)
    except ValidationError as error:
        raise Flawed(*_findings(error, marked, file)) from None
    wrong = chain(
        unnamed(scenario.languages, scenario.topics),
        flaws(scenario.languages, scenario.start, scenario.entries, scenario.steps),
    )
    found = [Finding(file, marked.place(it.path)[1], f"{it.place}: {it.what}") for it in wrong]
    if found:
        raise Flawed(*found)
    return scenario, marked


def _files(
    marked: Marked, file: str, find: Callable[[str], File | str]
) -> tuple[dict[str, str], dict[str, File]]:
    """The keys of the files that are named, and those that are at hand; raises Flawed."""
    files, contents, found = dict[str, str](), dict[str, File](), list[Finding]()
    for place, name in named(marked.value):
        try:
            there = find(name)
        except Missing as missing:
            where = ".".join(map(str, place))
            found.append(Finding(file, marked.place(place)[1], f"{where}: {missing}"))
            continue
        if isinstance(there, File):
            contents[name] = there
        files[name] = key_of(there) if isinstance(there, File) else there
    if found:
        raise Flawed(*found)
    return files, contents


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
                what = _MISSHAPEN.get(item["ctx"]["pattern"], _NAME)
            case _:
                what = item["msg"].removeprefix("Value error, ")
        yield Finding(file, line, f"{'.'.join(map(str, path)) or 'the scenario'}: {what}")


_NAME = "a name is up to 30 of a-z, 0-9, _ and -, and begins with a letter or digit"
_MISSHAPEN = {
    r"^https?://[^\s{}]+$": "write a web address that begins with https://",
    r"^(https?://[^\s{}]+|[^:{}\\]+)$": "write a web address that begins with https://, or the "
    "name of a file beside the scenario",
    r"^[A-Za-z0-9_-]{1,64}\*?$": "a link's payload is up to 64 of A-Z, a-z, 0-9, _ and -, then "
    "a * where it may go on",
}
