"""VK: a community's messages, through the Callback API or Bots Long Poll."""

from typing import TYPE_CHECKING

from bots.vk.settings import LIMITS, NAME, Settings

if TYPE_CHECKING:
    from bots.vk.channel import Vk

__all__ = ["LIMITS", "NAME", "Settings", "build"]


def build(settings: Settings, account: str = "main") -> "Vk":
    """The channel; no connection is opened before its first use."""
    from bots.vk.channel import Vk  # noqa: PLC0415 vkbottle takes seconds to import

    return Vk(settings, account)
