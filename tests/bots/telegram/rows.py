"""Telegram's tables: what comes in, what goes out, what is answered, what is forged."""

from collections.abc import Mapping

from tests.bots.telegram.answers import ANSWERS
from tests.bots.telegram.incoming import FORGED, INCOMING
from tests.bots.telegram.media import SHOWN
from tests.bots.telegram.requests import SPOKEN, Row

REQUESTS: Mapping[str, Row] = {**SPOKEN, **SHOWN}

__all__ = ["ANSWERS", "FORGED", "INCOMING", "REQUESTS"]
