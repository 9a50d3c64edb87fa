"""What the bot may do in a group: everything as an administrator, less as a member."""

from typing import Any

from emulators.telegram.chats import Chat, Topic
from emulators.telegram.errors import bad_request
from emulators.telegram.media import kind_of

# MessageContent.cpp, can_send_message_content.
NAMES = {
    "text": "text messages", "photo": "photos", "video": "videos", "animation": "animations",
    "audio": "music", "document": "documents", "voice": "voice notes", "contact": "contacts",
    "video_note": "video notes", "sticker": "stickers",
}  # fmt: skip


def check_content(chat: Chat, content: dict[str, Any]) -> None:
    """Whether the bot may write this here; raises ApiError."""
    if chat.role == "restricted":
        kind = kind_of(content) or next((name for name in NAMES if name in content), "text")
        raise bad_request(f"Not enough rights to send {NAMES[kind]} to the chat")


def check_topic(chat: Chat, topic: Topic) -> None:
    """Whether the bot may write into a topic: administrators may even when it is closed."""
    if topic.closed and chat.role != "administrator":
        raise bad_request("TOPIC_CLOSED")


def check_manages(chat: Chat, doing: str) -> None:
    """Whether the bot may manage topics; raises ApiError (ForumTopicManager.cpp)."""
    if chat.role != "administrator":
        raise bad_request(f"Not enough rights to {doing}")


def hears(chat: Chat, message: dict[str, Any], bot_id: int, username: str) -> bool:
    """Whether the bot is told of a message in a group (privacy mode is on).

    https://core.telegram.org/bots/features#privacy-mode
    """
    if chat.private or chat.role == "administrator":
        return True
    replied = message.get("reply_to_message", {}).get("from", {})
    text: str = message.get("text") or message.get("caption", "")
    return replied.get("id") == bot_id or text.startswith("/") or f"@{username}" in text
