"""A message's files: which it has, and the message with the ids by which a channel knows them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from vestnik.outbound import Card, Media, Outbound, Text
from vestnik.outcome import Upload


def files_of(message: Outbound) -> frozenset[str]:
    """The keys of the files of ours that a message shows."""
    if not isinstance(message, Text):
        return frozenset()
    return frozenset(media.file for media in _media(message) if media.file)


def with_ids(message: Outbound, uploads: Mapping[str, Upload]) -> Outbound:
    """The message, its files named by the channel's own ids as far as there are any."""
    if not isinstance(message, Text) or not uploads:
        return message

    def named(media: Media) -> Media:
        upload = uploads.get(media.file or "")
        return replace(media, id=upload.id, file=None) if upload else media

    def card(it: Card) -> Card:
        return replace(it, media=named(it.media)) if it.media else it

    return replace(
        message, media=tuple(map(named, message.media)), cards=tuple(map(card, message.cards))
    )


def without(message: Text, keys: Collection[str]) -> Text:
    """The message without these files of ours."""

    def card(it: Card) -> Card:
        return replace(it, media=None) if it.media and it.media.file in keys else it

    return replace(
        message,
        media=tuple(it for it in message.media if it.file not in keys),
        cards=tuple(map(card, message.cards)),
    )


def _media(text: Text) -> Iterator[Media]:
    yield from text.media
    yield from (card.media for card in text.cards if card.media)
