"""VK's payload files and what they tell."""

from datetime import UTC, datetime
from typing import Any

from bots.vk import NAME
from vestnik.address import Address
from vestnik.channel import Unreadable
from vestnik.inbound import (
    Allowed,
    AnsweredElsewhere,
    Author,
    ButtonPressed,
    Closed,
    DeliveryReported,
    Edited,
    Inbound,
    MediaReceived,
    Reacted,
    Started,
    TextReceived,
)

CHAT = "2000000005"
RECEIVED = datetime(2025, 11, 24, 16, 0, 5, tzinfo=UTC)
AT = datetime(2025, 11, 24, 16, 0, 0, tzinfo=UTC)
A_SECOND_LATER = datetime(2025, 11, 24, 16, 0, 1, tzinfo=UTC)
A_MINUTE_LATER = datetime(2025, 11, 24, 16, 1, 0, tzinfo=UTC)
SHOWS = frozenset(
    ("keyboard", "inline_keyboard", "carousel", "text", "callback", "open_link"),
)


def address(handle: str) -> Address:
    return Address(NAME, "main", handle)


def anna(event_id: str, **more: Any) -> dict[str, Any]:
    said = {"event_id": event_id, "address": address("5001"), "author": Author("5001", "", "ru")}
    return {**said, "at": AT, "reference": "11", "shows": SHOWS, **more}


def did(event_id: str, **more: Any) -> dict[str, Any]:
    """What anna did without writing: VK tells neither the time nor of her app."""
    quiet = {"author": Author("5001"), "at": RECEIVED, "reference": None, "shows": None}
    return anna(event_id, **{**quiet, **more})


def chat(event_id: str, reference: str, **more: Any) -> dict[str, Any]:
    there = {"address": address(CHAT), "in_group": True, "reference": reference, "shows": None}
    return anna(event_id, **{**there, **more})


def colleague(event_id: str) -> dict[str, Any]:
    return did(event_id, author=Author("7007"), at=A_SECOND_LATER, reference="12")


def press(event_id: str, user_id: int, peer_id: int) -> str:
    return f'{{"event_id":"{event_id}","user_id":{user_id},"peer_id":{peer_id}}}'


SAID: list[Inbound] = [TextReceived(**anna("text"), text="Здравствуйте! 👋")]

HAPPENED: dict[str, list[Inbound]] = {
    "text": SAID,
    "start": [Started(**anna("start"))],
    "start_deep_link": [Started(**anna("start_deep_link", source="poster"), payload="spring-26")],
    "deep_link_into_a_known_dialog": [
        Started(**anna("deep_link_into_a_known_dialog"), payload="spring-26")
    ],
    "text_button": [ButtonPressed(**anna("text_button"), payload="drink:2", label="Латте")],
    "button_of_another_bot": [TextReceived(**anna("button_of_another_bot"), text="Латте")],
    "reply": [TextReceived(**anna("reply"), text="да", reply_to="10")],
    "album": [
        MediaReceived(
            **anna("album"), kind="image", media_id="photo5001_457239017_ab12", caption="мой чек"
        ),
        MediaReceived(**anna("album:1"), kind="document", media_id="doc5001_5"),
    ],
    "sticker": [MediaReceived(**anna("sticker"), kind="sticker", media_id="163")],
    "voice": [MediaReceived(**anna("voice"), kind="voice", media_id="audio_message5001_9")],
    "location": [MediaReceived(**anna("location"), kind="location")],
    "link_with_preview": [TextReceived(**anna("link_with_preview"), text="https://coffee.example")],
    "forwarded_only": [MediaReceived(**anna("forwarded_only"), kind="other")],
    "chat_command": [TextReceived(**chat("chat_command", "cmid:91"), text="/report 12")],
    "chat_reply": [
        TextReceived(**chat("chat_reply", "cmid:92", reply_to="cmid:88"), text="Уже везём")
    ],
    "press": [
        ButtonPressed(
            **did("press", reference="cmid:8"), payload="drink:2", press=press("4f2b1c", 5001, 5001)
        )
    ],
    "press_in_a_chat": [
        ButtonPressed(
            **chat("press_in_a_chat", "cmid:93", author=Author("7007"), at=RECEIVED),
            payload="go:9",
            press=press("77", 7007, 2000000005),
        )
    ],
    "press_of_another_bot": [
        ButtonPressed(
            **did("press_of_another_bot", reference="cmid:8"),
            payload='{"cmd": "x"}',
            press=press("78", 5001, 5001),
        )
    ],
    "allowed": [Allowed(**did("allowed"))],
    "denied": [Closed(**did("denied"))],
    "read": [DeliveryReported(**did("read", reference="12"), state="read", and_earlier=True)],
    "repeated": SAID,
    "text_button_object": [
        ButtonPressed(**anna("text_button_object"), payload="drink:2", label="Латте")
    ],
    "press_string": [
        ButtonPressed(
            **did("press_string", reference="cmid:8"),
            payload="drink:2",
            press=press("4f2b1c", 5001, 5001),
        )
    ],
    "old_app": [
        TextReceived(
            **anna(
                "old_app",
                author=Author("5001", "", "en"),
                shows=frozenset(("text", "keyboard")),
            ),
            text="Здравствуйте! 👋",
        )
    ],
    "app_that_does_not_tell": [
        TextReceived(
            **anna("app_that_does_not_tell", author=Author("5001"), shows=None),
            text="Здравствуйте! 👋",
        )
    ],
    "app_that_tells_nonsense": [
        TextReceived(
            **anna("app_that_tells_nonsense", author=Author("5001"), shows=frozenset(("text",))),
            text="Здравствуйте! 👋",
        )
    ],
    "edited": [Edited(**did("edited", at=A_MINUTE_LATER, reference="11"), text="Здравствуйте!")],
    "edited_without_a_time": [
        Edited(**did("edited_without_a_time", at=AT, reference="11"), text="Здравствуйте!")
    ],
    "reacted": [Reacted(**did("reacted", reference="cmid:8"), emoji="4")],
    "reaction_taken_away": [Reacted(**did("reaction_taken_away", reference="cmid:8"), emoji="")],
    "reacted_in_a_chat": [
        Reacted(
            **chat("reacted_in_a_chat", "cmid:93", author=Author("7007"), at=RECEIVED), emoji="1"
        )
    ],
    "answered_by_an_admin": [
        AnsweredElsewhere(**colleague("answered_by_an_admin"), text="Уже едем", handle="77")
    ],
    "answered_with_a_photo": [
        AnsweredElsewhere(**colleague("answered_with_a_photo"), text="", handle="77")
    ],
    "banned": [Closed(**did("banned"))],
    "pardoned": [Allowed(**did("pardoned"))],
}

NOT_OURS = (
    "chat_invitation",
    "written_by_a_community",
    "read_by_us",
    "reacted_by_us",
    "edited_by_us",
    "echo",
    "typing",
    "joined",
    "left",
)

UNREADABLE = {
    "unknown_message_event": "unknown event message_pinned_somewhere",
    "no_sender": "from_id is not a number",
    "no_object": "object is not an object",
    "nul": "text is not a text",
    "half_a_character": "text is not a text",
    "date_beyond_time": "date is not a time",
    "wrong_types": "id is not a number",
    "attachments_wrong": "attachments is not a list of objects",
}

INCOMING: dict[str, list[Inbound] | Unreadable] = {
    **HAPPENED,
    **{name: [] for name in NOT_OURS},
    **{name: Unreadable(why) for name, why in UNREADABLE.items()},
}
