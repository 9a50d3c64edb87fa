"""What the Bot API answers to a message, and what it means; absence of an answer too."""

from collections.abc import Mapping

from tests.bots.tables import Answer
from tests.bots.telegram.speaking import refused
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Declined,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
)

Meaning = tuple[Answer, SendResult]

NO_TOKEN = "Telegram does not know this bot: check TELEGRAM_TOKEN and TELEGRAM_API_URL"
WHAT_WAS_KICKED = ("group", "supergroup", "channel")


def slow(description: str, **parameters: object) -> Answer:
    return refused(429, description, **parameters)


def forbidden(words: str) -> Meaning:
    return refused(403, f"Forbidden: {words}"), Unreachable("not_allowed", words)


def wrong(words: str) -> Meaning:
    return refused(400, f"Bad Request: {words}"), Rejected(words[:80], f"Bad Request: {words}")


def bad(words: str, result: SendResult) -> Meaning:
    return refused(400, f"Bad Request: {words}"), result


_SLOW: Mapping[str, Meaning] = {
    "throttled": (slow("Too Many Requests: retry after 3", retry_after=3), Throttled(3)),
    "throttled_in_words": (slow("Too Many Requests: retry after 30"), Throttled(30)),
    "throttled_garbage": (slow("Slow down", retry_after="soon"), Throttled(5)),
    "throttled_below_zero": (slow("Slow down", retry_after=-1), Throttled(5)),
    "throttled_for_years": (slow("Slow down", retry_after=1e300), Throttled(86400)),
    "throttled_for_a_fraction": (slow("Slow down", retry_after=0.2), Throttled(1)),
    "throttled_html": (Answer("<html>", 429), Throttled(5)),
    "throttled_empty": (Answer("", 429), Throttled(5)),
}

_PERSON: Mapping[str, Meaning] = {
    "unreachable": (
        refused(403, "Forbidden: bot was blocked by the user"),
        Unreachable("blocked", "bot was blocked by the user"),
    ),
    "blocked_says_the_core": (
        refused(403, "Forbidden: USER_IS_BLOCKED"),
        Unreachable("blocked", "user_is_blocked"),
    ),
    "deactivated": (
        refused(403, "Forbidden: user is deactivated"),
        Unreachable("no_account", "user is deactivated"),
    ),
    "deactivated_says_the_core": (
        refused(403, "Forbidden: INPUT_USER_DEACTIVATED"),
        Unreachable("no_account", "user is deactivated"),
    ),
    "never_started": forbidden("bot can't initiate conversation with a user"),
    "another_bot": forbidden("bot can't send messages to bots"),
    "unknown_chat": bad("chat not found", Unreachable("no_account", "chat not found")),
    "unknown_private_chat": bad(
        "private chat not found", Unreachable("no_account", "chat not found")
    ),
    "unknown_user": bad("user not found", Unreachable("no_account", "user not found")),
    "unknown_peer": bad("PEER_ID_INVALID", Unreachable("no_account", "peer_id_invalid")),
    "voice_unwanted": bad("VOICE_MESSAGES_FORBIDDEN", Declined("voice_messages_forbidden")),
}

_GROUP: Mapping[str, Meaning] = {
    **{
        f"kicked_from_{kind}": forbidden(f"bot was kicked from the {kind} chat")
        for kind in WHAT_WAS_KICKED
    },
    **{
        f"no_member_of_{kind}": forbidden(f"bot is not a member of the {kind} chat")
        for kind in WHAT_WAS_KICKED
    },
    "group_deleted": forbidden("the group chat was deleted"),
    "no_right_to_write": bad(
        "not enough rights to send text messages to the chat",
        Unreachable("not_allowed", "not enough rights"),
    ),
    "no_right_to_pictures": bad(
        "not enough rights to send photos to the chat",
        Unreachable("not_allowed", "not enough rights"),
    ),
    "no_right_in_the_old_words": bad(
        "have no rights to send a message", Unreachable("not_allowed", "have no rights to send")
    ),
    "no_administrator": bad(
        "need administrator rights in the channel chat",
        Unreachable("not_allowed", "need administrator rights"),
    ),
    "writing_forbidden": bad(
        "CHAT_WRITE_FORBIDDEN", Unreachable("not_allowed", "chat_write_forbidden")
    ),
    "restricted": bad("CHAT_RESTRICTED", Unreachable("not_allowed", "chat_restricted")),
    "thread_deleted": bad("message thread not found", Declined("message thread not found")),
    "topic_closed": bad("TOPIC_CLOSED", Declined("topic_closed")),
    "topic_deleted": bad("TOPIC_DELETED", Declined("topic_deleted")),
    # Answers to changes of topics and chats: as an answer to a message they mean no success.
    "topic_as_it_was": wrong("TOPIC_NOT_MODIFIED"),
    "chat_as_it_was": wrong("CHAT_NOT_MODIFIED"),
}

