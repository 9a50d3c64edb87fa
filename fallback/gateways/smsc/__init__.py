"""SMSC.ru: SMS over its HTTP API, with delivery reports and inbound messages by callback."""

from fallback.gateways.smsc.channel import Smsc, build
from fallback.gateways.smsc.settings import LIMITS, NAME, Settings, callback_url

__all__ = ["LIMITS", "NAME", "Settings", "Smsc", "build", "callback_url"]
