"""Who somebody is on WhatsApp: a business-scoped id, a number, or both."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bots.whatsapp.settings import NAME
from bots.whatsapp.shapes import Person
from vestnik.address import Address
from vestnik.inbound import Author

# A country's letters, a dot and up to 128 letters and digits ("RU.1349120"); a number is digits.
_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,132}")
_NUMBER = re.compile(r"\+?([0-9]{5,15})")


@dataclass(frozen=True, slots=True)
class Identity:
    """How Meta names somebody; the address is the scoped id, which outlives a change of number."""

    address: Address
    author: Author


class People:
    """The people whom one part of a webhook tells of."""

    def __init__(self, account: str, contacts: Any) -> None:
        self._account = account
        self._known = [person for item in _list(contacts) if (person := _person(item))]

    def identify(self, user_id: str | None, number: str | None) -> Identity | None:
        """Somebody by either id, completed from what the webhook tells beside; None: nobody.

        A scoped id has been seen where numbers belong, so each is told by its form.
        """
        scoped = next((found for found in (user_id, number) if found and is_scoped(found)), None)
        phone = phone_of(number)
        known = self._find(scoped, phone)
        if known is not None:
            scoped = scoped or (known.user_id if is_scoped(known.user_id) else None)
            phone = phone or phone_of(known.wa_id)
        handle = scoped or phone
        if handle is None:
            return None
        name = known.profile.name if known else ""
        author = Author(handle.removeprefix("+"), name=name, phone=phone)
        return Identity(Address(NAME, self._account, handle), author)

    def nobody(self) -> Identity:
        """Stands in where Meta names no one."""
        return Identity(Address(NAME, self._account, ""), Author(""))

    def _find(self, scoped: str | None, phone: str | None) -> Person | None:
        # Never by position: a webhook may tell of several people in any order.
        for person in self._known:
            if scoped and scoped in (person.user_id, person.wa_id):
                return person
            if phone and phone == phone_of(person.wa_id):
                return person
        return None


def is_scoped(value: str | None) -> bool:
    """Whether this is a business-scoped id."""
    return bool(value and _SCOPED.fullmatch(value))


def phone_of(value: str | None) -> str | None:
    """A number of Meta's, which has no "+", as E.164; None when it is no number."""
    found = _NUMBER.fullmatch(value or "")
    return f"+{found[1]}" if found else None


def _person(item: Any) -> Person | None:
    try:
        return Person.model_validate(item)
    except ValidationError:
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
