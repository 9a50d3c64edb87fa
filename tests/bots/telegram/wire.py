"""What a request to the Bot API asks for, sent as JSON or as a form with files."""

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.bots.tables import Request

_NAMED = re.compile(r'name="([^"]*)"(?:; filename="((?:[^"\\]|\\.)*)")?')


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that came along, in the place that named it (attach://)."""

    name: str
    content: bytes


def asked(request: Request) -> Any:
    """The parameters, with files in their places."""
    kind = request.headers["Content-Type"]
    if not kind.startswith("multipart/form-data"):
        return request.json
    fields, files = {}, {}
    boundary = kind.partition("boundary=")[2].encode()
    for part in request.body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        named = _NAMED.search(head.decode())
        assert named is not None
        if named[2] is None:
            fields[named[1]] = _value(content.decode())
        else:
            files[f"attach://{named[1]}"] = Uploaded(named[2].replace('\\"', '"'), content)
    told = _placed(fields, files)
    assert not files, "every file has its place"
    return told


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _placed(value: Any, files: dict[str, Uploaded]) -> Any:
    match value:
        case dict():
            return {key: _placed(inner, files) for key, inner in value.items()}
        case list():
            return [_placed(inner, files) for inner in value]
        case str() if value.startswith("attach://"):
            return files.pop(value)
        case _:
            return value
