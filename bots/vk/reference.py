"""How messages, presses and files are named: messages by VK's id, in a chat by their place.

A community sees message_id 0 in group chats, and a press tells only the place (`cmid`) anywhere.
"""

import json
import re
from dataclasses import asdict, dataclass

from bots.vk.fields import Object, whole, words

# Peers above it are group chats (dev.vk.com, messages.send, peer_id).
CHATS = 2_000_000_000
_PLACE = "cmid:"
_NUMBER = re.compile(r"[0-9]{1,18}")
_PEER = re.compile(r"-?[1-9][0-9]{0,17}")


class Foreign(ValueError):
    """A name that this channel never gave."""


def is_peer(handle: str) -> bool:
    """Whether a handle is a peer's number at all."""
    return _PEER.fullmatch(handle) is not None


def in_chat(peer_id: int) -> bool:
    """Whether a peer is a group chat."""
    return peer_id > CHATS


def by_place(cmid: int) -> str:
    """The name of a message by its place in the conversation."""
    return f"{_PLACE}{cmid}"


def name_of(peer_id: int, message_id: int, cmid: int) -> str | None:
    """The name of a message, the same whether it is sent, read or answered; 0 is no number."""
    if in_chat(peer_id) and cmid:
        return by_place(cmid)
    return str(message_id) if message_id else None


def attachment(kind: str, item: Object) -> str | None:
    """The name by which messages.send takes a file: photo-1_2_key; raises Odd."""
    if "owner_id" not in item or "id" not in item:
        return None
    names = [f"{kind}{whole(item, 'owner_id')}", str(whole(item, "id"))]
    return "_".join(filter(None, (*names, words(item, "access_key"))))


def place_in(reference: str) -> int | None:
    """The place that a name tells, or None when it tells a message id; raises Foreign."""
    by_place_told = reference.startswith(_PLACE)
    number = reference.removeprefix(_PLACE)
    if not _NUMBER.fullmatch(number):
        raise Foreign(f"{reference!r} is not the name of a VK message")
    return int(number) if by_place_told else None


@dataclass(frozen=True, slots=True)
class Press:
    """What messages.sendMessageEventAnswer wants to know of the press that it answers."""

    event_id: str
    user_id: int
    peer_id: int

    def token(self) -> str:
        """The press as one string, for ButtonPressed.press."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def of(cls, token: str) -> "Press":
        """The press of a token; raises Foreign."""
        try:
            return cls(**json.loads(token))
        except (TypeError, ValueError):
            raise Foreign("the token is not one of a VK press") from None
