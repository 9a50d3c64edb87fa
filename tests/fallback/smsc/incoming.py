"""What SMSC.ru's callbacks mean, and which are not SMSC.ru's."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from fallback.gateways import smsc
from tests.fallback.smsc.speaking import ANNA, DIGITS, PASSWORD, PHONE
from vestnik.channel import Unreadable
from vestnik.inbound import Author, DeliveryReported, Inbound, TextReceived
from vestnik.outcome import Cause, ChannelDown, Rejected, Temporary, Unreachable

FILES = Path(__file__).parent
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def body_of(row: str) -> bytes:
    """The body of a callback: a form, kept as the mapping of its fields."""
    fields = json.loads((FILES / f"{row}.json").read_text(encoding="utf-8"))
    return urlencode(fields).encode()


def unreadable(row: str, why: str) -> Unreadable:
    return Unreadable(why, ascii(body_of(row)))


FROM_ANNA: dict[str, Any] = {
    "address": ANNA,
    "author": Author(DIGITS, phone=PHONE),
    "at": AT,
}


def report(state: Any, status: int, cause: Cause | None = None) -> DeliveryReported:
    told: dict[str, Any] = {
        "reference": f"640:{DIGITS}",
        "handle": "640",
        "state": state,
        "cause": cause,
    }
    return DeliveryReported(event_id=f"dlr:640:{DIGITS}:{status}", **FROM_ANNA, **told)


def failed(status: int, cause: Cause) -> DeliveryReported:
    return report("failed", status, cause)


def text(number: str, words: str) -> TextReceived:
    told: dict[str, Any] = {"reference": f"{number}:{DIGITS}", "text": words}
    return TextReceived(event_id=f"mo:{number}", **FROM_ANNA, **told)


INCOMING: dict[str, Inbound | Unreadable] = {
    "text": text("981", "СТОП 😀"),
    "text_empty": text("982", ""),
    "queued": report("accepted", -1),
    "with_the_operator": report("accepted", 0),
    "delivered": report("delivered", 1),
    "repeated": report("delivered", 1),
    "phone_with_plus": report("delivered", 1),
    "read": report("read", 2),
    "clicked": report("read", 4),
    "expired": failed(3, Temporary("expired")),
    "expired_while_off": failed(3, Temporary("6")),
    "stopped": failed(-2, Rejected("stopped", "stopped in the account at SMSC.ru")),
    "undeliverable": failed(20, Unreachable("no_account", "20")),
    "nobody_there": failed(20, Unreachable("no_account", "1")),
    "mailings_refused": failed(20, Unreachable("not_allowed", "244")),
    "spam_filter": failed(23, Rejected("253")),
    "forbidden": failed(23, Rejected("23", "forbidden text, sender name or number")),
    "wrong_number": failed(22, Unreachable("no_account", "22")),
    "no_funds": failed(24, ChannelDown("no funds")),
    "out_of_service": failed(25, Unreachable("no_account", "25")),
    "sender_not_registered": failed(
        20, ChannelDown("the sender name is not registered with the operator")
    ),
    "server_refused": failed(20, ChannelDown("SMSC.ru refuses this server's IP address")),
    "unknown_status": unreadable("unknown_status", "unknown status 777"),
    "status_in_words": unreadable("status_in_words", "no number in status"),
    "reason_in_words": unreadable("reason_in_words", "no number in err"),
    "no_phone": unreadable("no_phone", "no phone number"),
    "phone_in_words": unreadable("phone_in_words", "no phone number"),
    "phone_in_another_script": unreadable("phone_in_another_script", "no phone number"),
    "no_id": unreadable("no_id", "no id"),
    "nul": unreadable("nul", "a NUL in the form"),
    "nothing": unreadable("nothing", "no phone number"),
}

ANOTHER = smsc.Settings(login="coffee", password=SecretStr("another"))

# The query of a callback, and the status it is refused with.
FORGED: dict[str, tuple[str, int]] = {
    "no_secret": ("", 403),
    "empty_secret": ("secret=", 403),
    "wrong_secret": ("secret=guess", 403),
    "non_ascii_secret": ("secret=%D1%8F", 403),
    "secret_that_is_no_text": ("secret=%FF", 403),
    "password_for_the_secret": (f"secret={PASSWORD}", 403),
    "secret_of_another_account": (
        smsc.callback_url(ANOTHER, "https://bot.example").partition("?")[2],
        403,
    ),
}
