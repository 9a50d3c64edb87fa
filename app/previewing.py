"""Shows a message in the terminal as a messenger shows it: after `fit`, with its buttons."""

from collections.abc import Mapping

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text as Terminal

from dialogs.fitting import Screen, changes
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.outbound import AnyButton, Button, ContactButton, CopyButton, LinkButton, Text
from vestnik.richtext import RichText, Style

WIDTH = 64
STYLES: dict[Style, str] = {
    "bold": "bold",
    "italic": "italic",
    "strike": "strike",
    "code": "cyan",
    "link": "underline blue",
}


def show(channel: str, screen: Screen, limits: Limits, names: Mapping[str, str]) -> None:
    """Print a screen's messages on a channel, and what the channel changed.

    `names` are those of the files of ours, by their keys.
    """
    console = Console(width=WIDTH)
    for part in split(screen.text, limits):
        title, form = f"{channel} · {screen.language}", _form(part, limits)
        console.print(Panel(_drawn(part, names), title=title, subtitle=form, width=WIDTH))
    for _, what in changes(screen, limits):
        console.print(f"  ! {what}", style="yellow", markup=False, highlight=False)


def _form(text: Text, limits: Limits) -> str | None:
    """What the channel calls the form that the buttons take."""
    presses = sum(isinstance(it, Button) for it in text.buttons)
    forms = (name for name, most in limits.layouts if presses <= most)
    return next(forms, None) if presses else None


def _drawn(text: Text, names: Mapping[str, str]) -> Group:
    shown = ((it.kind, it.url or it.id or names.get(it.file or "")) for it in text.media)
    files = [Terminal(f"▒ {kind}: {source}") for kind, source in shown]
    buttons = [Terminal(_button(it), style="reverse") for it in text.buttons]
    gap = [Terminal()] if buttons else []
    return Group(*files, _styled(text.body), *gap, *buttons)


def _styled(body: RichText) -> Terminal:
    drawn = Terminal(body.text)
    for span in body.spans:
        drawn.stylize(STYLES[span.style], span.start, span.end)
    return drawn


def _button(button: AnyButton) -> str:
    match button:
        case LinkButton(label=label):
            return f"[ {label} ↗ ]"
        case CopyButton(label=label):
            return f"[ {label} ⧉ ]"
        case ContactButton(label=label):
            return f"[ {label} ☎ ]"
        case _:
            return f"[ {button.label} ]"
