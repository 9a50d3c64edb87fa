"""VK's refusals: the codes and texts of its errors.json, and the envelope they come in."""

from collections.abc import Iterable, Mapping
from typing import Any

# github.com/VKCOM/vk-api-schema, errors.json (API 5.199).
TEXTS: Mapping[int, str] = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    14: "Captcha needed",
    15: "Access denied",
    17: "Validation required",
    18: "User was deleted or banned",
    20: "Permission to perform this action is denied for non-standalone applications",
    21: "Permission to perform this action is allowed only for standalone and OpenAPI applications",
    23: "This method was disabled",
    24: "Confirmation required",
    27: "Group authorization failed",
    28: "Application authorization failed",
    29: "Rate limit reached",
    30: "This profile is private",
    32: "Need wait",
    36: "Method execution was interrupted due to timeout",
    37: "User was banned",
    42: "IP is not allowed",
    43: "This section is temporary unavailable",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    105: "Couldn't save file",
    113: "Invalid user id",
    118: "Invalid server",
    121: "Invalid hash",
    129: "Invalid photo",
    203: "Access to group denied",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    910: "Can't sent this message, because it's too big",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    913: "Too many forwarded messages",
    914: "Message is too long",
    917: "You don't have access to this chat",
    920: "Can't edit this kind of message",
    921: "Can't forward these messages",
    922: "You left this chat",
    924: "Can't delete this message for everybody",
    925: "You are not admin of this chat",
    927: "Chat does not exist",
    932: "Your community can't interact with this peer",
    935: "User not found in chat",
    936: "Contact not found",
    940: "Too many posts in messages",
    943: "Cannot use this intent",
    944: "Limits overflow for this intent",
    945: "Chat was disabled",
    946: "Chat not supported",
    950: "Can't send message, reply timed out",
    962: "You can't access donut chat without subscription",
    969: "Message cannot be forwarded",
    985: "Cannot write to notifications only groups",
    987: "Need message request",
    988: "Pending message request",
    1009: "Unknown reaction passed",
    1010: "This reaction has been disabled",
    1011: "Reactions limit for this message has been reached",
    1012: "Writing is disabled for this chat",
    1117: "Access token has expired",
    2000: "Servers number limit is reached",
    3300: "Recaptcha needed",
}

SECRETS = frozenset({"access_token", "secret_key", "client_secret", "password"})


class VkError(Exception):
    """A refusal: VK's code, its text with the detail after it, and fields beside them."""

    def __init__(
        self, code: int, detail: str = "", *, text: str | None = None, **beside: Any
    ) -> None:
        if text is None:
            text = TEXTS.get(code, TEXTS[1])
        self.code = code
        self.text = f"{text}: {detail}" if detail else text
        self.beside = beside
        super().__init__(f"[{code}] {self.text}")

    def envelope(self, method: str, params: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """The body of the answer; secrets among the parameters are left out."""
        told = [("method", method), ("oauth", "1"), *params]
        return {
            "error": {
                "error_code": self.code,
                "error_msg": self.text,
                "request_params": [
                    {"key": key, "value": value} for key, value in told if key not in SECRETS
                ],
                **self.beside,
            }
        }
