"""Who somebody is on WhatsApp: a business-scoped id, a number, or both."""

import re
from collections.abc import Iterator
from contextlib import suppress
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
    """The people whom one part of a webhook tells of, found by either id and never by position."""

    def __init__(self, account: str, contacts: Any) -> None:
        self._account = account
        self._known: dict[str, Person] = {}
        for person in _people(contacts):
            for key in _keys(person.user_id, person.wa_id):
                self._known[key] = person

    def identify(self, user_id: str | None, number: str | None) -> Identity | None:
        """Somebody by either id, completed from what the webhook tells beside; None: nobody."""
        keys = _keys(user_id, number)
        known = next((self._known[key] for key in keys if key in self._known), None)
        if known is not None:
            keys = [*keys, *_keys(known.user_id, known.wa_id)]
        if not keys:
            return None
        phone = next((key for key in keys if key.startswith("+")), None)
        handle = next((key for key in keys if not key.startswith("+")), keys[0])
        name = known.profile.name if known else ""
        author = Author(handle.removeprefix("+"), name=name, phone=phone)
        return Identity(Address(NAME, self._account, handle), author)

    def nobody(self) -> Identity:
        """Stands in where Meta names no one."""
        return Identity(Address(NAME, self._account, ""), Author(""))


def _keys(*ids: str | None) -> list[str]:
    """Scoped ids and numbers with "+", each told by its form: either has been seen as the other."""
    found = (value if is_scoped(value) else phone_of(value) for value in ids)
    return [key for key in found if key]


def is_scoped(value: str | None) -> bool:
    """Whether this is a business-scoped id."""
    return bool(value and _SCOPED.fullmatch(value))


def phone_of(value: str | None) -> str | None:
    """A number of Meta's, which has no "+", as E.164; None when it is no number."""
    found = _NUMBER.fullmatch(value or "")
    return f"+{found[1]}" if found else None


def _people(contacts: Any) -> Iterator[Person]:
    for item in contacts if isinstance(contacts, list) else []:
        with suppress(ValidationError):
            yield Person.model_validate(item)
