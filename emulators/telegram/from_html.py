"""Telegram's HTML: the tags it knows, and its words for everything it cannot read.

https://core.telegram.org/bots/api#html-style; the errors are those of MessageEntity.cpp.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.links import is_link
from emulators.telegram.offsets import byte_offset
from emulators.utf16 import units

TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}

_VALUE = r"""\s*=\s*(?:"[^"]*"|'[^']*'|[\w.-]+)"""
_PIECE = re.compile(
    rf"""
    (?P<text>[^<&]+)
    |(?P<reference>&(?:\#x[0-9a-fA-F]{{1,6}}|\#\d{{1,7}}|lt|gt|amp|quot);?)
    |<(?P<end>/?)(?P<tag>[^\s>]*)(?P<attributes>(?:\s+[^\s=>]+(?:{_VALUE})?)*)\s*(?P<closed>>?)
    |(?P<sign>&)
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?""")


@dataclass(slots=True)
class _Opened:
    tag: str
    attributes: dict[str, str]
    offset: int
    piece: int


@dataclass(slots=True)
class _Reader:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_Opened] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def read(self, source: str) -> tuple[str, list[dict[str, Any]]]:
        for found in _PIECE.finditer(source):
            if found["tag"] is None:
                self._write(unescape(found[0]) if found["reference"] else found[0])
            elif found["end"]:
                self._end_tag(found)
            else:
                self._start_tag(found)
        if self.opened:
            tag = self.opened[-1].tag
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.pieces), self.entities

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += units(text)

    def _start_tag(self, found: re.Match[str]) -> None:
        where = f"at byte offset {byte_offset(found.string, found.start())}"
        tag = found["tag"].lower()
        if found.end("tag") == len(found.string):
            raise _unreadable(f"Unclosed start tag {where}")
        if tag not in TAGS:
            raise _unreadable(f'Unsupported start tag "{tag}" {where}')
        if not found["closed"]:
            raise _unreadable(f'Unclosed start tag "{tag}" {where}')
        attributes = {
            name.lower(): unescape(value.strip("\"'"))
            for name, value in _ATTRIBUTE.findall(found["attributes"])
        }
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unreadable(f'Tag "span" must have class "tg-spoiler" {where}')
        self.opened.append(_Opened(tag, attributes, self.length, len(self.pieces)))

    def _end_tag(self, found: re.Match[str]) -> None:
        where = f"at byte offset {byte_offset(found.string, found.start())}"
        if not self.opened:
            raise _unreadable(f"Unexpected end tag {where}")
        if not found["closed"]:
            raise _unreadable(f"Unclosed end tag {where}")
        opened, tag = self.opened.pop(), found["tag"].lower()
        if tag not in ("", opened.tag):
            expected = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise _unreadable(f"Unmatched end tag {where}, {expected}")
        if self.length > opened.offset:
            self._add(opened)

    def _add(self, opened: _Opened) -> None:
        kind, attributes = TAGS[opened.tag], opened.attributes
        entity: dict[str, Any] = {"offset": opened.offset, "length": self.length - opened.offset}
        entity["type"] = kind
        if kind == "text_link":
            entity["url"] = attributes.get("href") or "".join(self.pieces[opened.piece :])
            if not is_link(entity["url"]):
                return
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
            if not entity["custom_emoji_id"].isdecimal():
                raise _unreadable("Invalid custom emoji identifier specified")
        elif kind == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif kind == "code" and attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"].removeprefix("language-")
        elif kind == "pre" and self._takes_code(entity):
            return
        self.entities.append(entity)

    def _takes_code(self, pre: dict[str, Any]) -> bool:
        """<pre><code class="language-…"> is one entity."""
        code = self.entities[-1] if self.entities else {}
        if "language" not in code or (code["offset"], code["length"]) != (
            pre["offset"],
            pre["length"],
        ):
            return False
        code["type"] = "pre"
        return True


def _unreadable(why: str) -> ApiError:
    return bad_request(f"Can't parse entities: {why}")


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that people see and its entities; raises ApiError."""
    text, entities = _Reader().read(source)
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities
