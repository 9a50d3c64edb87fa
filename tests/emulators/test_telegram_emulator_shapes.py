"""The Telegram emulator's objects against the machine-readable Bot API, field by field."""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS, Stage, stage

pytestmark = pytest.mark.outside

# Newer than the specification (aiogram 3.31 demands it).
NEWER = {"ChatMemberAdministrator": {"can_send_welcome_messages"}}
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": float, "True": bool}
KINDS = {"message", "callback_query", "my_chat_member", "message_reaction"}
BUTTON = {"inline_keyboard": [[{"text": "Да", "callback_data": "x"}]]}


class Specification:
    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self._types = told["types"]
        self._methods = told["methods"]

    def faults(self, method: str, result: Any) -> list[str]:
        kinds = self._methods[method]["returns"]
        return min((self._in(kind, result, method) for kind in kinds), key=len)

    def of(self, kind: str, value: Any) -> list[str]:
        return self._in(kind, value, kind)

    def _in(self, kind: str, value: Any, where: str) -> list[str]:
        if kind in PLAIN:
            return [] if type(value) is PLAIN[kind] else [f"{where}: {value!r} is no {kind}"]
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no array"]
            inner = kind.removeprefix("Array of ")
            return [fault for item in value for fault in self._in(inner, item, where + "[]")]
        if kinds := self._types[kind].get("subtypes"):
            return min((self._in(sub, value, where) for sub in kinds), key=len)
        return self._fields(kind, value, where)

    def _fields(self, kind: str, value: Any, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no {kind}"]
        fields = {field["name"]: field for field in self._types[kind].get("fields", [])}
        needed = {name for name, field in fields.items() if field["required"]}
        faults = [f"{where}: {name} is missing" for name in needed - set(value)]
        for name, inner in value.items():
            if name in fields:
                kinds = fields[name]["types"]
                fewest: list[str] = min(
                    (self._in(sub, inner, f"{where}.{name}") for sub in kinds), key=len
                )
                faults += fewest
            elif name not in NEWER.get(kind, ()):
                faults.append(f"{where}: there is no {name} in {kind}")
        return faults


@pytest.fixture(scope="module")
def specification() -> Specification:
    folder = os.environ.get("VESTNIK_SPEC")
    assert folder, "set VESTNIK_SPEC to the folder that holds telegram-bot-api.json"
    return Specification(Path(folder) / "telegram-bot-api.json")


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


async def test_results_have_the_documented_shape(
    scene: Stage, specification: Specification
) -> None:
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="/да", reply_markup=BUTTON)
    number = sent["result"]["message_id"]
    told = await scene.does("photo", caption="чек")
    message = {"chat_id": ANNA, "message_id": number}
    to_admins = {"chat_id": ADMINS, "from_chat_id": ANNA, "message_id": told["message"]}
    file_id = await _photo(scene)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("getMe", {}),
        ("sendMessage", {"chat_id": ANNA, "text": "a", "reply_parameters": {"message_id": number}}),
        ("sendPhoto", {"chat_id": ADMINS, "photo": file_id, "caption": "#чек"}),
        ("sendDocument", {"chat_id": ANNA, "document": "https://example.com/a.pdf"}),
        ("sendChatAction", {"chat_id": ANNA, "action": "typing"}),
        ("copyMessage", to_admins),
        ("forwardMessage", to_admins),
        ("editMessageText", message | {"text": "нет"}),
        ("editMessageReplyMarkup", message | {"reply_markup": BUTTON}),
        ("deleteMessage", message),
        ("getFile", {"file_id": file_id}),
        ("getChat", {"chat_id": ANNA}),
        ("getChat", {"chat_id": OPERATORS}),
        ("getChatMember", {"chat_id": OPERATORS, "user_id": ANNA}),
        ("getChatMember", {"chat_id": OPERATORS, "user_id": 503}),
        ("getChatAdministrators", {"chat_id": OPERATORS}),
        ("setMyCommands", {"commands": [{"command": "start", "description": "Начать"}]}),
        ("getMyCommands", {}),
        ("createForumTopic", {"chat_id": OPERATORS, "name": "Вера"}),
        ("getWebhookInfo", {}),
        ("deleteWebhook", {}),
    ]
    for method, body in calls:
        status, answer = await scene.calls(method, **body)
        assert status == 200, (method, answer)
        assert specification.faults(method, answer["result"]) == []


async def _photo(scene: Stage) -> str:
    """The id of the picture that Anna has just sent."""
    _, answer = await scene.calls("getUpdates", offset=-1)
    file_id: str = answer["result"][0]["message"]["photo"][0]["file_id"]
    return file_id


async def test_updates_have_the_documented_shape(
    scene: Stage, specification: Specification
) -> None:
    await scene.calls("getUpdates", offset=1, allowed_updates=sorted(KINDS))
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="да?", reply_markup=BUTTON)
    number = sent["result"]["message_id"]
    _, topic = await scene.calls("createForumTopic", chat_id=OPERATORS, name="Вера")
    thread = topic["result"]["message_thread_id"]
    await scene.calls("closeForumTopic", chat_id=OPERATORS, message_thread_id=thread)
    await scene.does("start", payload="spring")
    await scene.does("say", text="@somebody https://a.ru", reply_to=number)
    await scene.does("say", chat=str(OPERATORS), text="Еду", thread=thread)
    await scene.does("contact", of="boris")
    await scene.does("photo")
    await scene.does("press", message=number, row=0, column=0)
    await scene.does("react", message=number, emoji="👍")
    await scene.does("block")
    await scene.does("migrate", "boris", chat=str(ADMINS))
    await scene.does("kick", chat=str(OPERATORS))

    _, answer = await scene.calls("getUpdates", offset=2)
    faults = [fault for update in answer["result"] for fault in specification.of("Update", update)]
    assert faults == []
    kinds = {kind for update in answer["result"] for kind in update} - {"update_id"}
    assert kinds == KINDS
