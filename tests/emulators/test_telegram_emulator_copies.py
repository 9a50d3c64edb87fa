"""Messages that the bot repeats elsewhere, many at once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.telegram_stage import ADMINS, ANNA, Stage, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


async def test_albums_stay_together_when_repeated(scene: Stage) -> None:
    told = await scene.does("media", kind="photo", count=2, caption="чеки")
    said = await scene.does("say", text="вот")
    numbers = [*map(int, told["messages"]), int(said["message"]), 2**31 - 1]
    copies = await scene.bot.copy_messages(ADMINS, ANNA, numbers, remove_caption=True)
    forwards = await scene.bot.forward_messages(ADMINS, ANNA, numbers)

    assert (len(copies), len(forwards)) == (3, 3)
    bubbles = scene.screen(ADMINS).bubbles
    assert [bubble.text for bubble in bubbles] == ["", "", "вот", "чеки", "", "вот"]
    assert [bubble.forwarded_from for bubble in bubbles[3:]] == ["Анна Петрова"] * 3
    albums = [entry.detail.get("album") for entry in scene.accepted()]
    assert albums[0] == albums[1] != albums[3] == albums[4]
    assert albums[2] is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"message_ids": ""}, "message identifiers are not specified"),
        ({"message_ids": []}, "message identifiers are not specified"),
        ({"message_ids": "["}, "can't parse message_ids JSON object"),
        ({"message_ids": 7}, "expected an Array of message identifiers"),
        ({"message_ids": list(range(1, 102))}, "too many message identifiers specified"),
        ({"message_ids": [True]}, "message identifier must be a Number"),
        ({"message_ids": ["x"]}, "can't parse message identifier as a Number"),
        ({"message_ids": [0]}, "invalid message identifier specified"),
        ({"message_ids": [2, 1]}, "message identifiers must be in a strictly increasing order"),
        ({"message_ids": [5]}, "there are no messages to forward"),
        ({"message_ids": [5], "from_chat_id": ""}, 'parameter "from_chat_id" is required'),
        ({"message_ids": [5], "from_chat_id": 777}, "chat not found"),
    ],
)
@pytest.mark.parametrize("method", ["copyMessages", "forwardMessages"])
async def test_what_cannot_be_repeated(
    scene: Stage, method: str, told: dict[str, Any], why: str
) -> None:
    body = {"chat_id": ADMINS, "from_chat_id": ANNA} | told
    status, answer = await scene.calls(method, **body)
    assert (status, answer["description"]) == (400, f"Bad Request: {why}")
    assert scene.accepted() == []


async def test_protected_messages_are_copied_but_not_forwarded(scene: Stage) -> None:
    sent = await scene.bot.send_message(ANNA, "секрет", protect_content=True)
    assert sent.has_protected_content
    body: dict[str, Any] = {"chat_id": ADMINS, "from_chat_id": ANNA, "message_id": sent.message_id}
    assert (await scene.calls("copyMessage", **body))[0] == 200
    _, answer = await scene.calls("forwardMessage", **body)
    assert answer["description"] == "Bad Request: the message can't be forwarded"


async def test_service_messages_are_not_repeated(scene: Stage) -> None:
    moved = await scene.does("migrate", chat=str(ADMINS))
    number = int(scene.screen(int(moved["chat"])).bubbles[0].id)
    body = {"chat_id": ANNA, "from_chat_id": moved["chat"], "message_id": number}
    for method, done in (("copyMessage", "copied"), ("forwardMessage", "forwarded")):
        _, answer = await scene.calls(method, **body)
        assert answer["description"] == f"Bad Request: the message can't be {done}"
