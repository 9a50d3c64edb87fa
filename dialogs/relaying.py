"""What operators are shown of a customer's message, and what a customer gets of theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from dialogs.parts import said_in
from dialogs.scenario import Scenario
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.inbound import (
    ButtonPressed,
    ContactShared,
    Edited,
    MediaReceived,
    Personal,
    Reacted,
    Started,
    TextReceived,
)
from vestnik.outbound import Media, MediaKind

Relayed = Personal | Edited | Reacted

SHOWN: frozenset[MediaKind] = frozenset(("image", "video", "audio", "voice", "document"))
"""Kinds of files that every messenger can show."""

SIGNS: Mapping[MediaKind, str] = {
    "image": "🖼",
    "video": "🎬",
    "audio": "🎵",
    "voice": "🎤",
    "document": "📎",
    "sticker": "🏷",
    "location": "📍",
    "other": "📦",
}
"""What stands for a file that is not passed on."""


def words_of(inbound: Relayed) -> str:
    """A customer's message in words."""
    match inbound:
        case TextReceived(text=text):
            return text
        case ButtonPressed(label=label, payload=payload):
            return f"▸ {label or payload}"
        case ContactShared(phone=phone):
            return f"☎ {phone}"
        case MediaReceived(kind=kind, caption=caption):
            return f"{SIGNS[kind]} {caption}".rstrip()
        case Started():
            return "/start"
        case Edited(text=text):
            return f"✎ {text}"
        case Reacted(emoji=emoji):
            return emoji or "∅"


def labelled(inbound: Personal, scenario: Scenario, language: str) -> Personal:
    """A press with its choice's words, where the provider tells only the payload (VK)."""
    if not isinstance(inbound, ButtonPressed) or inbound.label:
        return inbound
    name, _, choice = inbound.payload.partition(":")
    asked = scenario.question(name)
    chosen = asked.choices.get(choice.lstrip("+-")) if asked else None
    return replace(inbound, label=said_in(language, chosen.labels)) if chosen else inbound


@dataclass(frozen=True, slots=True)
class FileRelay:
    """Passes files on between messengers; those of the lanes `fetchable` can be fetched there."""

    fetchable: Collection[Lane]

    async def of(self, work: UnitOfWork, inbound: Relayed, to: Lane) -> tuple[Media, ...]:
        """The file of a message, as it can be sent on another lane; empty when it cannot."""
        if not isinstance(inbound, MediaReceived) or inbound.media_id is None:
            return ()
        source = inbound.address.lane
        if inbound.kind not in SHOWN or not (source == to or source in self.fetchable):
            return ()
        return (Media(inbound.kind, file=await work.files.refer(source, inbound.media_id)),)
