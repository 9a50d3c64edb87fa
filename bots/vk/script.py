"""Writes several calls as one script of VK's, and reads what came of each.

dev.vk.com/ru/method/execute
"""

import json
from collections.abc import Mapping, Sequence

from bots.vk.batch import outcomes
from bots.vk.errors import refusal
from vestnik.outcome import Ambiguous, SendResult

# JSON that a script, or a page around it, would read otherwise: line ends of Unicode, closing tags.
_ESCAPES = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029"})


def script(calls: Sequence[Mapping[str, str | int]]) -> str:
    """A script that makes these calls of messages.send, one after another."""
    return f"return [{','.join(f'API.messages.send({_literal(call)})' for call in calls)}];"


def results(values: object, errors: object, peers: Sequence[str]) -> list[SendResult]:
    """What came of each call; a call that failed gives false, its error stands in a list.

    VK lists the errors in the order of the calls, and may add one of the script's own.
    """
    if not isinstance(values, list) or len(values) != len(peers):
        return [Ambiguous("unreadable")] * len(peers)
    refusals = [_refusal(error) for error in _of_messages(errors)]
    if len(refusals) != values.count(False):
        refusals = [Ambiguous("no_reason")] * len(peers)
    reasons = iter(refusals)
    return [
        next(reasons) if value is False else outcomes(value, [peer])[0]
        for value, peer in zip(values, peers, strict=True)
    ]


def _literal(call: Mapping[str, str | int]) -> str:
    told = json.dumps(call, ensure_ascii=False, separators=(",", ":"))
    return told.translate(_ESCAPES).replace("</", "<\\/")


def _of_messages(errors: object) -> list[Mapping[str, object]]:
    listed = errors if isinstance(errors, list) else []
    return [
        error
        for error in listed
        if isinstance(error, Mapping) and error.get("method") == "messages.send"
    ]


def _refusal(error: Mapping[str, object]) -> SendResult:
    code = error.get("error_code")
    if not isinstance(code, int):
        return Ambiguous("unreadable")
    return refusal(code, str(error.get("error_msg", "")))
