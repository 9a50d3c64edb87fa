"""What became of our messages, and who wants no more advertising."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bots.whatsapp.errors import cause_of, refusal_of
from bots.whatsapp.fields import moment
from bots.whatsapp.people import People
from bots.whatsapp.shapes import Conversation, Preference, Status
from vestnik.channel import Unreadable
from vestnik.inbound import Allowed, DeliveryReported, Inbound, Receipt, Stopped
from vestnik.outcome import Cause

STATES: Mapping[str, Receipt] = {
    "sent": "accepted",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
IGNORED = frozenset({"deleted"})

# Somebody came from an advertisement, and we answered: a free stretch begins.
FREE_ORIGIN = "referral_conversion"


def status_event(status: Status, people: People) -> Inbound | Unreadable | None:
    """The report in one status."""
    if status.status in IGNORED or status.recipient_type == "group":
        return None
    state = STATES.get(status.status)
    if state is None:
        return Unreadable("an unknown status")
    # The message is found by its id: a status that names nobody still counts.
    recipient = people.identify(status.recipient_user_id, status.recipient_id) or people.nobody()
    return DeliveryReported(
        event_id=f"st:{status.id}:{status.status}",
        address=recipient.address,
        author=recipient.author,
        at=status.at,
        reference=status.id,
        handle=status.biz_opaque_callback_data,
        state=state,
        cause=_cause(status.errors) if state == "failed" else None,
        free_until=_free_until(status.conversation),
    )


def preference_event(
    told: Preference, people: People, phone_id: str
) -> Inbound | Unreadable | None:
    """The person's word to WhatsApp about our advertising; other categories are not ours."""
    if told.category != "marketing_messages":
        return None
    person = people.identify(told.user_id, told.wa_id)
    if person is None:
        return Unreadable("nobody is named as the one who prefers it")
    meaning: Mapping[str, type[Stopped | Allowed]] = {
        "stop": Stopped,
        "resume": Allowed,
        "signup": Allowed,
    }
    if told.value not in meaning:
        return Unreadable("an unknown preference")
    who = person.author.user_id
    return meaning[told.value](
        event_id=f"pref:{phone_id}:{who}:{told.category}:{told.value}:{told.timestamp}",
        address=person.address,
        author=person.author,
        at=told.at,
    )


def _free_until(conversation: Conversation | None) -> datetime | None:
    if conversation is None or conversation.origin.type != FREE_ORIGIN:
        return None
    ends = conversation.expiration_timestamp
    return None if ends is None else moment(ends)


def _cause(errors: Sequence[Any]) -> Cause | None:
    refusals = (refusal_of(error) for error in errors)
    return next((cause_of(refusal) for refusal in refusals if refusal), None)
