"""sendMediaGroup: several files that stand together."""

from typing import Any

from emulators.telegram.copying import new_album
from emulators.telegram.errors import bad_request
from emulators.telegram.input_media import read_input_media
from emulators.telegram.media import kind_of
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.posting import Posting
from emulators.telegram.state import State

Object = dict[str, Any]

# https://core.telegram.org/bots/api#sendmediagroup; the server lets a single file pass as an
# ordinary message, which the documentation does not promise.
FEWEST, MOST = 2, 10
# Only among themselves (MessageContent.cpp, check_message_group_message_contents).
ALIKE = ("audio", "document")


class Albums:
    """An album has no buttons: the server does not look at reply_markup."""

    def __init__(self, state: State, posting: Posting) -> None:
        self._state = state
        self._posting = posting

    def methods(self) -> Methods:
        """By name."""
        return {"sendMediaGroup": self.send}

    async def send(self, parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#sendmediagroup"""
        parameters.needed("media")
        told = parameters.parsed("media", "Can't parse media JSON object")
        if not isinstance(told, list):
            raise bad_request("Expected an Array of InputMedia")
        files = self._state.files
        contents = [read_input_media(parameters, files, item, album=True) for item in told]
        check_album(contents)
        place = self._posting.place(parameters)
        album = {"media_group_id": new_album()}
        return self._posting.post(parameters, place, [content | album for content in contents])


def check_album(contents: list[Object]) -> None:
    """Whether these can stand together; raises ApiError."""
    if len(contents) > MOST:
        raise bad_request("Too many messages to send as an album")
    if not contents:
        raise bad_request("There are no messages to send")
    if len(contents) < FEWEST:
        raise bad_request("Too few messages to send as an album")
    if len({bool(content.get("show_caption_above_media")) for content in contents}) > 1:
        raise bad_request("Parameter show_caption_above_media must be the same for all messages")
    kinds = {str(kind_of(content)) for content in contents}
    for kind in ALIKE:
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind.capitalize()} can't be mixed with other media types")
