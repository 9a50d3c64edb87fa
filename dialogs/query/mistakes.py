"""What is wrong with a query, where, and in words."""

from collections.abc import Collection
from typing import Literal

from lark import Token

from dialogs.languages import Languages

MOST_CHARACTERS, MOST_DEPTH, MOST_PARTS = 4_000, 10, 100
"""Of one query: enough for people and programs, little enough for one statement."""

Kind = Literal[
    "unexpected",
    "ends_early",
    "not_closed",
    "no_such",
    "goes_only_with",
    "no_day",
    "whole_days",
    "bounds_differ",
    "too_long",
    "too_large",
]


class Mistake(ValueError):
    """A query cannot be understood at a place: `line` and `column` from 1, `length` characters.

    `found` is what stands there, `wanted` what could stand there instead (grammar's names of
    tokens, or words as they are).
    """

    def __init__(
        self,
        kind: Kind,
        at: Token | tuple[int, int],
        found: str = "",
        wanted: Collection[str] = (),
    ) -> None:
        super().__init__(kind)
        self.kind: Kind = kind
        if isinstance(at, Token):
            self.line, self.column = at.line or 1, at.column or 1
        else:
            self.line, self.column = at
        self.found = found
        self.length = max(1, len(found.partition("\n")[0]))
        self.wanted = wanted

    def told(self, languages: Languages, language: str | None) -> str:
        """What is wrong and where, in a sentence or two."""
        text = languages.text
        where = text(language, "Line {line}, column {column}:", line=self.line, column=self.column)
        return f"{where} {self._what(languages, language)}"

    def shown(self, query: str, width: int = 100) -> str:
        """What stands around the place, on one line, and below it a mark under the place."""
        lines = query.split("\n")
        line = "".join(it if it.isprintable() else " " for it in lines[self.line - 1])
        start = max(0, min(self.column - 1 - width // 2, len(line) - width))
        marked = min(self.length, start + width - self.column + 1)
        return f"{line[start : start + width]}\n{' ' * (self.column - 1 - start)}{'^' * marked}"

    def _what(self, languages: Languages, language: str | None) -> str:
        text, found = languages.text, self.found
        wanted = ", ".join(_words(languages, language, self.wanted))
        match self.kind:
            case "unexpected":
                return text(
                    language, "here should be {wanted}, not “{found}”.", wanted=wanted, found=found
                )
            case "ends_early":
                return text(
                    language, "the query ends too early; {wanted} should follow.", wanted=wanted
                )
            case "not_closed":
                return text(language, "this quote is not closed.")
            case "no_such":
                return text(
                    language,
                    "there is no “{found}” here; there are: {wanted}.",
                    found=found,
                    wanted=wanted,
                )
            case "goes_only_with":
                return text(
                    language, "“{found}” goes only with {wanted}.", found=found, wanted=wanted
                )
            case "no_day":
                return text(language, "there is no such day: {found}.", found=found)
            case "whole_days":
                return text(language, "days are compared here: write whole days, such as 30d.")
            case "bounds_differ":
                return text(language, "write two numbers here, or two days.")
            case "too_long":
                return text(language, "this is too long.")
            case "too_large":
                return text(
                    language,
                    "that is too much for one query: at most {characters} characters, "
                    "{depth} levels and {parts} conditions.",
                    characters=MOST_CHARACTERS,
                    depth=MOST_DEPTH,
                    parts=MOST_PARTS,
                )


# In the order in which people are told; what is not here goes without saying.
_TOKENS = {
    "STRING": "",
    "NUMBER": "",
    "DATE": "2026-12-31",
    "DURATION": "30d",
    "NAME": "",
    "COMPARISON": "= != < <= > >=",
    "_HAS": "has",
    "_IN": "in",
    "_BETWEEN": "between",
    "_IS": "is known",
    "KNOWN": "known",
    "_NEXT": "next",
    "_BROADCAST": "broadcast",
    "_AND": "and",
    "_OR": "or",
    "_NOT": "not",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "COMMA": ",",
}
_UNSAID = {"SOURCE", "QUOTED_NAME", "YEARLY", "_GOT", "_EVERYONE", "_NOBODY", "$END"}


def _words(languages: Languages, language: str | None, wanted: Collection[str]) -> list[str]:
    plain = [it for it in wanted if it not in _TOKENS and it not in _UNSAID]
    tokens = [it for it in _TOKENS if it in wanted and not (it == "NAME" and "STRING" in wanted)]
    kinds = {
        "STRING": languages.text(language, "a text in quotes"),
        "NUMBER": languages.text(language, "a number"),
        "NAME": languages.text(language, "a name"),
    }
    return [*plain, *(kinds.get(it) or _TOKENS[it] for it in tokens)]
