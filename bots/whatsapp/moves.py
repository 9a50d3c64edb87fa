"""Who has a new number or a new scoped id."""

import re

from bots.whatsapp.people import People, is_scoped, phone_of
from bots.whatsapp.shapes import Message, System
from vestnik.channel import Unreadable
from vestnik.inbound import Author, Moved

MOVES = frozenset({"user_changed_user_id", "user_changed_number", "customer_changed_number"})

# The end of "User Anna changed from RU.1 to RU.2": people choose the words before it themselves.
_FROM_TO = re.compile(r"changed from (\S+) to (\S+)\Z")


def move_event(message: Message, people: People) -> Moved | Unreadable | None:
    """The move that a system message tells of; None for its other news, and for none at all."""
    system = message.system
    if system is None or system.type not in MOVES:
        return None
    before = people.identify(message.from_user_id or _scoped_before(system), message.sender)
    phone = phone_of(system.wa_id) or phone_of(system.new_wa_id)
    to = next((it for it in (system.user_id, system.wa_id) if is_scoped(it)), None) or phone
    if before is None or to is None:
        return Unreadable("a move from nobody or to nowhere")
    if before.address.handle == to:
        return None
    return Moved(
        event_id=f"msg:{message.id}",
        address=before.address,
        author=Author(to.removeprefix("+"), name=before.author.name, phone=phone),
        at=message.at,
        to=to,
    )


def _scoped_before(system: System) -> str | None:
    """The old scoped id; where no field names it, the sentence for people does."""
    told = _FROM_TO.search(system.body)
    known = told and is_scoped(told[1]) and told[2] == system.user_id
    return told[1] if told and known else None
