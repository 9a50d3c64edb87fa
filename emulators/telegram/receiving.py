"""Methods by which the bot hears from people: getUpdates and the webhook."""

import orjson

from emulators.telegram.methods import Described, Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.updates import MAX_POLL_SECONDS, Updates
from emulators.telegram.webhook import Webhook

WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
MAX_UPDATES = 100


class Receiving:
    """One way or the other, never both."""

    def __init__(self, updates: Updates, webhook: Webhook) -> None:
        self._updates = updates
        self._webhook = webhook

    def methods(self) -> Methods:
        """By name."""
        return {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }

    async def get_updates(self, parameters: Parameters) -> list[orjson.Fragment]:
        """https://core.telegram.org/bots/api#getupdates"""
        if self._webhook.url:
            raise await self._updates.conflict(WEBHOOK_ACTIVE)
        self._updates.allow(parameters.parsed("allowed_updates"))
        updates = await self._updates.poll(
            parameters.integer("offset"),
            parameters.clamped("limit", MAX_UPDATES, 1, MAX_UPDATES),
            parameters.clamped("timeout", 0, 0, MAX_POLL_SECONDS),
        )
        return [orjson.Fragment(update.body) for update in updates]

    async def set_webhook(self, parameters: Parameters) -> Described:
        """https://core.telegram.org/bots/api#setwebhook"""
        return Described(True, await self._webhook.set(parameters))

    async def delete_webhook(self, parameters: Parameters) -> Described:
        """https://core.telegram.org/bots/api#deletewebhook"""
        return Described(True, await self._webhook.delete(parameters))

    async def get_webhook_info(self, _parameters: Parameters) -> dict[str, object]:
        """https://core.telegram.org/bots/api#getwebhookinfo"""
        return self._webhook.info()
