"""WhatsApp's text marks as the phone shows them: *bold*, _italic_, ~struck~, `code` and blocks."""

import re
from typing import Any

from emulators.utf16 import units

MARK = re.compile(
    r"```(?P<block>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<!\w)(?P<mark>[*_~])(?=\S)(?P<inner>[^\n]*?\S)(?P=mark)(?!\w)",
    re.DOTALL,
)
STYLES = {"*": "bold", "_": "italic", "~": "strike"}

Spans = list[dict[str, Any]]


def shown(text: str, offset: int = 0) -> tuple[str, Spans]:
    """The text without its marks, and where they were (UTF-16 units, counted from `offset`)."""
    out: list[str] = []
    spans: Spans = []
    end = 0
    for found in MARK.finditer(text):
        plain = text[end : found.start()]
        out.append(plain)
        offset += units(plain)
        inner, style, inside = _opened(found, offset)
        length = units(inner)
        spans += [{"offset": offset, "length": length, "style": style}, *inside]
        out.append(inner)
        offset += length
        end = found.end()
    return "".join((*out, text[end:])), spans


def _opened(found: re.Match[str], offset: int) -> tuple[str, str, Spans]:
    if found["block"] is not None:
        return found["block"], "pre", []
    if found["code"] is not None:
        return found["code"], "code", []
    inner, spans = shown(found["inner"], offset)
    return inner, STYLES[found["mark"]], spans
