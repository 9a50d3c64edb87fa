"""Phone numbers that people type, and the one-time codes that prove them."""

import hashlib
import hmac
import re
from typing import Literal, NewType

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

Phone = NewType("Phone", str)
"""A number in E.164 with "+"."""

Refusal = Literal["not_a_number", "landline", "toll_free", "not_a_mobile"]
"""Why no SMS can go to what somebody typed."""

CODE_DIGITS = 6

# US numbers do not tell mobiles from landlines, hence FIXED_LINE_OR_MOBILE counts.
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_REFUSALS: dict[int, Refusal] = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.TOLL_FREE: "toll_free",
}


class Unusable(ValueError):
    """What was typed is no number that takes SMS; `why` says which way."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why: Refusal = why


def normalise(typed: str, region: str) -> Phone:
    """The typed number in E.164; raises Unusable.

    `region` ("RU") is the country of numbers that are typed without one.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise Unusable("not_a_number") from None
    if not phonenumbers.is_valid_number(number):
        raise Unusable("not_a_number")
    kind = phonenumbers.number_type(number)
    if kind not in _MOBILE:
        raise Unusable(_REFUSALS.get(kind, "not_a_mobile"))
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def vouched(shared: str) -> Phone:
    """A number that the provider proves to be the person's own, with or without its "+".

    Whether it exists is the provider's to know, so it is not doubted here.
    """
    return Phone("+" + re.sub(r"\D", "", shared))


def spaced(phone: str) -> str:
    """The number as people read it: "+7 916 123-45-67"; anything else comes back as it is."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def new_code(random: bytes) -> str:
    """A code of six digits from at least 8 random bytes."""
    return f"{int.from_bytes(random) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def typed_code(text: str) -> str | None:
    """The code in a message ("123456", "123 456", "123-456"), None if it is no such thing."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", digits) else None


def seal(code: str, key: bytes) -> str:
    """What is stored instead of a code: its HMAC-SHA-256, in hexadecimal."""
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def verify(typed: str, sealed: str, key: bytes) -> bool:
    """Whether the typed code is the sealed one, in constant time."""
    return hmac.compare_digest(seal(typed, key).encode(), sealed.encode())
