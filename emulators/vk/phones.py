"""How the community's messages look on people's phones."""

from collections.abc import Mapping
from typing import Any

from emulators.screens import Bubble, Screens
from emulators.vk.call import PLATFORM
from emulators.vk.history import Dialog, Message
from emulators.vk.keyboard import Keyboard, keys
from emulators.world import World

STYLES = {"bold": "bold", "italic": "italic", "underline": "underline", "url": "link"}


class Phones:
    """Shows the dialogs on the screens of the world."""

    def __init__(self, world: World, name: str, group_id: int) -> None:
        self._world = world
        self._screens: Screens = world.screens
        self._author = (name, str(-group_id))

    def show(self, message: Message) -> None:
        """Put a new message on the person's screen."""
        person = self._world.who(PLATFORM, message.peer_id)
        name, number = self._author
        if not message.out:
            name, number = person.name if person else "", str(message.peer_id)
        bubble = Bubble(
            id=str(message.id),
            text="",
            at=message.at,
            mine=not message.out,
            author=name,
            author_id=number,
            status="sent",
            reply_to=str(message.content.reply.id) if message.content.reply else None,
        )
        _fill(bubble, message)
        self._screens.show(PLATFORM, str(message.peer_id), bubble)

    def change(self, message: Message) -> None:
        """Show a message as it was edited."""
        bubble = self._screens.find(PLATFORM, str(message.peer_id), str(message.id))
        if bubble is not None:
            _fill(bubble, message)
            bubble.edited = True
            self._screens.change(PLATFORM, str(message.peer_id), bubble)

    def remove(self, message: Message) -> None:
        """Take a message off the screen."""
        self._screens.remove(PLATFORM, str(message.peer_id), str(message.id))

    def read(self, message: Message) -> None:
        """Mark a message as read by the other side."""
        bubble = self._screens.find(PLATFORM, str(message.peer_id), str(message.id))
        if bubble is not None:
            bubble.status = "read"
            self._screens.change(PLATFORM, str(message.peer_id), bubble)

    def keyboard(self, dialog: Dialog, keyboard: Keyboard | None) -> None:
        """Put a keyboard below the conversation; None, or one without keys, takes it away."""
        rows = keyboard.rows if keyboard else ()
        dialog.keyboard = keyboard if rows else None
        self._screens.keyboard(PLATFORM, str(dialog.user_id), keys(rows))

    def note(self, dialog: Dialog) -> None:
        """Tell what stands in the way of the community's messages."""
        notes = {
            900: "сообщество внесло человека в чёрный список",
            901: "сообщения от сообщества запрещены",
            902: "сообщения от сообществ закрыты настройками приватности",
        }
        note = "" if dialog.obstacle is None else notes[dialog.obstacle]
        self._screens.note(PLATFORM, str(dialog.user_id), note)

    def toast(self, user_id: int, text: str) -> None:
        """Show a short notice that passes."""
        self._screens.toast(PLATFORM, str(user_id), text)


def _fill(bubble: Bubble, message: Message) -> None:
    content = message.content
    bubble.text = content.read
    bubble.keys = keys(content.rows)
    items = content.format_data["items"] if content.format_data else []
    bubble.spans = [_span(item) for item in items]
    bubble.image = next((url for each in content.attachments if (url := _picture(each))), None)


def _span(item: Mapping[str, Any]) -> dict[str, Any]:
    span = {"offset": item["offset"], "length": item["length"], "style": STYLES[item["type"]]}
    return {**span, "url": item["url"]} if item["type"] == "url" else span


def _picture(attachment: Mapping[str, Any]) -> str | None:
    sizes = attachment.get("photo", {}).get("sizes")
    return str(sizes[-1]["url"]) if sizes else None
