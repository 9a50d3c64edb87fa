"""What a community's token, and its messages, may be for."""

from collections.abc import Mapping

# dev.vk.com/ru/reference/access-rights, community tokens: the bits of the mask.
SCOPES: Mapping[str, int] = {"photos": 4, "messages": 4_096, "docs": 131_072, "manage": 262_144}

# vk-api-schema, messages/methods.json: messages.send.
INTENTS = (
    "default",
    "promo_newsletter",
    "non_promo_newsletter",
    "confirmed_notification",
    "moderated_newsletter",
    "account_update",
    "bot_ad_invite",
    "bot_ad_promo",
    "purchase_update",
    "game_notification",
    "finance_notification",
    "customer_support",
)
# Those that people subscribe to: the same file, messages.getIntentUsers.
SUBSCRIBED = ("promo_newsletter", "non_promo_newsletter", "confirmed_notification")

# Methods about the community that any token may call.
OPEN = ("groups.getById", "groups.isMember", "groups.getTokenPermissions")


def scope_of(method: str) -> str | None:
    """The right that a method asks for, None when it asks for none."""
    section = method.partition(".")[0]
    if section == "groups":
        return None if method in OPEN else "manage"
    return section if section in SCOPES else None
