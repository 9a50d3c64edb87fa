"""The VK emulator's faults on demand, each proved by what the acceptance log holds afterwards."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.emulators.stagehand import seen_by_caller
from tests.emulators.vk_stage import ANNA, BORIS, Stand, standing

PATIENCE = 3.0

# What is asked for, what the caller sees (a status with a header or an error code, or how the
# connection ends), and whether the message was accepted all the same.
FAULTS: dict[str, tuple[dict[str, Any], Any, bool]] = {
    "error code": ({"kind": "error", "code": 10}, 10, False),
    "own text": ({"kind": "error", "code": 901, "description": "Нельзя"}, 901, False),
    "captcha": ({"kind": "error", "code": 14, "captcha_sid": "7"}, 14, False),
    "429": ({"kind": "html", "status": 429, "retry_after": 30}, (429, "30"), False),
    "500": ({"kind": "html", "status": 500}, (500, None), False),
    "503": ({"kind": "html", "status": 503, "retry_after": "soon"}, (503, "soon"), False),
    "page instead of JSON": ({"kind": "html", "status": 200}, (200, None), False),
    "502 after acceptance": ({"kind": "html", "accepted": True}, (502, None), True),
    "hang": ({"kind": "hang"}, TimeoutError, True),
    "reset": ({"kind": "reset"}, aiohttp.ClientError, True),
    "drop": ({"kind": "drop"}, aiohttp.ClientError, False),
}


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


@pytest.mark.parametrize("label", FAULTS)
async def test_fault(stand: Stand, label: str) -> None:
    fault, seen, accepted = FAULTS[label]
    await stand.fault(method="messages.send", to=str(ANNA.vk), **fault)
    other = await _told(stand, {"peer_id": BORIS.vk, "message": "?", "random_id": 1})
    assert other == 901  # the fault waits for Anna
    sending = {"peer_id": ANNA.vk, "message": "Раз", "random_id": 7}
    assert _same(await _told(stand, sending), seen)
    assert stand.accepted() == (["Раз"] if accepted else [])
    # It is used up; and what was accepted is not sent twice under the same random_id.
    assert await _told(stand, sending) == 0
    assert stand.accepted() == ["Раз"]


async def test_a_fault_may_happen_several_times_and_be_forgotten(stand: Stand) -> None:
    sending = {"peer_id": ANNA.vk, "message": "Раз", "random_id": 7}
    await stand.fault(kind="error", code=6, times=2)
    assert [await _told(stand, sending) for _ in range(3)] == [6, 6, 0]
    await stand.fault(kind="error", code=6, times=100)
    assert await _told(stand, {**sending, "random_id": 8}) == 6
    async with stand.web.delete(f"{stand.base}/_sim/faults") as answer:
        assert answer.status == 204
    assert await _told(stand, {**sending, "random_id": 8}) == 0
    assert stand.accepted() == ["Раз", "Раз"]


@pytest.mark.parametrize("kind", ["hang", "reset"])
async def test_an_answer_lost_for_many_is_found_by_its_random_id(stand: Stand, kind: str) -> None:
    stand.vk.opened(BORIS.vk)
    sending = {"peer_ids": f"{ANNA.vk},{BORIS.vk}", "message": "Всем", "random_id": 7}
    await stand.fault(kind=kind, method="messages.send")
    assert _same(await _told(stand, sending), (TimeoutError, aiohttp.ClientError))
    answer = await stand.call("messages.send", **sending)
    assert [item["message_id"] for item in answer["response"]] == [1, 2]
    assert (stand.accepted(), stand.accepted(BORIS)) == (["Всем"], ["Всем"])


async def test_chance_strikes_a_request_once_however_many_it_is_about(stand: Stand) -> None:
    asked: list[str] = []
    stand.world.faults.chance = lambda _, method: asked.append(method)
    both = f"{ANNA.vk},{BORIS.vk}"
    await stand.call("messages.send", peer_ids=both, message="Всем", random_id=7)
    code = f"return [{','.join(['API.users.get({})'] * 3)}];"
    assert (await stand.call("execute", code=code))["response"] == [[], [], []]
    assert asked == ["messages.send", "execute"]


async def test_long_poll_and_uploads_have_faults_too(stand: Stand) -> None:
    await stand.call("groups.setLongPollSettings", group_id=200001, enabled=1)
    told = (await stand.call("groups.getLongPollServer", group_id=200001))["response"]
    asked = {"act": "a_check", "key": told["key"], "ts": told["ts"], "wait": "0"}
    for failed in (2, 3):
        await stand.fault(kind="error", method="a_check", failed=failed)
        async with stand.web.post(told["server"], data=asked) as answer:
            assert await answer.json() == {"failed": failed}
    await stand.fault(kind="html", method="a_check", status=503)
    async with stand.web.post(told["server"], data=asked) as answer:
        assert (answer.status, answer.content_type) == (503, "text/html")
    upload = (await stand.call("photos.getMessagesUploadServer"))["response"]["upload_url"]
    await stand.fault(kind="drop", method="upload")
    with pytest.raises(aiohttp.ClientError):
        await stand.web.post(upload, data={"photo": BytesIO(b"\x89PNG")})


async def _told(stand: Stand, sending: dict[str, Any]) -> Any:
    """What a caller gets: an error's code (0: none), a status and Retry-After, or an exception.

    Nobody waits for an answer longer than until the message was accepted, and a while.
    """
    url = f"{stand.base}/vk/method/messages.send"
    data = {"access_token": stand.vk.settings.token, "v": "5.199", **sending}
    before = stand.world.accepted.count()
    asking = _read(stand, url, data)
    return await seen_by_caller(asking, lambda: stand.world.accepted.count() > before, PATIENCE)


async def _read(stand: Stand, url: str, data: dict[str, Any]) -> Any:
    async with stand.web.post(url, data=data) as answer:
        if answer.content_type != "application/json":
            return answer.status, answer.headers.get("Retry-After")
        told = await answer.json()
        return told.get("error", {}).get("error_code", 0)


def _same(told: Any, seen: Any) -> bool:
    return isinstance(told, seen) if isinstance(told, Exception) else bool(told == seen)
