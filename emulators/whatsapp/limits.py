"""How fast, and to how many people, a business number may write (whatsapp.md section 4.4)."""

from emulators.bucket import Bucket
from emulators.recent import Recent
from emulators.whatsapp.addressing import Address
from emulators.whatsapp.bodies import Draft
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.lines import Line
from emulators.whatsapp.settings import DAY, WhatsAppSettings
from emulators.whatsapp.standing import Standing


class Limits:
    """Throughput of the number, pace towards one user, new users a day."""

    def __init__(self, settings: WhatsAppSettings, standing: Standing) -> None:
        self._settings = settings
        self._standing = standing
        self._met: Recent[str, None] = Recent(DAY)
        self.renew()

    def renew(self) -> None:
        """Count anew with the throughput that the number has now."""
        rate = self._standing.throughput * self._settings.throughput_multiplier
        self._throughput = Bucket(1 / rate, rate)

    def hold(self, draft: Draft, address: Address, line: Line | None, now: float) -> None:
        """Count one message; raises 130429, 131056, or the code of the messaging limit."""
        if not self._throughput.take(now):
            raise GraphError(130429)
        if line is not None and not line.pair.take(now):
            raise GraphError(131056)
        outside = line is None or now >= line.window_until
        if draft.template and outside and not self._admit(address, now):
            raise GraphError(self._settings.limit_code)

    def heard(self, now: float) -> None:
        """Count one message from a user: it shares the throughput, and is never refused."""
        self._throughput.spend(now)

    def _admit(self, address: Address, now: float) -> bool:
        """Whether the business may begin with this user within a moving day; counts who it may."""
        who = address.human.id if address.human else address.handle
        limit = self._standing.messaging_limit
        if not self._met.has(who, now):
            if limit is not None and self._met.count(now) >= limit:
                return False
            self._met.put(who, None, now)
        return True
