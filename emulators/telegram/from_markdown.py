"""Telegram's MarkdownV2, with its words for everything it cannot read.

https://core.telegram.org/bots/api#markdownv2-style; the errors are those of MessageEntity.cpp.
"""

from dataclasses import dataclass, field
from typing import Any

from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.links import is_link
from emulators.telegram.offsets import byte_offset
from emulators.utf16 import units

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
# The longer mark is looked for first.
MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
NAMES = {
    "pre": "Pre",
    "underline": "Underline",
    "spoiler": "Spoiler",
    "custom_emoji": "CustomEmoji",
    "italic": "Italic",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "code": "Code",
    "text_link": "TextUrl",
}
EMOJI = "tg://emoji?id="


@dataclass(slots=True)
class _Opened:
    mark: str
    at: int
    offset: int
    piece: int
    language: str = ""

    @property
    def kind(self) -> str:
        return MARKS[self.mark]

    @property
    def closing(self) -> str:
        return "]" if self.mark.endswith("[") else self.mark


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_Opened] = field(default_factory=list)
    quoted_from: int | None = None
    entities: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        while self.at < len(self.source):
            self._step(self.source[self.at])
        if self.quoted_from is not None:
            self._end_quote()
        self._all_closed()
        return "".join(self.pieces), self.entities

    def _step(self, sign: str) -> None:
        following = self.source[self.at + 1 : self.at + 2]
        inside = self.opened[-1] if self.opened else None
        literally = inside is not None and inside.kind in ("code", "pre")
        if sign == "\\" and following and following.isascii():
            self._write(following, 2)
        elif inside is not None and self._closes(inside):
            self._close()
        elif sign == "\n" and not literally:
            self._end_line(following)
        elif sign not in RESERVED or (literally and sign != "`"):
            self._write(sign, 1)
        elif sign == ">" and self._at_line_start():
            self.quoted_from = self.length if self.quoted_from is None else self.quoted_from
            self.at += 1
        else:
            self._open(sign)

    def _write(self, text: str, width: int) -> None:
        self.pieces.append(text)
        self.length += units(text)
        self.at += width

    def _at_line_start(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _closes(self, opened: _Opened) -> bool:
        if not self.source.startswith(opened.closing, self.at):
            return False
        return not (opened.mark == "_" and self.source.startswith("__", self.at))

    def _open(self, sign: str) -> None:
        mark = next((mark for mark in MARKS if self.source.startswith(mark, self.at)), None)
        if mark is None:
            why = f"Character '{sign}' is reserved and must be escaped with the preceding '\\'"
            raise _unreadable(why)
        opened = _Opened(mark, self.at, self.length, len(self.pieces))
        self.opened.append(opened)
        self.at += len(mark)
        if mark == "```":
            line, newline, _ = self.source[self.at :].partition("\n")
            if newline and "`" not in line and " " not in line:
                opened.language = line
                self.at += len(line) + 1

    def _close(self) -> None:
        opened = self.opened.pop()
        self.at += len(opened.closing)
        entity: dict[str, Any] = {"offset": opened.offset, "type": opened.kind}
        if opened.language:
            entity["language"] = opened.language
        if opened.closing == "]":
            url = self._target() or "".join(self.pieces[opened.piece :])
            if opened.kind == "custom_emoji":
                entity["custom_emoji_id"] = _emoji_id(url)
            elif is_link(url):
                entity["url"] = url
            else:
                return
        if self.length > opened.offset:
            self.entities.append(entity | {"length": self.length - opened.offset})

    def _target(self) -> str:
        """What stands in parentheses behind a link's text."""
        if not self.source.startswith("(", self.at):
            return ""
        begin = at = self.at + 1
        url = ""
        while at < len(self.source) and self.source[at] != ")":
            at += self.source[at] == "\\"
            url += self.source[at : at + 1]
            at += 1
        if at >= len(self.source):
            where = byte_offset(self.source, begin)
            raise _unreadable(f"Can't find end of a URL at byte offset {where}")
        self.at = at + 1
        return url

    def _end_line(self, following: str) -> None:
        if self.quoted_from is not None and following != ">":
            self._all_closed()
            self._end_quote()
        self._write("\n", 1)

    def _end_quote(self) -> None:
        start = self.quoted_from or 0
        self.quoted_from = None
        if self.length > start:
            quote = {"offset": start, "length": self.length - start, "type": "blockquote"}
            self.entities.append(quote)

    def _all_closed(self) -> None:
        if self.opened:
            last = self.opened[-1]
            where = f"at byte offset {byte_offset(self.source, last.at)}"
            raise _unreadable(f"Can't find end of {NAMES[last.kind]} entity {where}")


def _emoji_id(url: str) -> str:
    found = url.removeprefix(EMOJI)
    if not url.startswith(EMOJI) or not found.isdecimal():
        raise _unreadable("Custom emoji entity must contain a tg://emoji URL")
    return found


def _unreadable(why: str) -> ApiError:
    return bad_request(f"Can't parse entities: {why}")


def parse_markdown(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that people see and its entities; raises ApiError."""
    return _Reader(source).read()
