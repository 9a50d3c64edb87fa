"""A stand-in for VK: community messages, keyboards, the Callback API and Bots Long Poll."""

from emulators.vk.platform import Vk
from emulators.vk.settings import VkSettings

__all__ = ["Vk", "VkSettings"]
