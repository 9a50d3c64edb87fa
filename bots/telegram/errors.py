"""What a failed request means: one class of result per reaction."""

from dataclasses import replace

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import (
    ClientConnectorError,
    ClientHttpProxyError,
    ConnectionTimeoutError,
    InvalidURL,
    NonHttpUrlClientError,
)

from bots.telegram.session import NoAnswer
from vestnik.outbound import Outbound, Text
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

# Words in a refusal's description (lower case) and what they mean; the first that is found holds.
# Texts: tdlib/telegram-bot-api, Client.cpp and Query.cpp; those in capitals are Telegram's core's.
REFUSALS: tuple[tuple[str, SendResult], ...] = (
    ("bot was blocked by the user", Unreachable("blocked", "bot was blocked by the user")),
    ("user_is_blocked", Unreachable("blocked", "user_is_blocked")),
    ("user is deactivated", Unreachable("no_account", "user is deactivated")),
    ("input_user_deactivated", Unreachable("no_account", "user is deactivated")),
    ("chat not found", Unreachable("no_account", "chat not found")),
    ("user not found", Unreachable("no_account", "user not found")),
    ("peer_id_invalid", Unreachable("no_account", "peer_id_invalid")),
    ("not enough rights", Unreachable("not_allowed", "not enough rights")),
    ("have no rights to send", Unreachable("not_allowed", "have no rights to send")),
    ("need administrator rights", Unreachable("not_allowed", "need administrator rights")),
    ("chat_write_forbidden", Unreachable("not_allowed", "chat_write_forbidden")),
    ("chat_restricted", Unreachable("not_allowed", "chat_restricted")),
    # The place is shut, the person (or the rest of the group) is not.
    ("message thread not found", Declined("message thread not found")),
    ("topic_closed", Declined("topic_closed")),
    ("topic_deleted", Declined("topic_deleted")),
    ("voice_messages_forbidden", Declined("voice_messages_forbidden")),
    # TELEGRAM_PAID_BROADCAST without Stars; that the code is this one is unverified. Answers are
    # not paid for.
    (
        "balance_too_low",
        ChannelDown("no Stars are left to pay for TELEGRAM_PAID_BROADCAST", bulk=True),
    ),
    ("misdirected request", ChannelDown("TELEGRAM_API_URL does not serve this token")),
    # Nothing left to do is success.
    ("message is not modified", Sent("")),
    ("query is too old", Sent("")),
)

# The message that was to be replaced is not there, or cannot become this one.
GONE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "there is no media in the message to edit",
    "message_id_invalid",
    "message_edit_time_expired",
)
# The message that was to be quoted is not there.
UNQUOTED = ("message to be replied not found", "reply message not found")

_NOTHING_SENT = (
    ClientConnectorError,  # DNS, TCP, TLS, proxy
    ClientHttpProxyError,
    ConnectionTimeoutError,
    InvalidURL,
    NonHttpUrlClientError,
)
_CODE_LENGTH = 80


def judge(error: Exception, *, group: bool = False) -> SendResult:
    """The result that a send's error stands for; a group's throttling is its own affair."""
    match error:
        case TelegramRetryAfter():
            return Throttled(error.retry_after, "address" if group else "lane")
        case TelegramEntityTooLarge():
            return Rejected("too_large")
        case TelegramMigrateToChat():
            return Temporary("moved")
        case TelegramNetworkError():
            return _network(error.__cause__)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return ChannelDown(explain(error))
        case TelegramConflictError():
            return Temporary("conflict")
        case TelegramServerError():
            return Ambiguous(error.message[:_CODE_LENGTH])
        case TelegramAPIError():
            return _refusal(error)
        case NoAnswer():
            return Ambiguous(f"http_{error.status}")
        case _:
            return Ambiguous(type(error).__name__)


def amended(outbound: Outbound, error: Exception) -> Text | None:
    """What to say instead, where only the message that it replaces or quotes is missing."""
    if not isinstance(outbound, Text) or not isinstance(error, TelegramBadRequest):
        return None
    words = error.message.lower()
    if outbound.replaces is not None and any(phrase in words for phrase in GONE):
        return replace(outbound, replaces=None)
    if outbound.reply_to is not None and any(phrase in words for phrase in UNQUOTED):
        return replace(outbound, reply_to=None)
    return None


def _network(cause: BaseException | None) -> SendResult:
    name = type(cause).__name__
    return Temporary(name) if isinstance(cause, _NOTHING_SENT) else Ambiguous(name)


def _refusal(error: TelegramAPIError) -> SendResult:
    words = error.message.lower()
    for phrase, result in REFUSALS:
        if phrase in words:
            return result
    code = error.message.partition(": ")[2] or error.message
    if isinstance(error, TelegramForbiddenError):
        return Unreachable("not_allowed", code[:_CODE_LENGTH])
    return Rejected(code[:_CODE_LENGTH], error.message)


def explain(error: Exception) -> str:
    """What happened and what to do, for people; never with the token in it."""
    match error:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "Telegram does not know this bot: check TELEGRAM_TOKEN and TELEGRAM_API_URL"
        case TelegramConflictError():
            return f"{error.message} (one process polls, and only without a webhook)"
        case TelegramRetryAfter():
            return f"Telegram asks to wait {error.retry_after} s: try again then"
        case TelegramNetworkError():
            why = type(error.__cause__).__name__
            return f"no answer ({why}): check the network, TELEGRAM_API_URL and TELEGRAM_PROXY"
        case TelegramAPIError():
            return f"Telegram refuses: {error.message}"
        case NoAnswer():
            return f"{error}: check that TELEGRAM_API_URL is a Bot API server"
        case _:
            return f"unexpected {type(error).__name__}"
