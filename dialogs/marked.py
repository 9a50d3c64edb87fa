"""Reads YAML as plain strings, lists and mappings, and keeps the line of every part.

Scalars stay strings (no `no` that turns false); whoever validates converts them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Where a part stands: mapping keys and list positions from the top."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a file: where, on which channel (or any), and what to do about it."""

    file: str
    line: int
    what: str
    channel: str | None = None

    def __str__(self) -> str:
        where = f"[{self.channel}] " if self.channel else ""
        return f"{self.file}:{self.line}: {where}{self.what}"


class Unreadable(Exception):
    """The text is no YAML that can be taken; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Marked:
    """What a file holds, and the line of each part of it."""

    value: object
    lines: Mapping[Path, int]

    def place(self, location: Path) -> tuple[Path, int]:
        """The deepest part on the way to a location, and its line."""
        path: Path = ()
        for key in location:
            path = (*path, key) if (*path, key) in self.lines else path
        return path, self.lines.get(path, 1)


def read(text: str, file: str) -> Marked:
    """The content of YAML text; raises Unreadable. `file` names it in findings."""
    lines: dict[Path, int] = {(): 1}
    try:
        _refuse_aliases(text, file)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        value = None if node is None else _plain(node, (), lines)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        what = error.problem or error.context or "this is no YAML"
        if isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError):
            what += "; a text with signs such as ? : , # { } stands in quotes"
        raise Unreadable(Finding(file, line, what)) from None
    except yaml.YAMLError as error:
        raise Unreadable(Finding(file, 1, f"this is no YAML: {error}")) from None
    except RecursionError:
        raise Unreadable(Finding(file, 1, "it is nested too deeply")) from None
    return Marked(value, lines)


def _refuse_aliases(text: str, file: str) -> None:
    """They make small files large, and endless ones possible."""
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            what = f"write out what `*{event.anchor}` stands for"
            raise Unreadable(Finding(file, _line(event.start_mark), what))


def _line(mark: Any) -> int:
    return 1 if mark is None else int(mark.line) + 1


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    lines.setdefault(path, _line(node.start_mark))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return {key: _plain(value, (*path, key), lines) for key, value in _pairs(node, path, lines)}
    return node.value


def _pairs(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int]
) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        mark = key.start_mark
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=mark)
        if (*path, key.value) in lines:
            problem = f"`{key.value}` stands here twice; remove one"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        lines[(*path, key.value)] = _line(mark)
        yield key.value, value
