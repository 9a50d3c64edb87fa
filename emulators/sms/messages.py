"""The messages of the gateway and what stands about them in reports and answers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from emulators.sms.errors import MessageId
from emulators.sms.requests import MOSCOW

# sms.md section 3.1
NOT_FOUND, QUEUED, WITH_OPERATOR, DELIVERED, EXPIRED, UNDELIVERABLE = -3, -1, 0, 1, 3, 20
NAMES = {
    QUEUED: "Ожидает отправки",
    WITH_OPERATOR: "Передано оператору",
    DELIVERED: "Доставлено",
    EXPIRED: "Просрочено",
    UNDELIVERABLE: "Невозможно доставить",
}
# Errors of a status: why it could not be delivered.
NO_ERROR, NO_SUCH_SUBSCRIBER, OFFLINE = 0, 1, 6


@dataclass(slots=True)
class Sms:
    """One text to one phone; `cost` is that of all its segments, times are Unix seconds."""

    id: MessageId
    phone: str
    text: str
    sender: str
    segments: int
    cost: Decimal
    sent_at: float
    expires_at: float
    changed_at: float
    status: int = QUEUED
    error: int = NO_ERROR

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in (QUEUED, WITH_OPERATOR)

    def report(self, secret: str) -> dict[str, str]:
        """The delivery report that is posted."""
        phone = self.phone.removeprefix("+")
        form = {
            "id": str(self.id),
            "phone": phone,
            "status": str(self.status),
            "time": written(self.changed_at),
            "ts": str(int(self.changed_at)),
            "err": str(self.error),
            "cnt": str(self.segments),
            "cost": f"{self.cost:.2f}",
            "sender": self.sender,
        }
        return form | signed(secret, str(self.id), phone, str(self.status))


def signed(secret: str, *parts: str) -> dict[str, str]:
    """The signatures of a callback, none without a secret (sms.md section 3.1, from memory)."""
    if not secret:
        return {}
    line = ":".join((*parts, secret)).encode()
    return {
        "md5": hashlib.md5(line, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(line, usedforsecurity=False).hexdigest(),
    }


def written(at: float) -> str:
    """A moment as the gateway writes it, in Moscow's time."""
    return datetime.fromtimestamp(at, MOSCOW).strftime("%d.%m.%Y %H:%M:%S")
