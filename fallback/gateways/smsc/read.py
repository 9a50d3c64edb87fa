"""Reads SMSC.ru's callbacks: form bodies, each a delivery report or an inbound message."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from fallback.gateways.smsc.codes import STATES, failed
from fallback.gateways.smsc.settings import NAME
from vestnik.address import Address
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import Author, DeliveryReported, Inbound, TextReceived

MOST_FIELDS = 64
_PHONE = re.compile(r"\+?([1-9][0-9]{4,14})")
_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")


class _Odd(ValueError):
    """The form does not hold what it should; the text says what."""


def reference_of(message_id: str, phone: str) -> str:
    """Our reference of a message: an id at SMSC.ru is only unique together with the number."""
    return f"{message_id}:{phone.removeprefix('+')}"


def read(kept: Kept, account: str) -> Inbound | Unreadable:
    """The event that a callback tells of."""
    try:
        form = _form(kept.body)
        return _message(form, kept, account) if "mes" in form else _report(form, kept, account)
    except _Odd as odd:
        return Unreadable(str(odd), ascii(kept.body[:500]))


def _form(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise _Odd("not a form in UTF-8") from None
    if any("\0" in value for _, value in pairs):
        raise _Odd("a NUL in the form")
    return dict(pairs)


def _message(form: Mapping[str, str], kept: Kept, account: str) -> TextReceived:
    phone, message_id = _phone(form), _id(form, "sms_id")
    return TextReceived(
        event_id=f"mo:{message_id}",
        address=Address(NAME, account, phone),
        author=Author(phone[1:], phone=phone),
        at=kept.received_at,  # the form's own times are local ones without a zone
        reference=reference_of(message_id, phone),
        text=form["mes"],
    )


def _report(form: Mapping[str, str], kept: Kept, account: str) -> DeliveryReported:
    phone, message_id = _phone(form), _id(form, "id")
    status = _number(form, "status")
    state = STATES.get(status)
    if state is None:
        raise _Odd(f"unknown status {status}")
    reason = _number(form, "err") if form.get("err") else 0
    return DeliveryReported(
        event_id=f"dlr:{message_id}:{phone[1:]}:{status}",
        address=Address(NAME, account, phone),
        author=Author(phone[1:], phone=phone),
        at=kept.received_at,
        reference=reference_of(message_id, phone),
        handle=message_id,
        state=state,
        cause=failed(status, reason) if state == "failed" else None,
    )


def _phone(form: Mapping[str, str]) -> str:
    found = _PHONE.fullmatch(form.get("phone", "").strip())
    if found is None:
        raise _Odd("no phone number")
    return f"+{found[1]}"


def _id(form: Mapping[str, str], field: str) -> str:
    if not _ID.fullmatch(form.get(field, "")):
        raise _Odd(f"no {field}")
    return form[field]


def _number(form: Mapping[str, str], field: str) -> int:
    value = form.get(field, "")
    if not re.fullmatch(r"-?[0-9]{1,4}", value):
        raise _Odd(f"no number in {field}")
    return int(value)
