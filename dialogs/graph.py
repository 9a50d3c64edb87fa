"""A scenario as a graph: its steps, the ways in, and what leads from one to another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dialogs.entries import Entry
from dialogs.moves import AnyStep, Branch, Call, Case, Wait, Waiting
from dialogs.parts import said_in, spelt
from dialogs.scenario import Scenario
from dialogs.steps import Ask, Consent, End, Handover, Phone, Place, Say
from dialogs.variables import Words

Kind = Literal[
    "start", "say", "ask", "consent", "phone", "wait", "branch", "call", "handover", "end"
]
MOST_CHARACTERS = 60
"""Of a text as it stands in a box."""


@dataclass(frozen=True, slots=True)
class Node:
    """A step, or a way in; `text` is the beginning of what it says."""

    id: str
    kind: Kind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What follows, and when (empty: always)."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order of the file, the ways in first."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph(scenario: Scenario, language: str) -> Graph:
    """The graph of a scenario, with its texts in a language."""
    doors = [("start", scenario.start, ", ".join(("/start", *scenario.keywords)))]
    doors += [(f"{name} →", it.next, _opened(name, it)) for name, it in scenario.entries.items()]
    nodes = [Node(name, "start", _short(text)) for name, _, text in doors]
    nodes += [Node(it.id, *_told(it, language)) for it in scenario.steps.values()]
    edges = [Edge(name, to) for name, to, _ in doors]
    for step in scenario.steps.values():
        ways = [(to, _when(step, place, language)) for place, to in step.ways() if to is not None]
        edges += _joined(step.id, ways)
    return Graph(tuple(nodes), tuple(edges))


def _joined(start: str, ways: list[tuple[str, str]]) -> Iterator[Edge]:
    """One edge to each step, whatever leads there."""
    for to in dict.fromkeys(to for to, _ in ways):
        labels = dict.fromkeys(label for other, label in ways if other == to and label)
        yield Edge(start, to, _short(" · ".join(labels)))


def _opened(name: str, entry: Entry) -> str:
    by = [*entry.links, *entry.keywords]
    by += [f"event {entry.event}"] if entry.event else []
    by += ["window closing"] if entry.window_closing else []
    by += [f"button go:{name}"] if entry.button else []
    return ", ".join(by)


def _told(step: AnyStep, language: str) -> tuple[Kind, str]:
    match step:
        case Say():
            return "say", _text(said_in(language, step.say))
        case Ask():
            return "ask", _text(said_in(language, step.ask))
        case Consent():
            return "consent", _short(said_in(language, step.text).text)
        case Phone():
            return "phone", _text(said_in(language, step.phone))
        case Wait():
            return "wait", _waited(step.wait)
        case Branch():
            return "branch", ", ".join(dict.fromkeys(case.when for case in step.branch))
        case Call():
            return "call", _short(step.call)
        case Handover():
            return "handover", _text(said_in(language, step.handover))
        case End():
            return "end", _text(said_in(language, step.end))


def _when(step: AnyStep, place: Place, language: str) -> str:
    match (step, place):
        case (Ask(), ("choices", str(name), "next")):
            return said_in(language, step.choices[name].labels)
        case (Ask(), ("remind", int(number), "next")):
            after = sum((it.after for it in step.remind[1 : number + 1]), step.remind[0].after)
            return f"silent for {spelt(after)}"
        case (Branch(), ("branch", int(number), "next")):
            return _condition(step.branch[number])
        case (Branch(), _):
            return "else"
        case (Consent(), ("refused",)):
            return said_in(language, step.decline)
        case (Consent(), _) if step.refused:
            return said_in(language, step.agree)
        case (Call(), ("failed",)):
            return "failed"
        case _:
            return ""


def _condition(case: Case) -> str:
    told = [case.when.removeprefix("answers.")]
    told += [f"= {' | '.join(case.among)}"] if case.among else []
    told += [f"≥ {case.at_least}"] if case.at_least else []
    told += [f"≤ {case.at_most}"] if case.at_most else []
    told += [f"in ≤ {spelt(case.within)}"] if case.within else []
    return " ".join(told)


def _waited(wait: Waiting) -> str:
    if wait.time is not None:
        return spelt(wait.time)
    before = f"{spelt(wait.before)} before " if wait.before else ""
    return f"until {before}{wait.until}"


def _text(words: Words) -> str:
    """The beginning of a text, its variables in braces."""
    shown = words.text.text
    for place, expression in words.places.items():
        paths = expression.global_variable_paths()
        shown = shown.replace(f"{{{place}}}", f"{{{', '.join(map(str, paths))}}}")
    return _short(shown)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1].rstrip() + "…"
