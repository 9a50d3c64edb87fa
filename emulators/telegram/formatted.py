"""A text and its entities: what the bot wrote, checked, tidied and completed as Telegram does."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from emulators.telegram.errors import bad_request
from emulators.telegram.fields import BadField, number_in, object_of, text_in
from emulators.telegram.from_html import parse_html
from emulators.telegram.from_markdown import parse_markdown
from emulators.telegram.links import is_link
from emulators.telegram.offsets import slice_bytes
from emulators.telegram.parameters import Parameters
from emulators.utf16 import units

Entity = dict[str, Any]

# https://core.telegram.org/bots/api#sendmessage, #sendphoto; in UTF-16 units after parsing.
MAX_TEXT = 4096
MAX_CAPTION = 1024
# Client.cpp, get_formatted_text: before parsing, in bytes.
MAX_SOURCE_BYTES = 1 << 15
# https://core.telegram.org/api/entities: the rest is left out silently.
MAX_ENTITIES = 100

WITH_ARGUMENT = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
STYLES = frozenset(
    {
        *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"),
        *("blockquote", "expandable_blockquote", "date_time", *WITH_ARGUMENT),
    }
)
# https://core.telegram.org/bots/api#messageentity
ENTITY_FIELDS = (
    *("offset", "length", "type", "url", "user", "language", "custom_emoji_id"),
    *("unix_time", "date_time_format"),
)
# Telegram finds these by itself and leaves out those that a bot tells.
FOUND = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
    | {"bank_card_number"}
)

# MessageEntity.cpp, clean_input_string_with_entities: these vanish, controls become spaces.
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = str.maketrans({code: " " for code in range(33) if chr(code) not in "\n\r"})
_BLANK = " \n"

_FINDER = re.compile(
    r"""
    (?P<url>(?<!\w)https?://[^\s<>"]+[^\s<>".,!?;:)]|(?<![\w.])t\.me/\w+)
    |(?P<email>(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,})
    |(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))
    |(?P<mention>(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w))
    |(?P<hashtag>(?<![\w#])\#(?=\w*[^\W\d])\w{1,256}(?![\w#]))
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people see it; entities in UTF-16 units, sorted."""

    text: str
    entities: list[Entity] = field(default_factory=list)

    def fields(self, text: str = "text", entities: str = "entities") -> dict[str, Any]:
        """The fields of a Message; those without content are left out."""
        if not self.text:
            return {}
        return {text: self.text} | ({entities: self.entities} if self.entities else {})


def read_message(parameters: Parameters) -> Formatted:
    """The text of a message; raises ApiError."""
    if not parameters.text("text"):
        raise bad_request("Message text is empty")
    formatted = read(parameters, "text", "entities")
    if not formatted.text:
        raise bad_request("Text must be non-empty")
    if units(formatted.text) > MAX_TEXT:
        raise bad_request("Message is too long")
    return formatted


def read_caption(parameters: Parameters) -> Formatted:
    """The caption of a photo or a file, empty when there is none; raises ApiError."""
    formatted = read(parameters, "caption", "caption_entities")
    if units(formatted.text) > MAX_CAPTION:
        raise bad_request("Message caption is too long")
    return formatted


def read(parameters: Parameters, text_name: str, entities_name: str) -> Formatted:
    """A text with its markup or entities; raises ApiError."""
    source = parameters.text(text_name)
    if len(source.encode()) > MAX_SOURCE_BYTES:
        raise bad_request("Text is too long")
    mode = parameters.text("parse_mode").lower()
    if not source or mode in ("", "none"):
        return tidied(source, _told_entities(parameters.parsed(entities_name)))
    if mode == "html":
        return tidied(*parse_html(source))
    if mode == "markdownv2":
        return tidied(*parse_markdown(source))
    raise bad_request("Unsupported parse_mode")


def tidied(text: str, entities: list[Entity]) -> Formatted:
    """Clean and trim a text, move its entities along and find the missing ones; ApiError."""
    entities = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    for entity in entities:
        _check_bounds(text, entity)
    text = text.translate(_BLANKED)
    if _REMOVED.search(text):
        text, entities = _without_removed(text, entities)
    lead = len(text) - len(text.lstrip(_BLANK))
    text = text.strip(_BLANK)
    kept = _clipped(entities, lead, units(text))
    return Formatted(text, _completed(text, kept)[:MAX_ENTITIES])


def _told_entities(told: Any) -> list[Entity]:
    if not isinstance(told, list):
        return []
    entities = [_told_entity(entity) for entity in told]
    return [entity for entity in entities if entity["type"] not in FOUND and entity["length"]]


def _told_entity(told: Any) -> Entity:
    try:
        place, kind = _place(told)
    except BadField as error:
        raise bad_request(f"Can't parse MessageEntity: {error}") from None
    for name, value in place.items():
        if not 0 <= value <= 1_000_000:
            raise bad_request(f"Receive an entity with incorrect {name} {value}")
    if kind == "text_link" and not is_link(str(told["url"])):
        raise bad_request(f"Entity URL '{told['url']}' is invalid: Wrong HTTP URL")
    return {name: told[name] for name in ENTITY_FIELDS if name in told} | place


def _place(told: Any) -> tuple[dict[str, int], str]:
    """Where an entity stands, and its type; raises BadField."""
    if not isinstance(told, dict):
        raise BadField("expected an Object")
    place = {name: number_in(told, name, needed=True) for name in ("offset", "length")}
    kind = text_in(told, "type", needed=True)
    argument = WITH_ARGUMENT.get(kind)
    if argument == "user":
        object_of(told, argument)
    elif argument:
        text_in(told, argument, needed=True)
    if kind not in STYLES and kind not in FOUND:
        raise BadField("Unsupported type specified")
    return place, kind


def _check_bounds(text: str, entity: Entity) -> None:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    size = units(text)
    if start > size:
        raise bad_request(f"Entity begins after the end of the text at UTF-16 offset {start}")
    where = f"Entity beginning at UTF-16 offset {start} ends"
    if end > size:
        raise bad_request(f"{where} after the end of the text at UTF-16 offset {end}")
    if (at := slice_bytes(text, start)) is None:
        raise bad_request(f"Entity begins in a middle of a UTF-16 symbol at offset {start}")
    if slice_bytes(text, end) is None:
        raise bad_request(f"{where} in a middle of a UTF-16 symbol at byte offset {at}")


def _without_removed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    gone = [units(text[: found.start()]) for found in _REMOVED.finditer(text)]

    def moved(offset: int) -> int:
        return offset - bisect_left(gone, offset)

    entities = [
        entity
        | {
            "offset": moved(entity["offset"]),
            "length": moved(entity["offset"] + entity["length"]) - moved(entity["offset"]),
        }
        for entity in entities
    ]
    return _REMOVED.sub("", text), entities


def _clipped(entities: list[Entity], lead: int, size: int) -> list[Entity]:
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return kept


def _completed(text: str, entities: list[Entity]) -> list[Entity]:
    """Commands, mentions, links and the like, except where code or a link stands already."""
    if not any(sign in text for sign in "/@#"):
        return entities
    taken = [e for e in entities if e["type"] in ("code", "pre", *WITH_ARGUMENT)]
    found = []
    for match in _FINDER.finditer(text):
        start, end = units(text[: match.start()]), units(text[: match.end()])
        if not any(e["offset"] < end and start < e["offset"] + e["length"] for e in taken):
            found.append({"offset": start, "length": end - start, "type": match.lastgroup})
    return sorted(entities + found, key=lambda entity: (entity["offset"], -entity["length"]))
