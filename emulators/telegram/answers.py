"""What the business answered to a webhook: is it taken, when to try again, what it asks for."""

import random
from email import message_from_bytes
from email.policy import HTTP
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from emulators.courier import Answer
from emulators.telegram.parameters import Parameters, Upload, object_in

# WebhookActor.cpp, on_update_error: at once, then 2, 4, 8 … up to a random minute or two.
LONGEST_WAIT = (60, 120)
MAX_RETRY_AFTER = 3_600


def taken(answer: Answer) -> bool:
    """Whether the update need not come again."""
    return 200 <= answer.status < 300


def wait(tries: int, answer: Answer) -> float:
    """Seconds until the next try; `tries` is how many there were before this one."""
    told = answer.headers.get("Retry-After", "")
    if told.isdecimal() and int(told):
        return min(int(told), MAX_RETRY_AFTER)
    longest = random.uniform(*LONGEST_WAIT)  # noqa: S311  # spreads retries, keeps no secret
    return min(2.0**tries, longest) if tries else 0.0


def complaint(answer: Answer) -> str:
    """What getWebhookInfo says of it."""
    if not answer.status:
        return answer.body.decode(errors="replace") or "Webhook connection closed"
    known = answer.status in HTTPStatus._value2member_map_
    reason = HTTPStatus(answer.status).phrase if known else ""
    return f"Wrong response from the webhook: {answer.status} {reason}".rstrip()


def asked(answer: Answer) -> Parameters:
    """The method that an answer asks for, as "method", and its parameters; raises ApiError."""
    told = answer.headers.get("Content-Type", "")
    kind = told.partition(";")[0]
    if kind == "application/json":
        return Parameters(object_in(answer.body))
    if kind == "application/x-www-form-urlencoded":
        return Parameters(dict(parse_qsl(answer.body.decode(errors="replace"))))
    if kind == "multipart/form-data":
        return _parts(told, answer.body)
    return Parameters({})


def _parts(kind: str, body: bytes) -> Parameters:
    values: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
        name, content = part.get_param("name", header="content-disposition"), part.get_content()
        if file_name := part.get_filename():
            raw = content.encode() if isinstance(content, str) else content
            uploads[str(name)] = Upload(file_name, part.get_content_type(), raw)
        else:
            values[str(name)] = content.rstrip("\r\n")
    return Parameters(values, uploads)
