"""Reads what a person's app tells of itself: its language, and what it can show."""

from bots.vk.event import Event
from bots.vk.fields import Object

# client_info.lang_id; the numbers are those of VK ID's SDK (its enumeration Languages).
LANGUAGES = {
    0: "ru",
    1: "uk",
    3: "en",
    4: "es",
    6: "de",
    15: "pl",
    16: "fr",
    65: "uz",
    82: "tr",
    97: "kk",
    114: "be",
}
# vk-api-schema, callback_info_for_bots: flags beside the list of button_actions.
FLAGS = ("keyboard", "inline_keyboard", "carousel")


def language(event: Event) -> str | None:
    """The language of the app, a BCP 47 tag, where it is one that we know."""
    number = _client(event).get("lang_id")
    return LANGUAGES.get(number) if isinstance(number, int) else None


def shows(event: Event) -> frozenset[str] | None:
    """What the app can show, in VK's words: keyboard, inline_keyboard, carousel, kinds of button.

    None where it does not tell.
    """
    client = _client(event)
    actions = client.get("button_actions")
    if not isinstance(actions, list):
        return None
    flags = {flag for flag in FLAGS if client.get(flag) is True}
    return frozenset(flags | {action for action in actions if isinstance(action, str)})


def _client(event: Event) -> Object:
    client = event.object.get("client_info")
    return client if isinstance(client, dict) else {}
