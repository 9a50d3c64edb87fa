"""Telegram's payload files and what they tell; webhooks that are not Telegram's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bots.telegram import NAME
from vestnik.address import Address
from vestnik.channel import Hook, Unreadable
from vestnik.inbound import (
    Allowed,
    Author,
    ButtonPressed,
    Closed,
    ContactShared,
    Edited,
    Inbound,
    MediaReceived,
    Moved,
    Reacted,
    Started,
    TextReceived,
)

RECEIVED = datetime(2025, 11, 24, 16, 0, 5, tzinfo=UTC)
AT = datetime(2025, 11, 24, 16, 0, 0, tzinfo=UTC)
EDITED = datetime(2025, 11, 24, 16, 0, 9, tzinfo=UTC)

ANNA = Author("5001", "Анна Петрова", "ru")
OLEG = Author("7007", "Oleg", "pt-br")
GROUP, OLD_GROUP = "-1001234567890", "-4321"
AGREED = "agreed-on"


def address(handle: str) -> Address:
    return Address(NAME, "main", handle)


def anna(update: int, **more: Any) -> dict[str, Any]:
    said = {"event_id": f"u{update}", "address": address("5001"), "author": ANNA}
    return {**said, "at": AT, "reference": "11", **more}


def group(update: int, message: str, **more: Any) -> dict[str, Any]:
    said = {"event_id": f"u{update}", "address": address(GROUP), "author": OLEG}
    return {**said, "at": AT, "reference": message, "in_group": True, **more}


def reacted(update: int, emoji: str) -> Reacted:
    return Reacted(**anna(update, reference="10"), emoji=emoji)


def moved(author: Author) -> Moved:
    told = group(0, "", reference=None, address=address(OLD_GROUP), author=author)
    return Moved(**told | {"event_id": f"moved{OLD_GROUP}"}, to=GROUP)


TEXT = TextReceived(**anna(1003), text="Здравствуйте! 👋")

_EVENTS: dict[str, Inbound] = {
    "start": Started(**anna(1002)),
    "start_deep_link": Started(**anna(1001), payload="spring-26"),
    "text": TEXT,
    "repeated": TEXT,
    "forwarded": TextReceived(**anna(1055), text="перешлите коллегам"),
    "reply": TextReceived(**anna(1004, reference="12"), reply_to="10", text="да"),
    "contact_own": ContactShared(
        **anna(1005, author=replace(ANNA, phone="+79161234567"), reply_to="10"),
        phone="+79161234567",
        own=True,
    ),
    "contact_of_another": ContactShared(**anna(1006), phone="+74950001122", own=False),
    "contact_of_a_stranger": ContactShared(**anna(1007), phone="+74950001122", own=False),
    "photo": MediaReceived(**anna(1008), kind="image", media_id="large", caption="мой чек"),
    "animation": MediaReceived(**anna(1009), kind="video", media_id="gif"),
    "voice": MediaReceived(**anna(1010), kind="voice", media_id="said"),
    "location": MediaReceived(**anna(1011), kind="location"),
    "video": MediaReceived(**anna(1046), kind="video", media_id="clip", caption="смотрите"),
    "video_note": MediaReceived(**anna(1047), kind="video", media_id="round"),
    "audio": MediaReceived(**anna(1048), kind="audio", media_id="song"),
    "document": MediaReceived(**anna(1049), kind="document", media_id="paper", caption="счёт"),
    "sticker": MediaReceived(**anna(1050), kind="sticker", media_id="cat"),
    "venue": MediaReceived(**anna(1051), kind="location"),
    "dice": MediaReceived(**anna(1052), kind="other"),
    "album_item": MediaReceived(**anna(1053), kind="image", media_id="large", caption="первое"),
    "live_photo": MediaReceived(**anna(1054), kind="image", media_id="large"),
    "press": ButtonPressed(
        **anna(1012, reference="10", at=RECEIVED),
        payload="drink:2",
        press="4382bfdwdsb323b2d9",
        label="Латте",
    ),
    "press_on_an_old_message": ButtonPressed(
        **anna(1013, reference="3", at=RECEIVED), payload="drink:1", press="77"
    ),
    "press_in_a_group": ButtonPressed(
        **group(1014, "90", at=RECEIVED), payload="go:9", press="78", label="Отправить"
    ),
    "edited": Edited(**anna(1024, at=EDITED), text="исправлено"),
    "edited_caption": Edited(**anna(1041, at=EDITED), text="мой новый чек"),
    "edited_caption_away": Edited(**anna(1042, at=EDITED), text=""),
    "edited_in_a_group": Edited(**group(1044, "11", at=EDITED), text="Уже не везём"),
    "reaction": reacted(1058, "👍"),
    "reaction_changed": reacted(1059, "❤"),
    "reaction_added": reacted(1060, "🔥"),
    "reaction_taken_away": reacted(1061, ""),
    "reaction_one_of_two_taken_away": reacted(1062, "👍"),
    "reaction_custom": reacted(1063, "other"),
    "reaction_paid": reacted(1064, "⭐"),
    "reaction_in_a_group": Reacted(**group(1065, "10"), emoji="👀"),
    "blocked": Closed(**anna(1015, reference=None)),
    "unblocked": Allowed(**anna(1016, reference=None)),
    "group_command": TextReceived(**group(1017, "91"), text="/report 12"),
    "group_reply": TextReceived(**group(1018, "92"), reply_to="88", text="Уже везём"),
    "group_topic": TextReceived(**group(1019, "93"), text="Здравствуйте"),
    "group_anonymous_administrator": TextReceived(
        **group(1020, "94", author=Author("1087968824", "Group")), text="Беру"
    ),
    "group_migrated": moved(OLEG),
    "group_migrated_from": moved(Author("1087968824", "Group")),
}

_NOTHING = (
    "pinned",
    "write_access",
    "game_press",
    "edited_live_location",
    "edited_by_a_robot",
    "reaction_by_nobody",
    "reaction_by_a_robot",
    "group_robot",
    "group_title",
    "group_added",
    "channel_post",
    "inline_query",
)

_UNREADABLE = {
    "group_left": "the bot was put out of the chat -1001234567890",
    "group_departed": "the bot was put out of the chat -1001234567890",
    "group_migrated_nowhere": "migrate_to_chat_id is not a whole number",
    "unknown_update": "an update of a kind we do not know",
    "unknown_message": "a message of a kind we do not know",
    "payment": "a message of a kind we do not know",
    "press_of_an_inline_message": "message is not an object",
    "reaction_wrong_types": "new_reaction is not a list of objects",
    "no_sender": "from is not an object",
    "edited_without_a_sender": "from is not an object",
    "nul": "text has NUL or half a character in it",
    "half_a_character": "text has NUL or half a character in it",
    "wrong_types": "message_id is not a whole number",
    "date_beyond_time": "date is not a time",
    "contact_without_digits": "phone_number is not a phone number",
}

INCOMING: Mapping[str, Sequence[Inbound | Unreadable]] = {
    **{name: [event] for name, event in _EVENTS.items()},
    **{name: [] for name in _NOTHING},
    **{name: [Unreadable(why)] for name, why in _UNREADABLE.items()},
}
"""Payload file → what it tells; of what is unreadable, the reason."""


def payload(name: str) -> bytes:
    return Path(__file__).with_name(f"{name}.json").read_bytes()


def hook(secret: str | None, *, account: str = "main") -> Hook:
    headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
    url = "https://bot.example/webhooks/telegram/main"
    return Hook("POST", url, "", headers, payload("text"), account)


FORGED: Mapping[str, tuple[Hook, int]] = {
    "missing": (hook(None), 401),
    "empty": (hook(""), 403),
    "wrong": (hook("agreed-oN"), 403),
    "longer": (hook(f"{AGREED}-"), 403),
    "not_ascii": (hook("секрет"), 403),
    "half_a_character": (hook("\udcff"), 403),
    "wrong_account": (hook(AGREED, account="other"), 403),
}
"""Webhooks that are not Telegram's, where the secret is `AGREED` → the status."""
