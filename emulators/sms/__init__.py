"""The emulated SMS gateway, shaped like SMSC.ru: sending, prices, delivery reports, inbound SMS."""

from emulators.sms.platform import Sms
from emulators.sms.settings import SmsSettings

__all__ = ["Sms", "SmsSettings"]
