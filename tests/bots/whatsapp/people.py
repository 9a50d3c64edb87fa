"""Who WhatsApp's payload files tell of, as our channel knows them."""

from datetime import UTC, datetime
from typing import Any

from tests.bots.whatsapp_business import BY_NUMBER, HIDDEN, SCOPED
from vestnik.inbound import Author, Inbound

# Events in their order; a string stands for the reason of something unreadable.
Rows = dict[str, list[Inbound | str]]

AT = datetime.fromtimestamp(1763800000, UTC)

ANNA: dict[str, Any] = {
    "event_id": "msg:wamid.IN",
    "address": SCOPED,
    "author": Author("RU.1349120", name="Anna", phone="+79990001122"),
    "at": AT,
    "reference": "wamid.IN",
}
BORIS: dict[str, Any] = ANNA | {
    "address": BY_NUMBER,
    "author": Author("79990003344", name="Борис", phone="+79990003344"),
}
VERA: dict[str, Any] = ANNA | {"address": HIDDEN, "author": Author("RU.77", name="Vera")}
QUOTING: dict[str, Any] = ANNA | {"reply_to": "wamid.OUT"}


def later(who: dict[str, Any], number: int | str) -> dict[str, Any]:
    """Another message of the same person."""
    return who | {"event_id": f"msg:wamid.{number}", "reference": f"wamid.{number}"}
