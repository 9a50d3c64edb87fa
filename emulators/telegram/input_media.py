"""InputMedia: a file and its caption as one object (https://core.telegram.org/bots/api#inputmedia)."""

from typing import Any

from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.fields import BadField, text_in
from emulators.telegram.files import Files
from emulators.telegram.formatted import MAX_CAPTION, Formatted, read
from emulators.telegram.media import BARE, KINDS, input_file
from emulators.telegram.parameters import Parameters
from emulators.utf16 import units

Object = dict[str, Any]

NO_INPUT = BARE | {"voice"}
NOT_IN_ALBUMS = ("animation",)


def read_input_media(
    parameters: Parameters, files: Files, told: Any, *, album: bool = False
) -> Object:
    """The fields of a Message that it makes; raises ApiError."""
    if not isinstance(told, dict):
        raise _unreadable("expected an Object")
    try:
        caption = _caption(told)
        kind = kind_in(told)
        if album and kind in NOT_IN_ALBUMS:
            raise BadField(f'type "{kind}" can\'t be used in sendMediaGroup')
        content = input_file(kind, files, parameters, told)
    except BadField as error:
        raise _unreadable(str(error)) from None
    if units(caption.text) > MAX_CAPTION:
        raise bad_request("Message caption is too long")
    return content | caption.fields("caption", "caption_entities")


def kind_in(told: Object) -> str:
    """Which file it is; raises BadField."""
    kind = text_in(told, "type", needed=True)
    if kind not in KINDS or kind in NO_INPUT:
        raise BadField(f'type "{kind}" is unsupported')
    return kind


def _caption(told: Object) -> Formatted:
    for name in ("caption", "parse_mode"):
        text_in(told, name)
    try:
        return read(Parameters(told), "caption", "caption_entities")
    except ApiError as error:
        why = error.description.removeprefix("Bad Request: ")
        raise BadField(why[:1].upper() + why[1:]) from None


def _unreadable(why: str) -> ApiError:
    return bad_request(f"Can't parse InputMedia: {why}")