_CONTENT: Mapping[str, Meaning] = {
    "entities": wrong("can't parse entities: Can't find end of the entity at byte offset 5"),
    "empty": wrong("message text is empty"),
    "too_long": wrong("message is too long"),
    "entities_too_long": wrong("entities too long"),
    "button_data": wrong("BUTTON_DATA_INVALID"),
    "button_url": wrong("BUTTON_URL_INVALID"),
    "button_without_action": wrong(
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    ),
    "buttons_too_many": wrong("reply markup is too long"),
    "file_id_wrong": wrong("wrong file_id or the file is temporarily unavailable"),
    "file_id_invalid": wrong("invalid file_id"),
    "file_too_big": wrong("file is too big"),
    "file_of_another_kind": wrong("can't use file of type Document as Photo"),
    "link_wrong": wrong("wrong HTTP URL specified"),
    "link_dead": wrong("failed to get HTTP URL content"),
    "too_large": (refused(413, "Request Entity Too Large"), Rejected("too_large")),
    "too_large_says_a_proxy": (Answer("<html>", 413), Ambiguous("http_413")),
}

_BOT: Mapping[str, Meaning] = {
    "token_revoked": (refused(401, "Unauthorized"), ChannelDown(NO_TOKEN)),
    "token_invalid": (
        refused(401, "Unauthorized: invalid token specified"),
        ChannelDown(NO_TOKEN),
    ),
    "no_such_bot": (refused(404, "Not Found"), ChannelDown(NO_TOKEN)),
    "no_such_method": (refused(404, "Not Found: method not found"), ChannelDown(NO_TOKEN)),
    "misdirected": (
        refused(421, "Misdirected Request: unallowed token specified"),
        ChannelDown("TELEGRAM_API_URL does not serve this token"),
    ),
    "no_stars": bad(
        "BALANCE_TOO_LOW",
        ChannelDown("no Stars are left to pay for TELEGRAM_PAID_BROADCAST", bulk=True),
    ),
    "conflict": (
        refused(409, "Conflict: terminated by setWebhook request"),
        Temporary("conflict"),
    ),
}

_UNKNOWN: Mapping[str, Meaning] = {
    "server_error": (refused(500, "Internal Server Error"), Ambiguous("Internal Server Error")),
    "restart": (
        refused(500, "Internal Server Error: restart"),
        Ambiguous("Internal Server Error: restart"),
    ),
    "bad_gateway": (refused(502, "Bad Gateway"), Ambiguous("Bad Gateway")),
    "without_description": (Answer({"ok": False}, 503), Ambiguous("http_503")),
    "bad_gateway_html": (Answer("<html>Bad Gateway</html>", 502), Ambiguous("http_502")),
    "gateway_timeout_html": (Answer("<html>Timeout</html>", 504), Ambiguous("http_504")),
    "success_html": (Answer("<html>Hello</html>"), Ambiguous("http_200")),
    "success_empty": (Answer(""), Ambiguous("http_200")),
    "not_unicode": (Answer(b'{"ok": true, "result": \xff}'), Ambiguous("http_200")),
    "depth_bomb": (Answer("[" * 100_000), Ambiguous("http_200")),
    "a_list": (Answer([True]), Ambiguous("http_200")),
    "not_ok": (Answer({"ok": False, "description": "no"}), Ambiguous("http_200")),
    "no_message": (Answer({"ok": True, "result": True}), Ambiguous("no_message_id")),
    "redirect": (Answer("", 307, {"Location": "/elsewhere"}), Ambiguous("http_307")),
    "moved_to_nowhere": (
        refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id="there"),
        Ambiguous("ClientDecodeError"),
    ),
    "hangs": (Answer(fault="hang"), Ambiguous("TimeoutError")),
    "reset": (Answer(fault="reset"), Ambiguous("ClientOSError")),
    "closed": (Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
}

_SENT: Mapping[str, Meaning] = {
    "sent": (Answer({"ok": True, "result": {"message_id": 17}}), Sent("17")),
    "news_in_the_result": (
        Answer({"ok": True, "result": {"message_id": 17, "chat": "an enum of tomorrow"}}),
        Sent("17"),
    ),
}

ANSWERS: Mapping[str, Meaning] = {
    **_SENT,
    **_SLOW,
    **_PERSON,
    **_GROUP,
    **_CONTENT,
    **_BOT,
    **_UNKNOWN,
}
"""An answer to a plain message to a person → the result."""
