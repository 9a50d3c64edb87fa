"""What became of a message, as the webhook tells it (whatsapp.md section 2.3)."""

from typing import Any

from emulators.whatsapp.bundles import Update
from emulators.whatsapp.errors import status_error
from emulators.whatsapp.lines import Outgoing
from emulators.whatsapp.payloads import contact


def progress(message: Outgoing, state: str, at: float) -> Update:
    """`sent`, `delivered`, `read`, `played`; the price is on `sent` and the first of the others."""
    human = message.human
    item = _status(message, state, at)
    if human is not None:
        if not human.username_only:
            item["recipient_id"] = human.wa_id
        item["recipient_user_id"] = human.bsuid
    if message.pricing and (state == "sent" or not message.told & {"delivered", "read"}):
        item["pricing"] = message.pricing
    if message.conversation:
        told = dict(message.conversation)
        if state != "sent":
            del told["expiration_timestamp"]
        item["conversation"] = told
    who = contact(human, username=state != "sent") if human else None
    return Update("messages", "statuses", item, who)


def failure(
    message: Outgoing, code: int, details: str, at: float, *, contacts: bool = False
) -> Update:
    """`failed`: without contacts, and with that id of the recipient alone which was written to.

    `contacts`: as it was told before business-scoped ids.
    """
    item = _status(message, "failed", at)
    item["recipient_user_id" if message.by_bsuid else "recipient_id"] = message.to
    item["errors"] = [status_error(code, details)]
    who = contact(message.human, username=False) if contacts and message.human else None
    return Update("messages", "statuses", item, who)


def _status(message: Outgoing, state: str, at: float) -> dict[str, Any]:
    item: dict[str, Any] = {"id": message.id, "status": state, "timestamp": str(int(at))}
    if message.opaque is not None:
        item["biz_opaque_callback_data"] = message.opaque
    return item
