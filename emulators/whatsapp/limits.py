"""How fast, and to how many people, a business number may write (whatsapp.md section 4.4)."""

from emulators.bucket import Bucket
from emulators.recent import Recent
from emulators.whatsapp.addressing import Address
from emulators.whatsapp.bodies import Draft
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.lines import Line
from emulators.whatsapp.settings import DAY, WhatsAppSettings


class Limits:
    """Throughput of the number, pace towards one user, new users a day."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        rate = settings.throughput * settings.throughput_multiplier
        self._throughput = Bucket(1 / rate, rate)
        self._strangers = Strangers(settings.messaging_limit)

    def hold(self, draft: Draft, address: Address, line: Line | None, now: float) -> None:
        """Count one message; raises 130429, 131056, 131048 when it is one too many."""
        if not self._throughput.take(now):
            raise GraphError(130429)
        if line is not None and not line.pair.take(now):
            raise GraphError(131056)
        outside = line is None or now >= line.window_until
        if draft.template and outside and not self._strangers.admit(address.handle, now):
            raise GraphError(131048)

    def heard(self, now: float) -> None:
        """Count one message from a user: it shares the throughput, and is never refused."""
        self._throughput.spend(now)


class Strangers:
    """Unique users outside their windows within a moving day (whatsapp.md section 4.4)."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._met: Recent[str, None] = Recent(DAY)

    def admit(self, handle: str, now: float) -> bool:
        """Whether the business may begin with this user; counts the user when it may."""
        if self._limit is None or self._met.has(handle, now):
            return True
        if self._met.count(now) >= self._limit:
            return False
        self._met.put(handle, None, now)
        return True
