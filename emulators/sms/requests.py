"""Reads a request to the gateway: a query, a form or JSON, in the charset that it names."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

from aiohttp import web

from emulators.sms.errors import MessageId, SmscError
from emulators.utf16 import HALF_PAIR

MOSCOW = timezone(timedelta(hours=3))
CHARSETS = ("windows-1251", "utf-8", "koi8-r")
FORMATS = ("0", "1", "3")
# https://smsc.ru/api/http/send/sms/ ("mes", "id", "valid")
TEXT = 1000
OWN_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
LARGEST_ID = 2**31 - 1
VALID_HOURS = 24

LOGIN = ("login", "psw", "apikey")
KNOWN = {
    "send": {
        *("phones", "mes", "id", "sender", "time", "charset", "cost", "fmt", "op", "valid"),
        *LOGIN,
    },
    "status": {*("phone", "id", "fmt", "all", "charset"), *LOGIN},
    "balance": {*("fmt", "cur", "charset"), *LOGIN},
}

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SendRequest:
    """A wish to send one text to some phones (with "+"); `due` and `valid` are seconds from now."""

    phones: tuple[str, ...]
    invalid: tuple[str, ...]
    text: str
    sender: str
    own_id: MessageId | None
    cost: str
    each: bool
    due: float
    valid: float


async def raw_form(request: web.Request) -> str:
    """The query and the form of a request as one string, its bytes not decoded yet."""
    parts = [request.rel_url.raw_query_string]
    if request.content_type == "application/x-www-form-urlencoded":
        parts.append((await request.read()).decode("latin-1"))
    return "&".join(filter(None, parts))


def from_form(raw: str) -> Params:
    """The parameters of a form, in the charset that it names; raises SmscError."""
    charset = dict(parse_qsl(raw)).get("charset", CHARSETS[0]).lower()
    if charset not in CHARSETS:
        raise SmscError(1)
    try:
        return dict(parse_qsl(raw, keep_blank_values=True, encoding=charset, errors="strict"))
    except UnicodeDecodeError:
        raise SmscError(1) from None


def from_json(body: bytes) -> Params:
    """The parameters of a JSON object; raises SmscError."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise SmscError(1) from None
    if not isinstance(told, dict) or not all(isinstance(v, str | int) for v in told.values()):
        raise SmscError(1)
    params = {key: str(value) for key, value in told.items()}
    if any(HALF_PAIR.search(value) for value in params.values()):
        raise SmscError(1)
    return params


def check(params: Params, method: str) -> None:
    """Refuse parameters that the method does not know; raises SmscError."""
    if not params.keys() <= KNOWN[method] or params.get("fmt", "0") not in FORMATS:
        raise SmscError(1)


def read_send(params: Params, default_sender: str, now: float) -> SendRequest:
    """What is to be sent; raises SmscError."""
    text = params.get("mes", "")
    phones = [phone for phone in re.split(r"[,;\n]", params.get("phones", "")) if phone.strip()]
    if not phones or not text or len(text) > TEXT or params.get("cost", "0") not in "0123":
        raise SmscError(1)
    numbers = {phone: number(phone) for phone in phones}
    return SendRequest(
        phones=tuple(dict.fromkeys(plus for plus in numbers.values() if plus)),
        invalid=tuple(phone for phone, plus in numbers.items() if plus is None),
        text=text,
        sender=params.get("sender") or default_sender,
        own_id=own_id(params.get("id", "")),
        cost=params.get("cost", "0"),
        each=params.get("op", "0") == "1",
        due=due(params.get("time", ""), now) - now,
        valid=valid(params.get("valid", "")),
    )


def number(told: str) -> str | None:
    """A phone in E.164; without "+" a Russian 8… becomes +7…; None when it is no phone."""
    written = told.strip()
    digits = re.sub(r"[ ()+-]", "", written)
    if not re.fullmatch(r"\d{10,15}", digits):
        return None
    if not written.startswith("+"):
        if len(digits) == 10 and digits.startswith("9"):
            digits = "7" + digits
        elif len(digits) == 11 and digits.startswith("8"):
            digits = "7" + digits[1:]
    return f"+{digits}" if len(digits) >= 11 else None


def own_id(told: str) -> MessageId | None:
    """The id that the client gives: a number or a short word; need not be unique."""
    if not told or told == "0":
        return None
    if told.isdecimal() and 1 <= int(told) <= LARGEST_ID:
        return int(told)
    if not OWN_ID.fullmatch(told):
        raise SmscError(1)
    return told


def due(told: str, now: float) -> float:
    """When to send: DDMMYYhhmm (Moscow), h1-h2, 0ts (Unix), +minutes; raises SmscError 5."""
    if told in ("", "0"):
        return now
    if found := re.fullmatch(r"0(\d{9,11})", told):
        return max(now, float(found[1]))
    if found := re.fullmatch(r"\+(\d{1,6})", told):
        return now + 60 * int(found[1])
    if found := re.fullmatch(r"(\d{1,2})-(\d{1,2})", told):
        return _within(int(found[1]), int(found[2]), now)
    try:
        moment = datetime.strptime(told, "%d%m%y%H%M").replace(tzinfo=MOSCOW)
    except ValueError:
        raise SmscError(5) from None
    return max(now, moment.timestamp())


def _within(first: int, last: int, now: float) -> float:
    """The next moment of day between two hours in Moscow."""
    if not 0 <= first < last <= 24:
        raise SmscError(5)
    moment = datetime.fromtimestamp(now, MOSCOW)
    if first <= moment.hour < last:
        return now
    start = moment.replace(hour=first, minute=0, second=0, microsecond=0)
    return (start if moment.hour < first else start + timedelta(days=1)).timestamp()


def valid(told: str) -> float:
    """For how many seconds to try: hours (1 to 24) or hh:mm; 24 hours unless told."""
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", told or str(VALID_HOURS))
    seconds = 3600 * int(found[1]) + 60 * int(found[2] or 0) if found else 0
    if not 0 < seconds <= VALID_HOURS * 3600:
        raise SmscError(1)
    return float(seconds)
