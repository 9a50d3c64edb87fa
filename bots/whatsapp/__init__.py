"""WhatsApp, through Meta's Cloud API: what its channel can carry, its settings, how to build it."""

from bots.whatsapp.channel import WhatsApp, build
from bots.whatsapp.settings import LIMITS, NAME, Settings

__all__ = ["LIMITS", "NAME", "Settings", "WhatsApp", "build"]
