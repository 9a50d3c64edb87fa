"""VK's objects as API 5.199 writes them: messages, conversations, people, the community."""

from typing import Any

from emulators.vk.history import Dialog, Message
from emulators.vk.keyboard import Keyboard
from emulators.vk.settings import VkSettings
from emulators.world import Human

Json = dict[str, Any]

# vk-api-schema, messages_reaction_counter_response_item.
REACTED = 3


def message_object(message: Message) -> Json:
    """A message with every field that clients' models ask for."""
    content = message.content
    found: Json = {
        "id": message.id,
        "date": int(message.at),
        "peer_id": message.peer_id,
        "from_id": message.from_id,
        "out": int(message.out),
        "version": message.version,
        "conversation_message_id": message.cmid,
        "text": content.text,
        "attachments": content.attachments,
        "fwd_messages": [foreign_object(each) for each in content.forwarded],
        "important": False,
        "is_hidden": False,
        "random_id": message.random_id,
        "payload": content.payload,
        "geo": content.geo,
        "format_data": content.format_data,
        "ref": message.ref,
        "ref_source": message.ref_source,
        "admin_author_id": message.admin_id,
        "keyboard": content.keyboard and keyboard_object(content.keyboard, message.from_id),
        "template": content.carousel and content.carousel.raw,
        "reply_message": content.reply and foreign_object(content.reply),
        "update_time": message.edited_at and int(message.edited_at),
        **_reactions(message),
    }
    return {name: value for name, value in found.items() if value is not None}


def _reactions(message: Message) -> Json:
    """The reactions to a message: how many of each, and the community's own."""
    by_number: dict[int, list[int]] = {}
    for who, number in message.reactions.items():
        by_number.setdefault(number, []).append(who)
    counters = [
        {"reaction_id": number, "count": len(people), "user_ids": people[:REACTED]}
        for number, people in by_number.items()
    ]
    own = next((number for who, number in message.reactions.items() if who < 0), None)
    return {"reactions": counters or None, "reaction_id": own}


def foreign_object(message: Message) -> Json:
    """A message quoted or forwarded in another."""
    return {
        "id": message.id,
        "date": int(message.at),
        "peer_id": message.peer_id,
        "from_id": message.from_id,
        "conversation_message_id": message.cmid,
        "text": message.content.text,
        "attachments": message.content.attachments,
    }


def keyboard_object(keyboard: Keyboard, author_id: int) -> Json:
    """A keyboard as VK repeats it, with its author."""
    return {
        "one_time": keyboard.one_time,
        "inline": keyboard.inline,
        "author_id": author_id,
        "buttons": [[button.told() for button in row] for row in keyboard.rows],
    }


def conversation_object(dialog: Dialog, last: Message | None, unread: int) -> Json:
    """A conversation: what was read on both sides, and whether it can be written to.

    The reasons in `can_write` are the codes of messages.send
    (dev.vk.com/reference/objects/conversation).
    """
    can_write: Json = {"allowed": dialog.obstacle is None}
    if dialog.obstacle is not None:
        can_write["reason"] = dialog.obstacle
    return {
        "peer": {"id": dialog.user_id, "type": "user", "local_id": dialog.user_id},
        "sort_id": {"major_id": 0, "minor_id": dialog.last_id},
        "last_message_id": dialog.last_id,
        "last_conversation_message_id": len(dialog.message_ids),
        "in_read": dialog.in_read,
        "out_read": dialog.out_read,
        "unread_count": unread,
        "is_marked_unread": False,
        "important": False,
        "unanswered": last is not None and not last.out,
        "can_write": can_write,
        "version": last.version if last else 0,
    }


def user_object(human: Human, *, deleted: bool = False) -> Json:
    """A person's public page, or what is left of it."""
    if deleted:
        names = {"first_name": "DELETED", "last_name": ""}
        return {"id": human.vk, **names, "deactivated": "deleted"}
    first, _, last = human.name.partition(" ")
    return {
        "id": human.vk,
        "first_name": first,
        "last_name": last,
        "is_closed": False,
        "can_access_closed": True,
        "screen_name": human.username or f"id{human.vk}",
        "domain": human.username or f"id{human.vk}",
    }


def group_object(settings: VkSettings) -> Json:
    """The community's public page."""
    return {
        "id": settings.group_id,
        "name": settings.name,
        "screen_name": settings.screen_name,
        "is_closed": 0,
        "type": "group",
        "photo_50": "https://vk.com/images/community_50.png",
        "photo_100": "https://vk.com/images/community_100.png",
        "photo_200": "https://vk.com/images/community_200.png",
    }
