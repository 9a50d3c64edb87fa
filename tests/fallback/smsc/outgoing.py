"""What SMSC.ru is asked to send, and what its answers mean."""

from dataclasses import dataclass

from tests.bots.tables import Answer
from tests.fallback.smsc.speaking import ANNA, DIGITS, error
from vestnik.outbound import (
    Acknowledge,
    Button,
    Card,
    CopyButton,
    Edit,
    LinkButton,
    Media,
    Outbound,
    Seen,
    Send,
    Template,
    Text,
)
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Throttled,
    Unreachable,
)
from vestnik.richtext import RichText, Span


@dataclass(frozen=True)
class Request:
    """What is said, and the text of the SMS; `id` is how the message is known to SMSC.ru."""

    said: Text
    mes: str
    handle: str = "640"
    id: str | None = "640"


def text(words: str, *buttons: Button | LinkButton | CopyButton) -> Text:
    return Text(RichText(words), buttons)


YES, SITE = Button("Да", "yes"), LinkButton("Сайт", "https://x.y")

REQUESTS = {
    "plain": Request(text("hello"), "hello"),
    "cyrillic_at_the_limit": Request(text("ж" * 670), "ж" * 670),
    "latin_at_the_limit": Request(text("z" * 1530), "z" * 1530),
    "buttons_at_the_limit": Request(text("Придёте?", YES), "Придёте?"),
    "buttons_of_other_kinds": Request(
        text("Скидка", YES, SITE, CopyButton("Код", "X5")), "Скидка\n\nСайт: https://x.y\nКод: X5"
    ),
    "signs_of_a_form": Request(text("a&b=c+d %20 😀"), "a&b=c+d %20 😀"),
    "literal": Request(text("<b> _*[ {{ }} =1 &amp;"), "<b> _*[ {{ }} =1 &amp;"),
    "rich": Request(
        Text(RichText("Скидки здесь!", (Span(0, 6, "bold"), Span(7, 12, "link", "https://x.y/1")))),
        "Скидки здесь (https://x.y/1)!",
    ),
    "picture": Request(
        Text(RichText("Скидки"), media=(Media("image", "https://x.y/1.png"),) * 2), "Скидки"
    ),
    "cards": Request(
        Text(RichText("Меню"), cards=(Card("Кофе", "90 ₽", None, (YES,)), Card("Чай"))),
        "Меню\n\nКофе — 90 ₽\nЧай",
    ),
    "quote": Request(Text(RichText("a"), reply_to="12"), "a"),
    "handle_that_is_no_number": Request(text("a"), "a", handle="a-1", id=None),
    "handle_too_large": Request(text("a"), "a", handle=str(2**31), id=None),
    "no_handle": Request(text("a"), "a", handle="", id=None),
}

UNKNOWN_PARAMETERS = Rejected("1", "SMSC.ru does not understand the parameters")
BLOCKED = ChannelDown("SMSC.ru has blocked this server's IP address after too many errors")

ANSWERS: dict[str, tuple[Answer, SendResult]] = {
    "taken": (Answer({"id": 640, "cnt": 2}), Sent(f"640:{DIGITS}", segments=2)),
    "taken_with_its_cost": (
        Answer({"id": 63, "cnt": 1, "cost": "3.8", "balance": "286.55"}),
        Sent(f"63:{DIGITS}", segments=1, cost="3.8"),
    ),
    "parameters": (Answer(error(1)), UNKNOWN_PARAMETERS),
    "password": (Answer(error(2)), ChannelDown("SMSC.ru refuses the login, password or key")),
    "no_funds": (Answer(error(3)), ChannelDown("no funds")),
    "address_blocked": (Answer(error(4)), BLOCKED),
    "date": (Answer(error(5)), Rejected("5", "the date is not understood")),
    "forbidden": (Answer(error(6)), Rejected("6", "the text or the sender name is forbidden")),
    "unreachable": (Answer(error(7)), Unreachable("no_account", "7")),
    "not_deliverable": (Answer(error(8)), Unreachable("not_allowed", "8")),
    "throttled": (Answer(error(9, "too many concurrent requests")), Throttled(60.0)),
    "said_twice": (
        Answer(error(9, "duplicate request, wait a minute")),
        Throttled(60.0, "address"),
    ),
    "throttled_by_the_web_server": (Answer(b"slow down", 429), Throttled(60.0)),
    "unknown_code": (Answer(error(77, "new")), Rejected("77", "new")),
    "server_error": (Answer(b"<html>502</html>", 502), Ambiguous("http_502")),
    "server_error_in_json": (Answer({"oops": 1}, 500), Ambiguous("http_500")),
    "empty": (Answer(b""), Ambiguous("http_200")),
    "html": (Answer(b"<html>OK</html>"), Ambiguous("http_200")),
    "depth_bomb": (Answer(b"[" * 100_000), Ambiguous("http_200")),
    "json_of_something_else": (Answer([1]), Ambiguous("http_200")),
    "moved": (Answer(b"", 302, {"Location": "/elsewhere"}), Ambiguous("http_302")),
    "broken_off": (Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
}

# What an SMS cannot be; no request is made.
UNSAID: dict[str, tuple[Outbound, SendResult]] = {
    "press": (Acknowledge("1"), Sent("")),
    "edit": (Edit("1", text("a")), Rejected("edit_unsupported")),
    "template": (Template("news", "ru"), Rejected("template_unsupported")),
    "read_mark": (Seen("1"), Rejected("seen_unsupported")),
}


def to_anna(said: Outbound, handle: str = "640") -> Send:
    return Send(ANNA, said, handle=handle)
