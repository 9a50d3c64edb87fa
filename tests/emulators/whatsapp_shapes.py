"""The keys of webhooks as whatsapp.md 2.1 to 2.4 documents them, and a way to compare with them.

A row is a gesture and what its webhook holds. A shape is a mapping of keys to shapes, a list of one
shape for arrays of such, or a type. A key that ends in "?" may be missing, no other may.
"""

from collections.abc import Mapping
from typing import Any

Shape = Any

METADATA = {"display_phone_number": str, "phone_number_id": str}
PROFILE = {"name": str, "username?": str}
CONTACT = {"profile": PROFILE, "wa_id?": str, "user_id": str, "parent_user_id?": str}
HEAD = {"messaging_product": str, "metadata": METADATA}
SENDER = {
    "from?": str,
    "from_user_id": str,
    "from_parent_user_id?": str,
    "id": str,
    "timestamp": str,
    "type": str,
}
CONTEXT = {"from": str, "id": str}
ERROR = {"code": int, "title": str, "message": str, "error_data": {"details": str}}
FILE = {"id": str, "mime_type": str, "sha256": str, "url?": str}
CARD = {
    "name": {"formatted_name": str, "first_name": str, "last_name?": str},
    "phones": [{"phone": str, "wa_id": str, "type": str}],
    "origin": str,
}
ITEM = {"product_retailer_id": str, "quantity": int, "item_price": float, "currency": str}
REFERRAL = {
    "source_url": str,
    "source_id": str,
    "source_type": str,
    "headline": str,
    "body": str,
    "media_type": str,
    "image_url": str,
    "ctwa_clid?": str,
    "welcome_message": {"text": str},
}
TEXT = {"body": str}
REPLY = {"id": str, "title": str}
EDIT = {"original_message_id": str, "message": {"type": str, "text": TEXT}}

# What stands in messages[] beside SENDER.
MESSAGES: Mapping[str, Shape] = {
    "text": {"text": TEXT, "context?": CONTEXT},
    "forwarded": {"text": TEXT, "context": {"forwarded": bool}},
    "button": {"button": {"payload": str, "text": str}, "context": CONTEXT},
    "button_reply": {"interactive": {"type": str, "button_reply": REPLY}, "context": CONTEXT},
    "list_reply": {
        "interactive": {"type": str, "list_reply": {**REPLY, "description?": str}},
        "context": CONTEXT,
    },
    "nfm_reply": {
        "interactive": {
            "type": str,
            "nfm_reply": {"name": str, "body": str, "response_json": str},
        },
        "context": CONTEXT,
    },
    "image": {"image": {**FILE, "caption?": str}},
    "video": {"video": {**FILE, "caption?": str}},
    "document": {"document": {**FILE, "caption?": str, "filename": str}},
    "audio": {"audio": {**FILE, "voice": bool}},
    "sticker": {"sticker": {**FILE, "animated": bool}},
    "location": {"location": {"latitude": float, "longitude": float}},
    "own number": {"contacts": [CARD], "context?": CONTEXT},
    "other number": {"contacts": [{**CARD, "vcard": str}]},
    "reaction": {"reaction": {"message_id": str, "emoji?": str}},
    "order": {"order": {"catalog_id": str, "text": str, "product_items": [ITEM]}},
    "user_changed_user_id": {
        "system": {"type": str, "body": str, "wa_id?": str, "user_id": str, "parent_user_id?": str}
    },
    "user_changed_number": {"system": {"type": str, "body": str, "wa_id": str}},
    "customer_changed_number": {"system": {"type": str, "body": str, "new_wa_id": str}},
    "identity": {
        "system": {"type": str, "body": str},
        "identity": {"hash": str, "created_timestamp": int, "acknowledged": bool},
    },
    "unsupported": {"unsupported": {"type": str}, "errors": [ERROR]},
    "edit": {"edit": EDIT},
    "revoke": {"revoke": {"original_message_id": str}},
    "referral": {"text": TEXT, "referral": REFERRAL},
    "glitch": {},
}
PRICING = {"billable": bool, "pricing_model": str, "type": str, "category": str}
CONVERSATION = {"id": str, "origin": {"type": str}}
STATUS = {
    "id": str,
    "status": str,
    "timestamp": str,
    "biz_opaque_callback_data?": str,
    "recipient_id?": str,
}
PROGRESS = {**STATUS, "recipient_user_id": str}
STATUSES: Mapping[str, Shape] = {
    "sent": {
        **PROGRESS,
        "pricing": PRICING,
        "conversation?": {**CONVERSATION, "expiration_timestamp": str},
    },
    "delivered": {**PROGRESS, "pricing?": PRICING, "conversation?": CONVERSATION},
    "read": {**PROGRESS, "pricing?": PRICING, "conversation?": CONVERSATION},
    "played": {**PROGRESS, "conversation?": CONVERSATION},
    "failed": {**STATUS, "recipient_user_id?": str, "errors": [{**ERROR, "href": str}]},
}
PREFERENCE = {
    "wa_id?": str,
    "user_id": str,
    "parent_user_id?": str,
    "detail": str,
    "category": str,
    "value": str,
    "timestamp": int,
}
ECHO = {
    "from": str,
    "to?": str,
    "to_user_id": str,
    "id": str,
    "timestamp": str,
    "type": str,
    "text?": TEXT,
    "edit?": EDIT,
    "revoke?": {"original_message_id": str},
}
NAMED = {
    "message_template_id": int,
    "message_template_name": str,
    "message_template_language": str,
}
# The `value` of the fields that are about the account.
ACCOUNT: Mapping[str, Shape] = {
    "message_template_status_update": {
        **NAMED,
        "event": str,
        "message_template_category": str,
        "reason": str,
        "rejection_info?": {"reason": str, "recommendation": str},
        "disable_info?": {"disable_date": str},
        "other_info?": {"title": str, "description": str},
    },
    "message_template_quality_update": {
        **NAMED,
        "previous_quality_score": str,
        "new_quality_score": str,
    },
    "template_category_update": {**NAMED, "previous_category": str, "new_category": str},
    "account_update": {
        "event": str,
        "violation_info?": {"violation_type": str},
        "restriction_info?": [{"restriction_type": str, "expiration?": int}],
        "ban_info?": {"waba_ban_state": str, "waba_ban_date?": str},
    },
    "phone_number_quality_update": {
        "display_phone_number": str,
        "event": str,
        "current_limit": str,
        "max_daily_conversations_per_business": str,
    },
    "business_capability_update": {"max_daily_conversations_per_business": str},
}


def misfit(value: Any, shape: Shape, place: str = "value") -> str:
    """Where a value is not of a shape, "" where it is."""
    if isinstance(shape, type):
        fits = type(value) is shape
        return "" if fits else f"{place} is {value!r}, not {shape.__name__}"
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return f"{place} is no array of anything"
        found = (misfit(item, shape[0], f"{place}[{n}]") for n, item in enumerate(value))
        return next(filter(None, found), "")
    if not isinstance(value, dict):
        return f"{place} is no object"
    known = {key.removesuffix("?"): key for key in shape}
    if extra := value.keys() - known.keys():
        return f"{place} has {sorted(extra)} too"
    if lacking := [key for key in shape if not key.endswith("?") and key not in value]:
        return f"{place} lacks {lacking}"
    found = (misfit(value[key], shape[known[key]], f"{place}.{key}") for key in value)
    return next(filter(None, found), "")
