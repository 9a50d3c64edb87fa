"""Reads the message of a request, whatever its type."""

from emulators.whatsapp.account import Account
from emulators.whatsapp.bodies import (
    MEDIA,
    Draft,
    read_contacts,
    read_location,
    read_media,
    read_reaction,
    read_text,
)
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.interactive import read_interactive
from emulators.whatsapp.params import Params, bad_value
from emulators.whatsapp.templates import read_template

MESSAGE_ID = 512
TYPES = ("text", "interactive", "template", "location", "contacts", "reaction", *MEDIA)
COMMON = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
)
LITE = ("message_activity_sharing", "product_policy")


def read_draft(account: Account, params: Params) -> Draft:
    """What `POST /messages` sends; raises GraphError."""
    kind = params.choice("type", TYPES) if params.has("type") else "text"
    params.only(*COMMON, kind)
    known = account.media.knows
    if kind == "text":
        return read_text(params)
    if kind == "interactive":
        return read_interactive(params, known)
    if kind == "template":
        return read_template(params, account.shelf, known)
    if kind == "location":
        return read_location(params)
    if kind == "contacts":
        return read_contacts(params)
    if kind == "reaction":
        return _reaction(account, params)
    return read_media(kind, params, known)


def read_lite(account: Account, params: Params) -> Draft:
    """What `POST /marketing_messages` sends: a marketing template and nothing else."""
    if params.get("type") != "template":
        raise GraphError(134100, "Only template messages can be sent by this endpoint.")
    params.only(*COMMON, *LITE, "template")
    draft = read_template(params, account.shelf, account.media.knows)
    if draft.template is None or draft.template.category != "MARKETING":
        raise GraphError(134100, "The category of the template is not MARKETING.")
    draft.lite = True
    return draft


def read_quote(account: Account, params: Params) -> str | None:
    """The message that is quoted; WhatsApp shows no quote of one that it does not know."""
    if not params.has("context"):
        return None
    context = params.child("context")
    context.only("message_id")
    message_id = context.text("message_id", MESSAGE_ID)
    return message_id if account.knows(message_id) else None


def _reaction(account: Account, params: Params) -> Draft:
    draft = read_reaction(params)
    if draft.reacts_to is None or not account.knows(draft.reacts_to):
        raise bad_value(f"Message {draft.reacts_to} was not found.")
    return draft
