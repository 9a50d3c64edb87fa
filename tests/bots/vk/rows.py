"""VK's table: what comes in, what goes out, what is answered, what is forged."""

from tests.bots.vk.answers import ANSWERS
from tests.bots.vk.forged import FORGED
from tests.bots.vk.incoming import INCOMING
from tests.bots.vk.outgoing import REQUESTS

__all__ = ["ANSWERS", "FORGED", "INCOMING", "REQUESTS"]
