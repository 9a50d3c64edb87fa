"""What stands in for cards, buttons, files and styles where a channel has none: lines of text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vestnik.channel import Limits
from vestnik.clusters import shorten
from vestnik.outbound import AnyButton, Button, Card, ContactButton, CopyButton, LinkButton, Text
from vestnik.richtext import RichText, Span


def stand_in(text: Text, limits: Limits) -> Text:
    """The message without what the channel does not have; once done, it changes nothing more.

    Cards beyond the channel's number become lines, their buttons join the message's. Press buttons
    beyond its number become numbered lines, all of them, which a person answers with the number or
    the label; where answers cannot come, they fall away. Link and copy buttons without room become
    lines too. Labels are shortened, and numbered where two would read alike. Files fall away where
    a channel takes none, pictures of cards with their cards; links are spelled out where a text
    has none.
    """
    if len(text.cards) > limits.cards:
        text = _without_cards(text)
    kept, lines = _sorted_out(text.buttons, limits)
    return replace(
        text,
        body=_styled(_with_lines(text.body, lines), limits),
        buttons=_labelled(kept, limits.label),
        media=text.media if limits.album else (),
        replaces=text.replaces if limits.edits else None,
    )


def _without_cards(text: Text) -> Text:
    own = [button for card in text.cards for button in card.buttons]
    times = Counter(button.label for button in (*text.buttons, *own))
    lines = [line for line in map(_line, text.cards) if line.text]
    buttons = tuple(
        replace(button, label=f"{button.label} ({card.title})")
        if card.title and times[button.label] > 1
        else button
        for card in text.cards
        for button in card.buttons
    )
    return replace(
        text, body=_with_lines(text.body, lines), buttons=(*text.buttons, *buttons), cards=()
    )


def _line(card: Card) -> RichText:
    """The title in bold, a dash and the text."""
    title = RichText(card.title, (Span(0, len(card.title), "bold"),) if card.title else ())
    return title + RichText(" — " if card.title and card.text else "") + RichText(card.text)


def _with_lines(body: RichText, lines: Sequence[RichText]) -> RichText:
    """Lines as they are added to a text: below an empty line, if there is a text."""
    for index, line in enumerate(lines):
        gap = "\n" if index else "\n\n"
        body += RichText(gap if body.text else "") + line
    return body


def _sorted_out(
    buttons: Sequence[AnyButton], limits: Limits
) -> tuple[list[AnyButton], list[RichText]]:
    """The buttons that stay, and the lines for the others, in their order."""
    presses = sum(isinstance(button, Button) for button in buttons)
    pressed = presses <= limits.buttons
    room = limits.buttons - presses if pressed else limits.buttons
    kept, numbered, lines = list[AnyButton](), list[str](), list[str]()
    for button in buttons:
        match button:
            case Button() if pressed:
                kept.append(button)
            case Button(label):
                numbered.append(f"{len(numbered) + 1}. {label}")
            case ContactButton() if limits.contact_button:
                kept.append(button)
            case LinkButton() if limits.links and room > 0:
                kept.append(button)
                room -= 1
            case CopyButton() if limits.copies and room > 0:
                kept.append(button)
                room -= 1
            case LinkButton(label, value) | CopyButton(label, value):
                lines.append(f"{label}: {value}")
            case ContactButton():
                pass  # a phone number may be typed
    return kept, [RichText(line) for line in (*(numbered if limits.answers else ()), *lines)]


def _labelled(buttons: Sequence[AnyButton], most: int) -> tuple[AnyButton, ...]:
    """Labels as long as they may be; those of press buttons numbered where two would read alike."""
    short = [replace(button, label=shorten(button.label, most)) for button in buttons]
    labels = [button.label.casefold() for button in short if isinstance(button, Button)]
    if len(set(labels)) == len(labels):
        return tuple(short)
    return tuple(_numbered(buttons, most))


def _numbered(buttons: Sequence[AnyButton], most: int) -> Iterator[AnyButton]:
    number = 0
    for button in buttons:
        label = button.label
        if isinstance(button, Button):
            number += 1
            label = f"{number}. {label}"
        yield replace(button, label=shorten(label, most))


def _styled(body: RichText, limits: Limits) -> RichText:
    if "link" not in limits.styles:
        body = body.spelled()
    return replace(body, spans=tuple(span for span in body.spans if span.style in limits.styles))
