"""What can be set about the emulated SMS gateway: its account, prices, delays and oddities."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """One account of the gateway; every value is made up.

    `sender` is the only registered name, `number` the one that people write to. `price` is per
    segment, in the currency of `balance`. `forbidden`: words that a text must not hold (error 6).
    `requests_per_second`: more are refused (error 9), None for no limit; the same request within
    `duplicate_seconds` is refused too.
    Delays are seconds: `sent_after` acceptance to the operator, `delivered_after` acceptance to the
    phone, `report_after` that to the report. `duplicate_reports` is how many further copies of a
    report follow on average; with `report_first` the report comes before the answer of the send.
    With a `callback_secret` callbacks are signed.
    """

    login: str = "emulated"
    password: str = "emulated-password"
    apikey: str = "emulated-apikey"
    sender: str = "VESTNIK"
    number: str = "+79000000000"
    price: Decimal = Decimal("2.00")
    balance: Decimal = Decimal("1000000.00")
    currency: str = "RUR"
    callback_url: str | None = None
    callback_secret: str = ""

    forbidden: tuple[str, ...] = ()
    requests_per_second: float | None = None
    duplicate_seconds: float = 60.0

    sent_after: float = 0.02
    delivered_after: float = 0.1
    report_after: float = 0.0
    duplicate_reports: float = 0.0
    report_first: bool = False
