"""Makes a message fit a channel's limits, in the declared way; never by silently cutting text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vestnik.channel import Limits
from vestnik.cuts import pages
from vestnik.outbound import Button, Media, Message, Template, Text
from vestnik.richtext import RichText
from vestnik.stand_ins import stand_in


@dataclass(frozen=True, slots=True)
class Unfit:
    """The message cannot be said on this channel; `why` is for the one who wrote it."""

    why: str


def fit(message: Message, limits: Limits) -> Message | Unfit:
    """The message as this channel can carry it, in one piece; see `stand_in` for what changes."""
    if isinstance(message, Template):
        return message if limits.templates else Unfit("the channel has no templates")
    fitted = stand_in(message, limits)
    why = next(_flaws(fitted, limits), None)
    return fitted if why is None else Unfit(why)


def split(text: Text, limits: Limits) -> tuple[Text, ...]:
    """A message that is too much for one as several, each of which fits.

    Files come first, as many at once as the channel takes. The words stand under the first of
    them if they fit there whole; else they follow, cut where it hurts least. The buttons and
    cards are with the last part, the quote with the first. In several parts it replaces nothing.
    What the channel cannot say by itself (a place, a sticker) stays in a part that does not fit.
    """
    fitted = stand_in(text, limits)
    said = [part for it in _unpacked(fitted, limits) for part in _pages(it, limits)]
    first, rest = said[0], said[1:]
    alone = first if not rest else replace(first, replaces=None)
    return (alone, *(replace(part, reply_to=None, replaces=None) for part in rest))


def _flaws(text: Text, limits: Limits) -> Iterator[str]:
    own = [button for card in text.cards for button in card.buttons]
    for button in (*text.buttons, *own):
        if isinstance(button, Button) and len(button.payload.encode()) > limits.payload:
            yield f"the payload of {button.label!r} is over {limits.payload} bytes"
    if len(text.media) > limits.album:
        yield f"there are {len(text.media)} files, the channel takes {limits.album} at once"
    if len(text.media) > 1 and text.buttons:
        yield "several files at once take no buttons"
    if not (text.body.text.strip() or text.media or text.cards):
        yield "there is nothing to say on this channel"
    length, most = limits.measure(text.body.text), _most(text, limits)
    if length > most:
        yield f"the text is {length} long, the channel takes {most}"
    if why := limits.objection(text):
        yield why


def _most(text: Text, limits: Limits) -> int:
    return limits.caption if text.media and limits.caption is not None else limits.text


def _unpacked(text: Text, limits: Limits) -> list[Text]:
    """The files, and the words where they cannot stand under the first of them."""
    if not text.media:
        return [text]
    under = limits.measure(text.body.text) <= _most(text, limits)
    buttons = text.buttons or text.cards
    if under and len(text.media) <= limits.album and not (buttons and len(text.media) > 1):
        if limits.objection(text) is None:
            return [text]
        under = False
    if under and not buttons:
        first, *rest = _albums(text.media, limits)
        return [replace(text, media=first), *(_shown(album) for album in rest)]
    if not text.body.text.strip() and buttons:
        # There are no words for the buttons to stand under: the last file is.
        albums = _albums(text.media[:-1], limits)
        return [*map(_shown, albums), replace(text, media=text.media[-1:])]
    words = [replace(text, media=())] if text.body.text.strip() or buttons else []
    return [*map(_shown, _albums(text.media, limits)), *words]


def _albums(media: Sequence[Media], limits: Limits) -> list[tuple[Media, ...]]:
    """As many files at once as the channel takes together."""
    albums: list[tuple[Media, ...]] = []
    for file in media:
        last = (*albums[-1], file) if albums else ()
        if 0 < len(last) <= limits.album and limits.objection(_shown(last)) is None:
            albums[-1] = last
        else:
            albums.append((file,))
    return albums


def _shown(album: tuple[Media, ...]) -> Text:
    return Text(RichText(""), media=album)


def _pages(text: Text, limits: Limits) -> list[Text]:
    """The words cut into messages; smaller ones where the buttons leave the last less room."""
    if text.media:
        return [text]
    whole = _cut(text, limits.text, limits)
    for most in (limits.text // 2, limits.text // 4):
        if most and limits.objection(whole[-1]) is not None:
            whole = _cut(text, most, limits)
    return whole


def _cut(text: Text, most: int, limits: Limits) -> list[Text]:
    parts = text.body.parts(pages(text.body, most, limits.measure))
    before = [replace(text, body=part, buttons=(), cards=()) for part in parts[:-1]]
    return [*before, replace(text, body=parts[-1])]
