"""The shapes of the Bot API's objects (https://core.telegram.org/bots/api#available-types)."""

from typing import Any

from emulators.telegram.settings import TelegramSettings
from emulators.world import Human

Object = dict[str, Any]

NO_GIFTS = dict.fromkeys(
    (
        *("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"),
        "gifts_from_channels",
    ),
    False,
)
RIGHTS = dict.fromkeys(
    (
        *("can_manage_chat", "can_change_info", "can_delete_messages", "can_invite_users"),
        *("can_restrict_members", "can_pin_messages", "can_manage_topics", "can_manage_tags"),
        *("can_promote_members", "can_manage_video_chats", "can_post_stories"),
        *("can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
    ),
    True,
)
PERMISSIONS = dict.fromkeys(
    (
        *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos"),
        *("can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls"),
        *("can_send_other_messages", "can_add_web_page_previews", "can_react_to_messages"),
        *("can_edit_tag", "can_change_info", "can_invite_users", "can_pin_messages"),
        "can_manage_topics",
    ),
    True,
)
# https://core.telegram.org/api/bots/ids: supergroups' ids are told with this in front.
SUPERGROUP = -1_000_000_000_000
# https://core.telegram.org/bots/api#chatfullinfo: 11 reactions without Premium.
MAX_REACTIONS = 11


def names(human: Human) -> Object:
    """First and last name, as far as there are two."""
    first, _, last = human.name.partition(" ")
    return {"first_name": first} | ({"last_name": last} if last else {})


def user(human: Human) -> Object:
    """A person as User."""
    told: Object = {"id": human.telegram, "is_bot": False, **names(human)}
    if human.username:
        told["username"] = human.username
    return told | {"language_code": human.language}


def bot(settings: TelegramSettings) -> Object:
    """The bot as User."""
    return {
        "id": settings.bot_id,
        "is_bot": True,
        "first_name": settings.first_name,
        "username": settings.username,
    }


def bot_about_itself(settings: TelegramSettings) -> Object:
    """What getMe tells."""
    return bot(settings) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def private_chat(user_id: int, human: Human | None) -> Object:
    """A private Chat."""
    told: Object = {"id": user_id, **(names(human) if human else {"first_name": str(user_id)})}
    if human and human.username:
        told["username"] = human.username
    return told | {"type": "private"}


def group(chat_id: int, title: str, *, forum: bool) -> Object:
    """A group Chat: supergroups have ids below SUPERGROUP, and only they have topics."""
    kind = "supergroup" if forum or chat_id < SUPERGROUP else "group"
    told = {"id": chat_id, "title": title, "type": kind}
    return told | ({"is_forum": True} if forum else {})


def full_chat(card: Object) -> Object:
    """A Chat as ChatFullInfo."""
    told = card | {
        "accent_color_id": abs(card["id"]) % 7,
        "max_reaction_count": MAX_REACTIONS,
        "accepted_gift_types": NO_GIFTS,
    }
    if card["type"] != "private":
        told |= {"permissions": PERMISSIONS, "has_visible_history": True}
    elif "username" in card:
        told["active_usernames"] = [card["username"]]
    return told


def member(who: Object, status: str) -> Object:
    """A User as ChatMember: creator, administrator, member, restricted, left or kicked."""
    told: Object = {"user": who, "status": status}
    if status == "creator":
        told["is_anonymous"] = False
    elif status == "administrator":
        told |= {"can_be_edited": False, "is_anonymous": False, **RIGHTS}
    elif status == "restricted":
        told |= {"is_member": True, "until_date": 0, **dict.fromkeys(PERMISSIONS, False)}
    elif status == "kicked":
        told["until_date"] = 0
    return told


def contact(human: Human) -> Object:
    """A shared card; phones tell the number without its plus."""
    return {
        "phone_number": human.phone.removeprefix("+"),
        **names(human),
        "user_id": human.telegram,
    }


def icon(emoji_id: str, emoji: str) -> Object:
    """A topic's icon as Sticker."""
    return {
        "file_id": f"CAAD{emoji_id}",
        "file_unique_id": f"AgAD{emoji_id}",
        "type": "custom_emoji",
        "width": 100,
        "height": 100,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
        "custom_emoji_id": emoji_id,
    }


def member_change(card: Object, by: Human, at: float, who: Object, turn: tuple[str, str]) -> Object:
    """Somebody's status in a chat before and after, as ChatMemberUpdated."""
    before, after = turn
    return {
        "chat": card,
        "from": user(by),
        "date": int(at),
        "old_chat_member": member(who, before),
        "new_chat_member": member(who, after),
    }
