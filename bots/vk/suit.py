"""Suits a message to what the person's app can show, in the declared way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bots.vk.carousel import is_carousel
from bots.vk.keyboard import Form, Press, holds
from bots.vk.settings import LIMITS
from vestnik.fit import Unfit, fit
from vestnik.outbound import Button, LinkButton, Text

# What an app is taken to show that has not told: today's show all of it.
EVERYTHING = frozenset(("keyboard", "inline_keyboard", "carousel", "text", "callback", "open_link"))


@dataclass(frozen=True, slots=True)
class Suited:
    """A message, the form of its keyboard if it has one, and the kind of its press buttons."""

    text: Text
    form: Form | None
    press: Press


def suit(text: Text, shows: frozenset[str] | None, *, edit: bool = False) -> Suited | Unfit:
    """The message as the app shows it.

    Cards that make no carousel become lines and buttons, links without buttons become lines.
    Press buttons go inside the message, else under the field that one writes in (which an edit
    cannot change), else they become numbered lines.
    """
    able = EVERYTHING if shows is None else shows
    limits = LIMITS
    if text.cards and not ("carousel" in able and is_carousel(text)):
        limits = replace(limits, cards=0)
    if "open_link" not in able:
        limits = replace(limits, links=False)
    fitted = text if limits is LIMITS else fit(text, limits)
    if isinstance(fitted, Text) and _form(fitted, able, edit) is None and _buttons(fitted):
        fitted = fit(fitted, replace(limits, buttons=0))
    if not isinstance(fitted, Text):
        return fitted if isinstance(fitted, Unfit) else Unfit("VK has no templates")
    form = _form(fitted, able, edit)
    press: Press = "callback" if "callback" in able and form != "under" else "text"
    return Suited(replace(fitted, buttons=_buttons(fitted)), form, press)


def objection(text: Text) -> str | None:
    """Why not even an app that shows everything can show the message; None when it can."""
    suited = suit(text, None)
    return suited.why if isinstance(suited, Unfit) else None


def _form(text: Text, able: frozenset[str], edit: bool) -> Form | None:
    """The form that holds the buttons, None when there is none or they are none."""
    buttons = _buttons(text)
    forms = _forms(text, able, edit) if buttons else ()
    return next((form for form in forms if holds(form, buttons)), None)


def _forms(text: Text, able: frozenset[str], edit: bool) -> Iterator[Form]:
    # A carousel brings its own buttons into the message; whether VK takes more beside is unknown.
    if "inline_keyboard" in able and not text.cards:
        yield "inline"
    if "keyboard" in able and not edit:
        yield "under"


def _buttons(text: Text) -> tuple[Button | LinkButton, ...]:
    return tuple(button for button in text.buttons if isinstance(button, Button | LinkButton))
