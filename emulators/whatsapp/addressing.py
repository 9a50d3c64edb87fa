"""Whom a request names: a number with or without "+", or a business-scoped id."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.params import Params, bad_value, invalid
from emulators.whatsapp.settings import WhatsAppSettings
from emulators.world import Human

# E.164 allows 15 digits; whatsapp.md section 6 gives the form of business-scoped ids.
NUMBER = re.compile(r"\d{7,15}")
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
WRITTEN = str.maketrans("", "", " -().")

Who = Callable[[str], Human | None]


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a request names: `handle` is the number's digits, or the business-scoped id."""

    told: str
    handle: str
    by_bsuid: bool
    human: Human | None


def digits(told: str, settings: WhatsAppSettings) -> str:
    """A number's digits; without "+" the code of the business's own country goes before them."""
    number = told.translate(WRITTEN)
    if number.startswith("+"):
        return number[1:]
    own = number.startswith(settings.country_code) or not settings.prepend_country_code
    return number if own else settings.country_code + number


def resolve(params: Params, settings: WhatsAppSettings, who: Who) -> Address:
    """The recipient of a message; `to` wins over `recipient`. Raises GraphError."""
    if params.get("recipient_type") not in (None, "individual"):
        params.choice("recipient_type", ("individual",))
    if params.has("to"):
        told = params.text("to", 32)
        handle = digits(told, settings)
        if not NUMBER.fullmatch(handle):
            raise bad_value("Param to is not a valid phone number.")
        if handle == settings.display_phone_number:
            raise GraphError(131021)
        return Address(told, handle, by_bsuid=False, human=who(handle))
    if not params.has("recipient"):
        raise invalid("The parameter to is required.")
    told = params.text("recipient", 160)
    if not BSUID.fullmatch(told):
        raise bad_value("Param recipient is not a valid business-scoped user ID.")
    return Address(told, told, by_bsuid=True, human=who(told))
