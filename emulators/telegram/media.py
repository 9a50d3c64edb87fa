"""Photos, videos and other files: what is told with them, and how a Message shows them."""

from collections.abc import Mapping
from typing import Any

from emulators.telegram.fields import BadField, Told, flag_in, number_in, text_in
from emulators.telegram.files import Files, Stored
from emulators.telegram.parameters import Parameters
from emulators.telegram.pictures import UNKNOWN_SIZE, picture_size

Object = dict[str, Any]

# https://core.telegram.org/bots/api#available-methods: by send… method.
KINDS = (*("photo", "video", "animation", "audio", "document", "voice", "video_note", "sticker"),)
# Those that have no caption and stand alone.
BARE = frozenset({"video_note", "sticker"})
# What a bot may tell of a file besides its caption; Telegram finds out nothing by itself here.
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "video": ("width", "height", "duration"),
    "animation": ("width", "height", "duration"),
    "audio": ("duration",),
    "voice": ("duration",),
    "video_note": ("length", "duration"),
}
TEXTS: Mapping[str, tuple[str, ...]] = {"audio": ("title", "performer")}
# Client.cpp: numbers outside are brought inside.
MOST: Mapping[str, int] = {
    "width": 10_000, "height": 10_000, "length": 10_000, "duration": 86_400
}  # fmt: skip
# The names of animated and video stickers; the size of every sticker, in pixels.
ANIMATED, VIDEO = ".tgs", ".webm"
STICKER_SIZE = 512
# By parameter: the field of a Message that tells of it.
LOOKS = {
    "has_spoiler": "has_media_spoiler",
    "show_caption_above_media": "show_caption_above_media",
}
WITH_LOOKS = frozenset({"photo", "video", "animation"})


def sent_file(kind: str, files: Files, parameters: Parameters) -> Object:
    """The file that sendPhoto and its like bring, as fields of a Message; raises ApiError."""
    told = parameters.text(kind)
    missing = f"There is no {kind.replace('_', ' ')} in the request"
    stored = files.received(kind, told, parameters.upload(told, kind), missing)
    about: Object = {name: parameters.integer(name) for name in NUMBERS.get(kind, ())}
    about |= {name: parameters.text(name) for name in TEXTS.get(kind, ())}
    return shown(kind, stored, about) | _looks(kind, parameters.boolean)


def input_file(kind: str, files: Files, parameters: Parameters, told: Told) -> Object:
    """The file of an InputMedia, as fields of a Message; raises ApiError or BadField."""
    media = text_in(told, "media")
    about: Object = {name: number_in(told, name) for name in NUMBERS.get(kind, ())}
    about |= {name: text_in(told, name) for name in TEXTS.get(kind, ())}
    looks = _looks(kind, lambda name: flag_in(told, name))
    if not media:
        raise BadField("media not found")
    missing = "Can't parse InputMedia: media not found"
    stored = files.received(kind, media, parameters.upload(media), missing)
    return shown(kind, stored, about) | looks


def shown(kind: str, stored: Stored, about: Mapping[str, Any]) -> Object:
    """The fields of a Message that hold a file; `about` is what NUMBERS and TEXTS name."""
    told = stored.description()
    if kind == "photo":
        width, height = picture_size(stored.content) or UNKNOWN_SIZE
        return {"photo": [told | {"width": width, "height": height}]}
    if kind == "sticker":
        return {"sticker": told | _as_sticker(stored)}
    for name in NUMBERS.get(kind, ()):
        told[name] = min(max(about.get(name, 0), 0), MOST[name])
    told |= {name: about[name] for name in TEXTS.get(kind, ()) if about.get(name)}
    if stored.name and kind not in ("voice", "video_note"):
        told["file_name"] = stored.name
    if stored.mime_type and kind != "video_note":
        told["mime_type"] = stored.mime_type
    if kind != "animation":
        return {kind: told}
    # For programs older than animations (https://core.telegram.org/bots/api#message).
    plain = {name: told[name] for name in told if name not in NUMBERS[kind]}
    return {"animation": told, "document": plain}


def kind_of(message: Mapping[str, Any]) -> str | None:
    """Which file a Message holds, or None. An animation is a document too, see `shown`."""
    return next((kind for kind in KINDS if kind in message), None)


def file_id_of(message: Mapping[str, Any]) -> str | None:
    """The file of a Message in its largest size, or None."""
    kind = kind_of(message)
    if kind is None:
        return None
    file_id: str = message["photo"][-1]["file_id"] if kind == "photo" else message[kind]["file_id"]
    return file_id


def _as_sticker(stored: Stored) -> Object:
    return {
        "type": "regular",
        "width": STICKER_SIZE,
        "height": STICKER_SIZE,
        "is_animated": stored.name.endswith(ANIMATED),
        "is_video": stored.name.endswith(VIDEO),
    }


def _looks(kind: str, told: Any) -> Object:
    if kind not in WITH_LOOKS:
        return {}
    return {field: True for name, field in LOOKS.items() if told(name)}
