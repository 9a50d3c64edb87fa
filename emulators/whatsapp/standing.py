"""How Meta regards the business at this moment: its limits, its quality, what it may not do."""

from typing import get_args

from emulators.whatsapp.bodies import Draft
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.settings import Quality, WhatsAppSettings

# whatsapp.md section 2.4
ANSWERING = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
BEGINNING = "RESTRICTED_BIZ_INITIATED_MESSAGING"
RESTRICTIONS = (ANSWERING, BEGINNING)
QUALITIES: tuple[Quality, ...] = get_args(Quality)
# whatsapp.md section 4.4: an automatic upgrade, during which the number rests for a minute.
HIGH_THROUGHPUT = 1000.0


class Standing:
    """What changes about the account while it is used; see emulators.whatsapp.authority.

    `messaging_limit`: unique users a day outside their windows, None without a limit. `blocked`
    holds the handles that the business blocked, by number.
    """

    def __init__(self, settings: WhatsAppSettings) -> None:
        self.messaging_limit = settings.messaging_limit
        self.throughput = settings.throughput
        self.quality: Quality = "GREEN"
        self.restrictions: set[str] = set()
        self.disabled = False
        self.upgrading_until = 0.0
        self.blocked: dict[str, str] = {}

    @property
    def tier(self) -> str:
        """The messaging limit as the number's field tells it."""
        limit = self.messaging_limit
        if limit is None:
            return "TIER_UNLIMITED"
        return f"TIER_{limit // 1000}K" if limit >= 1000 else f"TIER_{limit}"

    def check(self, draft: Draft, *, outside: bool, now: float) -> None:
        """Refuse what the account may not do now; raises 131031, 131057, 368.

        `outside`: the message begins a conversation, outside of the user's window.
        """
        if self.disabled:
            raise GraphError(131031, "Business account is disabled for a violation of policies.")
        if now < self.upgrading_until:
            raise GraphError(131057, "The throughput of the business phone number is upgraded.")
        begins = outside and draft.template is not None
        if (BEGINNING if begins else ANSWERING) in self.restrictions:
            raise GraphError(368, "The account is restricted from messaging for now.")
