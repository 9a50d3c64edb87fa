"""Methods that repeat messages elsewhere: copies without their author, forwards with him."""

import secrets
from itertools import pairwise
from typing import Any

from emulators.telegram.errors import bad_request
from emulators.telegram.identifiers import read_numbers
from emulators.telegram.media import BARE, KINDS, kind_of
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.posting import Posting
from emulators.telegram.state import State

Object = dict[str, Any]

# What makes up a message, as opposed to where and when it was written.
CONTENT = (
    *("text", "entities", "link_preview_options", "contact", "location", *KINDS),
    *("caption", "caption_entities", "has_media_spoiler", "show_caption_above_media"),
)
CAPTION = ("caption", "caption_entities")


class Copying:
    """What is written into a chat here passes the same checks as every other message."""

    def __init__(self, state: State, posting: Posting) -> None:
        self._state = state
        self._posting = posting

    def methods(self) -> Methods:
        """By name."""
        return {
            "copyMessage": self.copy_message,
            "copyMessages": self.copy_messages,
            "forwardMessage": self.forward_message,
            "forwardMessages": self.forward_messages,
        }

    async def copy_message(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#copymessage"""
        content = _content(self._source(parameters, "message to copy"))
        if content is None:
            raise bad_request("the message can't be copied")
        if "caption" in parameters and kind_of(content) not in (None, *BARE):
            content = _without(content, CAPTION) | self._posting.caption(parameters)
        return {"message_id": self._posting.send(parameters, content)["message_id"]}

    async def forward_message(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#forwardmessage"""
        source = self._source(parameters, "message to forward")
        content = _forwarded(source)
        if content is None:
            raise bad_request("the message can't be forwarded")
        return self._posting.send(parameters, content)

    async def copy_messages(self, parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#copymessages; what cannot be copied is left out."""
        contents = [(source, _content(source)) for source in self._sources(parameters)]
        if parameters.boolean("remove_caption"):
            contents = [(source, it and _without(it, CAPTION)) for source, it in contents]
        return self._repeat(parameters, contents)

    async def forward_messages(self, parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#forwardmessages; likewise."""
        contents = [(source, _forwarded(source)) for source in self._sources(parameters)]
        return self._repeat(parameters, contents)

    def _repeat(
        self, parameters: Parameters, contents: list[tuple[Object, Object | None]]
    ) -> list[Object]:
        place = self._posting.place(parameters)
        albums: dict[str, str] = {}
        wanted = []
        for source, content in contents:
            if content is None:
                continue
            album = source.get("media_group_id")
            kept = {"media_group_id": albums.setdefault(album, new_album())} if album else {}
            wanted.append(content | kept)
        if not wanted:
            raise bad_request("there are no messages to forward")
        # Neither of the two methods can be paid for.
        free = Parameters({"protect_content": parameters.text("protect_content")})
        return [{"message_id": it["message_id"]} for it in self._posting.post(free, place, wanted)]

    def _source(self, parameters: Parameters, called: str) -> Object:
        chat = self._state.chats.readable(parameters.needed("from_chat_id"))
        return self._state.messages.find(chat, parameters.integer("message_id"), called)

    def _sources(self, parameters: Parameters) -> list[Object]:
        told = parameters.needed("from_chat_id")
        numbers = read_numbers(parameters)
        if any(left >= right for left, right in pairwise(numbers)):
            raise bad_request("Message identifiers must be in a strictly increasing order")
        chat = self._state.chats.readable(told)
        return [chat.messages[number] for number in numbers if number in chat.messages]


def new_album() -> str:
    """A media_group_id."""
    return str(secrets.randbits(53))


def _content(source: Object) -> Object | None:
    """What can be copied of a message; None for a service message."""
    return {name: source[name] for name in CONTENT if name in source} or None


def _forwarded(source: Object) -> Object | None:
    """The same with its first author; None when the message cannot be forwarded."""
    content = _content(source)
    if content is None or source.get("has_protected_content"):
        return None
    first_seen = {"type": "user", "sender_user": source["from"], "date": source["date"]}
    return {"forward_origin": source.get("forward_origin", first_seen)} | content


def _without(content: Object, names: tuple[str, ...]) -> Object:
    return {name: value for name, value in content.items() if name not in names}
