"""Makes a message fit a channel's limits, in the declared way; never by silently cutting text."""

from dataclasses import dataclass, replace

from vestnik.channel import Limits
from vestnik.outbound import (
    Button,
    ContactButton,
    CopyButton,
    LinkButton,
    Message,
    Template,
    Text,
)
from vestnik.richtext import RichText

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Unfit:
    """The message cannot be said on this channel; `why` is for the one who wrote it."""

    why: str


def fit(message: Message, limits: Limits) -> Message | Unfit:
    """The message as this channel can carry it.

    Labels too long are shortened with an ellipsis. Buttons beyond the channel's number become
    numbered lines (a person answers with the number), links without buttons become lines.
    """
    if isinstance(message, Template):
        return message if limits.templates else Unfit("the channel has no templates")
    for button in message.buttons:
        if isinstance(button, Button) and len(button.payload.encode()) > limits.payload:
            return Unfit(f"the payload of {button.label!r} is over {limits.payload} bytes")
    fitted = _fit_buttons(message, limits)
    most = limits.caption if fitted.media and limits.caption else limits.text
    length = limits.measure(fitted.body.text)
    if length > most:
        return Unfit(f"the text is {length} long, the channel takes {most}")
    return fitted


def _fit_buttons(text: Text, limits: Limits) -> Text:
    presses = [button for button in text.buttons if isinstance(button, Button)]
    links = [button for button in text.buttons if isinstance(button, LinkButton)]
    contacts = [button for button in text.buttons if isinstance(button, ContactButton)]
    lines: list[str] = []
    if len(presses) > limits.buttons:
        if limits.answers:
            lines += [f"{number}. {button.label}" for number, button in enumerate(presses, 1)]
        presses = []
    if not limits.links or len(presses) + len(links) > limits.buttons:
        lines += [f"{button.label}: {button.url}" for button in links]
        links = []
    if not limits.contact_button:
        contacts = []
    copies = [button for button in text.buttons if isinstance(button, CopyButton)]
    if not limits.copies:
        lines += [f"{button.label}: {button.text}" for button in copies]
        copies = []
    kept = [button for button in text.buttons if button in presses + links + contacts + copies]
    short = tuple(replace(button, label=_shorten(button.label, limits.label)) for button in kept)
    body = text.body + RichText("\n\n" + "\n".join(lines)) if lines else text.body
    return replace(text, body=body, buttons=short)


def _shorten(label: str, most: int) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + ELLIPSIS


def split(text: Text, limits: Limits) -> tuple[Text, ...]:
    """A text too long for one message as several, cut between paragraphs, lines or words.

    The buttons stay with the last part, the media with the first.
    """
    parts: list[RichText] = []
    rest = text.body
    most = limits.caption if text.media and limits.caption else limits.text
    while limits.measure(rest.text) > most:
        at = _cut(rest.text, limits, most)
        parts.append(rest.cut(0, at))
        skip = len(rest.text[at:]) - len(rest.text[at:].lstrip())
        rest = rest.cut(at + skip, len(rest.text))
        most = limits.text
    if rest.text or not parts:
        parts.append(rest)
    last = len(parts) - 1
    return tuple(
        replace(
            text,
            body=part,
            buttons=text.buttons if index == last else (),
            media=text.media if index == 0 else (),
        )
        for index, part in enumerate(parts)
    )


def _cut(text: str, limits: Limits, most: int) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if limits.measure(text[:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, 0, low)
        if at > low // 2:
            return at
    return low
