"""How the community's messages look on people's phones."""

from collections.abc import Mapping
from typing import Any

from emulators.screens import Bubble, Screens
from emulators.vk.call import PLATFORM
from emulators.vk.client import Client
from emulators.vk.history import Dialog, Message
from emulators.vk.keyboard import Keyboard, Rows, keys
from emulators.world import World

STYLES = {"bold": "bold", "italic": "italic", "underline": "underline", "url": "link"}


class Phones:
    """Shows the dialogs on the screens of the world."""

    def __init__(self, world: World, name: str, group_id: int) -> None:
        self._world = world
        self._screens: Screens = world.screens
        self._author = (name, str(-group_id))
        self._clients: dict[int, Client] = {}

    def client(self, user_id: int) -> Client:
        """The app a person reads with."""
        return self._clients.get(user_id) or Client()

    def equip(self, user_id: int, client: Client) -> None:
        """From now on a person reads with this app."""
        self._clients[user_id] = client

    def keys(self, message: Message) -> Rows:
        """The keys that a person sees under a message."""
        return self.client(message.peer_id).under(message.content)

    def below(self, dialog: Dialog) -> Rows:
        """The keys that a person sees below the conversation."""
        return self.client(dialog.user_id).below(dialog.keyboard)

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
        self._fill(bubble, message)
        self._screens.show(PLATFORM, str(message.peer_id), bubble)

    def change(self, message: Message) -> None:
        """Show a message as it was edited."""
        bubble = self._screens.find(PLATFORM, str(message.peer_id), str(message.id))
        if bubble is not None:
            self._fill(bubble, message)
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
        dialog.keyboard = keyboard if keyboard and keyboard.rows else None
        self._screens.keyboard(PLATFORM, str(dialog.user_id), keys(self.below(dialog)))

    def note(self, dialog: Dialog) -> None:
        """Tell what stands in the way of the community's messages."""
        notes = {
            18: "страница удалена",
            900: "сообщество внесло человека в чёрный список",
            901: "сообщения от сообщества запрещены",
            902: "сообщения от сообществ закрыты настройками приватности",
        }
        note = "" if dialog.obstacle is None else notes[dialog.obstacle]
        self._screens.note(PLATFORM, str(dialog.user_id), note)

    def toast(self, user_id: int, text: str) -> None:
        """Show a short notice that passes."""
        self._screens.toast(PLATFORM, str(user_id), text)

    def _fill(self, bubble: Bubble, message: Message) -> None:
        content = message.content
        read = self.client(message.peer_id).text(content)
        files = filter(None, map(_file, content.attachments))
        bubble.text = "\n".join([*([read] if read else []), *files])
        bubble.keys = keys(self.keys(message))
        items = content.format_data["items"] if content.format_data else []
        bubble.spans = [_span(item) for item in items]
        bubble.image = next((url for each in content.attachments if (url := _picture(each))), None)


def _span(item: Mapping[str, Any]) -> dict[str, Any]:
    span = {"offset": item["offset"], "length": item["length"], "style": STYLES[item["type"]]}
    return {**span, "url": item["url"]} if item["type"] == "url" else span


def _picture(attachment: Mapping[str, Any]) -> str | None:
    sizes = attachment.get("photo", {}).get("sizes")
    return str(sizes[-1]["url"]) if sizes else None


def _file(attachment: Mapping[str, Any]) -> str:
    """The line of a file or of a voice message; empty for anything else."""
    match attachment:
        case {"type": "doc", "doc": {"title": str(title)}}:
            return f"📎 {title}"
        case {"type": "audio_message", "audio_message": {"duration": int(seconds)}}:
            return f"🎤 {seconds // 60}:{seconds % 60:02}"
        case _:
            return ""
