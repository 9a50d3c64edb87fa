"""The refusals of the Graph API: their codes, titles and envelopes."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

HREF = "/documentation/business-messaging/whatsapp/support/error-codes"

# code → (HTTP status, title). Codes and statuses: whatsapp.md section 5; titles: Meta's page of
# error codes ("WhatsApp Business Platform / Support / Error codes").
ERRORS: Mapping[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (429, "Application request limit reached"),
    10: (403, "Permission denied"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    368: (403, "Temporarily blocked for policies violations"),
    2200: (400, "Callback verification failed"),
    2500: (400, "Unknown path components"),
    80007: (429, "Rate limit issues"),
    130403: (400, "Message failed to send because the user is blocked by the business"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131037: (400, "Business phone number display name is not approved"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (429, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (
        400,
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing "
        "messages on WhatsApp from your business",
    ),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131055: (400, "Method not allowed"),
    131056: (429, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131060: (400, "This message is currently unavailable"),
    131062: (400, "Business-scoped user ID is not supported for this message"),
    131063: (400, "Marketing templates are disabled for the Cloud API"),
    131064: (429, "Messaging limited because of template misclassification"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132008: (400, "Parameter value does not match the format of the template"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "Template parameters are not valid"),
    133004: (503, "Server temporarily unavailable"),
    133010: (400, "Phone number not registered"),
    132068: (400, "Flow is in blocked state"),
    132069: (400, "Flow is in throttled state"),
    133016: (429, "Account register or deregister rate limit exceeded"),
    134100: (400, "Only marketing messages are supported"),
    134101: (500, "Template is not synced yet"),
    134102: (400, "Template is not available for use"),
    134011: (500, "Payments terms of service are not accepted"),
    135000: (400, "Generic user error"),
    137000: (400, "Recipient identity key hash mismatch"),
    139100: (400, "Failed to block or unblock some users"),
    139200: (400, "Direct Send is not enabled"),
}

# Refusals whose message does not begin with their number.
UNNUMBERED = frozenset({190, 2500})
NO_SUCH_OBJECT = 33
# Of six digits, so that 000100 is a number like any other.
SHORTEST_MAGIC = 100_000

# Found out after the answer: the message is accepted and fails by a webhook (section 7).
ASYNC_CODES = frozenset({131026, 131047, 131049, 131050})

DETAILS: Mapping[int, str] = {
    130429: "Message failed to send because there were too many messages sent from this phone "
    "number in a short period of time",
    131026: "Message Undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer "
    "last replied to this number.",
    131048: "Message failed to send because there are restrictions on how many messages can be "
    "sent from this phone number.",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be "
    "delivered.",
    131050: "Recipient has chosen to stop receiving marketing messages from your business.",
    131056: "Message failed to send because there were too many messages sent from this phone "
    "number to the same phone number in a short period of time.",
}


def magic(handle: str) -> int | None:
    """The error that a number asks for by its last six digits (whatsapp.md section 7)."""
    ending = handle[-6:]
    code = int(ending) if ending.isdecimal() else 0
    return code if code in ERRORS and code >= SHORTEST_MAGIC else None


class GraphError(Exception):
    """The API's refusal of a request; `title` and `status` override the table's."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        title: str | None = None,
        status: int | None = None,
        subcode: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        known_status, known_title = ERRORS.get(code, (400, "Something went wrong"))
        self.code = code
        self.details = details or DETAILS.get(code, "")
        self.title = title or known_title
        self.status = status or known_status
        self.subcode = subcode
        self.headers = dict(headers or {})
        super().__init__(f"(#{code}) {self.title}")

    def envelope(self) -> dict[str, Any]:
        """The Graph API's envelope of a refusal."""
        plain = self.code in UNNUMBERED or self.subcode == NO_SUCH_OBJECT
        error: dict[str, Any] = {
            "message": self.title if plain else f"(#{self.code}) {self.title}",
            "type": "GraphMethodException" if self.subcode == NO_SUCH_OBJECT else "OAuthException",
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}

    def response(self) -> web.Response:
        """The HTTP answer."""
        return web.Response(
            status=self.status,
            text=json.dumps(self.envelope()),
            content_type="application/json",
            headers=self.headers,
        )


def no_such_object(method: str, node: str) -> GraphError:
    """Refuses an id that is nobody's."""
    title = (
        f"Unsupported {method} request. Object with ID '{node}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. Please read the Graph "
        "API documentation at https://developers.facebook.com/docs/graph-api"
    )
    return GraphError(100, title=title, subcode=NO_SUCH_OBJECT)


def status_error(code: int, details: str = "") -> dict[str, Any]:
    """The same refusal as it stands in a `failed` status."""
    _, title = ERRORS.get(code, (400, "Something went wrong"))
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or DETAILS.get(code, title)},
        "href": HREF,
    }
