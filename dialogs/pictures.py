"""Files that stand beside a scenario: which it names, what they hold, which channel takes them."""

import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from dialogs.flaw import Flaw
from dialogs.steps import Place, ShownKind
from vestnik.channel import Limits
from vestnik.outbound import File

LONGEST = 20 * 2**20
"""Bytes: files are held in memory while they go up (see delivery.uploading)."""

_KINDS: tuple[ShownKind, ...] = get_args(ShownKind)


class Missing(Exception):
    """The file cannot be taken; the text says why, and what to do."""


def named(scenario: object) -> Iterator[tuple[Place, str]]:
    """The files that a scenario's YAML names, each with its place; web addresses are none."""
    steps = scenario.get("steps") if isinstance(scenario, dict) else None
    for step, told in steps.items() if isinstance(steps, dict) else ():
        media = told.get("media") if isinstance(told, dict) else None
        for number, shown in enumerate(media if isinstance(media, list) else ()):
            for kind, source in _of(shown):
                yield ("steps", step, "media", number, kind), source


def read_beside(folder: Path, name: str) -> File:
    """The file of this name in a scenario's folder, or below it; raises Missing."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Missing(f"{name} lies outside the scenario's folder: copy it there")
    try:
        if path.stat().st_size > LONGEST:
            raise Missing(f"{name} is longer than {_megabytes(LONGEST)}: make it smaller")
        content = path.read_bytes()
    except OSError as error:
        raise Missing(f"{path} cannot be read ({error.strerror}): put it there") from None
    if not content:
        raise Missing(f"{path} is empty: put the file there again")
    return File(path.name, mimetypes.guess_type(path.name)[0] or "", content)


def misfits(
    place: Place, kind: ShownKind, file: File, channels: Mapping[str, Limits]
) -> Iterator[Flaw]:
    """Why a file is not what it is called, or why channels will not take it."""
    if kind != "document" and not file.type.startswith(f"{kind}/"):
        what = f"{file.name} is no {kind} ({file.type or 'of a kind unknown'})"
        yield Flaw(place, f"{what}; name it as `document`, or give it its right ending")
        return
    for channel, limits in channels.items():
        takes = limits.files.get(kind)
        if takes is None:
            continue
        if len(file.content) > takes.most_bytes:
            size, most = _megabytes(len(file.content)), _megabytes(takes.most_bytes)
            yield Flaw(
                place, f"{file.name} has {size}, {most} go through: make it smaller", channel
            )
        if takes.types and file.type not in takes.types:
            what = f"{file.name} is {file.type or 'of a kind unknown'}, which is not taken here"
            yield Flaw(place, f"{what}; make it one of {', '.join(sorted(takes.types))}", channel)


def _of(shown: Any) -> Iterator[tuple[ShownKind, str]]:
    for kind in _KINDS:
        source = shown.get(kind) if isinstance(shown, dict) else None
        if isinstance(source, str) and source and ":" not in source:
            yield kind, source


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MB"
