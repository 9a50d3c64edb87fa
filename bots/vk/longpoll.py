"""Fetches the community's events by Bots Long Poll.

dev.vk.com/en/api/bots/long-poll/getting-started
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from bots.vk.api import Api
from bots.vk.errors import CallFailed
from vestnik.abilities import Polled, PollFailed
from vestnik.outcome import Throttled

WAIT_SECONDS = 25
# Beyond the wait, for the answer to arrive.
GRACE_SECONDS = 10

_OUTDATED, _KEY_EXPIRED = 1, 2

Cursor = dict[str, str]


async def poll(api: Api, group_id: int, cursor: str | None) -> Polled:
    """The events after the cursor, or only a better cursor; raises PollFailed.

    The cursor is JSON: {"server", "key", "ts"}; without one VK tells what happens from now on.
    """
    try:
        at = _known(cursor) or await _fresh(api, group_id)
        query = {"act": "a_check", "key": at["key"], "ts": at["ts"], "wait": WAIT_SECONDS}
        answer = await api.fetch(at["server"], query, WAIT_SECONDS + GRACE_SECONDS)
        if not isinstance(answer, dict):
            _unreadable("the long poll")
        if "failed" in answer:
            return Polled((), json.dumps(await _repaired(api, group_id, at, answer)))
        return Polled(_bodies(answer), json.dumps({**at, "ts": _ts(answer)}))
    except CallFailed as failed:
        result = failed.result
        pause = result.retry_after if isinstance(result, Throttled) else 5.0
        raise PollFailed(str(failed), pause) from failed


async def _repaired(api: Api, group_id: int, at: Cursor, answer: Mapping[str, Any]) -> Cursor:
    """Where to go on after a refusal; events are lost only where VK itself has none left."""
    if answer["failed"] == _OUTDATED:
        return {**at, "ts": _ts(answer)}
    fresh = await _fresh(api, group_id)
    return {**fresh, "ts": at["ts"]} if answer["failed"] == _KEY_EXPIRED else fresh


async def _fresh(api: Api, group_id: int) -> Cursor:
    told = await api.call("groups.getLongPollServer", {"group_id": group_id})
    return _cursor(told) or _unreadable("groups.getLongPollServer")


def _known(cursor: str | None) -> Cursor | None:
    try:
        return _cursor(json.loads(cursor)) if cursor else None
    except ValueError:
        return None


def _cursor(told: object) -> Cursor | None:
    if not isinstance(told, dict) or not {"server", "key", "ts"} <= told.keys():
        return None
    return {name: str(told[name]) for name in ("server", "key", "ts")}


def _bodies(answer: Mapping[str, Any]) -> list[bytes]:
    """Each update as a callback would have brought it."""
    updates = answer.get("updates", [])
    if not isinstance(updates, list):
        _unreadable("the long poll")
    return [json.dumps(update).encode() for update in updates]


def _ts(answer: Mapping[str, Any]) -> str:
    """The place in the queue; VK gives it as a string, and as a number where it refuses."""
    return str(answer["ts"]) if "ts" in answer else _unreadable("the long poll")


def _unreadable(what: str) -> NoReturn:
    raise PollFailed(f"{what} gave an answer that cannot be read")
