"""WhatsApp's tables, as the registry of channels finds them."""

from tests.bots.whatsapp.answers import ANSWERS
from tests.bots.whatsapp.forged import FORGED
from tests.bots.whatsapp.incoming import MESSAGES
from tests.bots.whatsapp.outgoing import REQUESTS
from tests.bots.whatsapp.reports import REPORTS

INCOMING = MESSAGES | REPORTS

__all__ = ["ANSWERS", "FORGED", "INCOMING", "REQUESTS"]
