"""Messages as they look on a phone."""

from typing import Any

from emulators.screens import Bubble, Key
from emulators.telegram.chats import PLATFORM, Chat
from emulators.telegram.files import Files
from emulators.telegram.media import file_id_of, kind_of
from emulators.world import World

SPAN_STYLES = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "code": "code",
    "pre": "pre",
    "text_link": "link",
    "url": "link",
}
SIGNS = {
    "video": "🎬", "animation": "🎞", "audio": "🎵", "document": "📎", "voice": "🎤",
    "video_note": "🎥", "sticker": "🏷",
}  # fmt: skip
SERVICE = {
    "forum_topic_created": "Создана тема",
    "forum_topic_edited": "Тема изменена",
    "forum_topic_closed": "Тема закрыта",
    "forum_topic_reopened": "Тема снова открыта",
    "migrate_to_chat_id": "Группа стала супергруппой",
    "migrate_from_chat_id": "Группа стала супергруппой",
}


class Display:
    """Puts what happens in chats on the world's screens."""

    def __init__(self, world: World, files: Files) -> None:
        self._world = world
        self._files = files

    def show(self, chat: Chat, message: dict[str, Any]) -> None:
        """A new message."""
        self._world.screens.show(PLATFORM, chat.screen, self._bubble(chat, message))

    def change(self, chat: Chat, message: dict[str, Any]) -> None:
        """An edited message."""
        bubble = self._world.screens.find(PLATFORM, chat.screen, str(message["message_id"]))
        if bubble is None:
            return
        bubble.text, bubble.spans = shown_text(message), _spans(message)
        bubble.keys, bubble.edited = _keys(message), "edit_date" in message
        bubble.image = self._image(message)
        self._world.screens.change(PLATFORM, chat.screen, bubble)

    def react(self, chat: Chat, message_id: int, emoji: list[str]) -> None:
        """A message with these reactions."""
        bubble = self._world.screens.find(PLATFORM, chat.screen, str(message_id))
        if bubble is not None:
            bubble.reactions = emoji
            self._world.screens.change(PLATFORM, chat.screen, bubble)

    def clear(self, chat: Chat) -> None:
        """An empty screen."""
        for bubble in list(self._world.screens.of(PLATFORM, chat.screen).bubbles):
            self._world.screens.remove(PLATFORM, chat.screen, bubble.id)

    def remove(self, chat: Chat, message_id: int) -> None:
        """A deleted message."""
        self._world.screens.remove(PLATFORM, chat.screen, str(message_id))

    def keyboard(self, chat: Chat) -> None:
        """The keyboard that stands below the chat now, or none."""
        rows = chat.keyboard["keyboard"] if chat.keyboard else []
        keys = [[_reply_key(button) for button in row] for row in rows]
        self._world.screens.keyboard(PLATFORM, chat.screen, keys)

    def note(self, chat: Chat, text: str) -> None:
        """The state of the chat."""
        self._world.screens.note(PLATFORM, chat.screen, text)

    def toast(self, chat: Chat, text: str) -> None:
        """A notice that passes."""
        self._world.screens.toast(PLATFORM, chat.screen, text)

    def _bubble(self, chat: Chat, message: dict[str, Any]) -> Bubble:
        sender = message["from"]
        human = self._world.who(PLATFORM, sender["id"])
        topic = chat.topics.get(message.get("message_thread_id", 0))
        service = next((kind for kind in SERVICE if kind in message), None)
        replied = message.get("reply_to_message", {})
        origin = message.get("forward_origin")
        return Bubble(
            id=str(message["message_id"]),
            text=SERVICE[service] if service else shown_text(message),
            at=float(message["date"]),
            mine=chat.private and not sender["is_bot"],
            author=_name(sender),
            author_id=human.id if human else str(sender["id"]),
            thread=topic.name if topic else None,
            forwarded_from=_name(origin["sender_user"]) if origin else None,
            spans=_spans(message),
            keys=_keys(message),
            image=self._image(message),
            reply_to=None if _is_implied(replied) else str(replied["message_id"]),
            service=service is not None,
        )

    def _image(self, message: dict[str, Any]) -> str | None:
        """Where the picture of a message is; videos and files have none to show."""
        file_id = file_id_of(message) if "photo" in message else None
        return self._files.link(file_id) if file_id else None


def _is_implied(replied: dict[str, Any]) -> bool:
    """Whoever writes into a topic "replies" to its first message."""
    return not replied or "forum_topic_created" in replied


def _name(user: dict[str, Any]) -> str:
    return " ".join(filter(None, (user["first_name"], user.get("last_name"))))


def shown_text(message: dict[str, Any]) -> str:
    """What people read of a message."""
    if contact := message.get("contact"):
        return f"{_name(contact)}\n+{contact['phone_number']}"
    if place := message.get("location"):
        return f"📍 {place['latitude']:.5f}, {place['longitude']:.5f}"
    text: str = message.get("text") or message.get("caption", "")
    kind = kind_of(message)
    if kind is None or kind == "photo":
        return text
    return f"{SIGNS[kind]} {message[kind].get('file_name', '')}\n{text}".strip()


def _spans(message: dict[str, Any]) -> list[dict[str, Any]]:
    if kind_of(message) not in (None, "photo"):
        return []
    spans = []
    for entity in message.get("entities") or message.get("caption_entities", []):
        if style := SPAN_STYLES.get(entity["type"]):
            span = {"offset": entity["offset"], "length": entity["length"], "style": style}
            spans.append(span | ({"url": entity["url"]} if "url" in entity else {}))
    return spans


def _keys(message: dict[str, Any]) -> list[list[Key]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[_inline_key(button) for button in row] for row in rows]


def _inline_key(button: dict[str, Any]) -> Key:
    style = button.get("style")
    if "callback_data" in button or "copy_text" in button:
        return Key(button["text"], style=style)
    target = button.get("web_app") or button.get("login_url") or {}
    return Key(button["text"], kind="link", url=button.get("url") or target.get("url"), style=style)


def _reply_key(button: dict[str, Any]) -> Key:
    kind: Any = "contact" if button.get("request_contact") else "text"
    return Key(button["text"], kind=kind, style=button.get("style"))
