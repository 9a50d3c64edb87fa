"""SMSC.ru's table: callbacks to events, messages to requests, answers to results, forgeries."""

from tests.fallback.smsc.incoming import FORGED, INCOMING
from tests.fallback.smsc.outgoing import ANSWERS, REQUESTS

__all__ = ["ANSWERS", "FORGED", "INCOMING", "REQUESTS"]
