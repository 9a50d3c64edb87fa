"""The VK emulator's answers and events against VK's own JSON Schema of January 2025."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from emulators.vk.errors import TEXTS
from tests.emulators.stagehand import eventually
from tests.emulators.vk_specification import Specification
from tests.emulators.vk_stage import ANNA, BORIS, Stand, business, hooked, standing

pytestmark = pytest.mark.outside("VESTNIK_SPEC")

GROUP = 200001
HERE = {"group_id": GROUP}
TALK = {"peer_id": ANNA.vk}
PRESSED = {"action": {"type": "callback", "label": "Да", "payload": '{"k":1}'}, "color": "primary"}
OPENS = {"action": {"type": "open_link", "label": "Сайт", "link": "https://a.example/"}}
INLINE = json.dumps({"inline": True, "buttons": [[PRESSED, OPENS]]})
GREY = json.dumps({"buttons": [[{**PRESSED, "color": "secondary"}]]})
CARD = {"title": "Платье", "buttons": [OPENS]}
CAROUSEL = json.dumps({"type": "carousel", "elements": [CARD]})
BOLD = json.dumps({"version": 1, "items": [{"type": "bold", "offset": 0, "length": 3}]})


@dataclass(frozen=True)
class Row:
    """A call, which of the method's responses answers it, and where the schema is too old."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "response"
    older: Mapping[str, str] = field(default_factory=dict)


ROWS = [
    # format_data is younger than the schema, which lets unknown fields pass.
    Row(
        "messages.send",
        {**TALK, "random_id": 1, "message": "Раз", "format_data": BOLD},
        "deprecatedResponse",
    ),
    Row(
        "messages.send",
        {"peer_ids": "777,778", "random_id": 2, "message": "Всем"},
        "userIdsResponse",
    ),
    Row("messages.edit", {**TALK, "message_id": 1, "message": "Раз!", "keyboard": INLINE}),
    Row("messages.getById", {"message_ids": "1,2"}),
    Row(
        "messages.getById",
        {"message_ids": "3"},
        older={
            "$.response.items[0].keyboard.buttons[0][0].color": "secondary took default's place",
        },
    ),
    Row("messages.getById", {"message_ids": "1", "extended": 1}, "extendedResponse"),
    Row("messages.getByConversationMessageId", {**TALK, "conversation_message_ids": "1,2,4,5,6,7"}),
    Row(
        "messages.getByConversationMessageId",
        {**TALK, "conversation_message_ids": 1, "extended": 1},
        "extendedResponse",
    ),
    Row("messages.getConversationsById", {"peer_ids": "777,778"}),
    Row("messages.getConversationsById", {"peer_ids": 777, "extended": 1}, "extendedResponse"),
    Row("messages.isMessagesFromGroupAllowed", {**HERE, "user_id": BORIS.vk}),
    Row("messages.markAsRead", TALK),
    Row("messages.setActivity", {**TALK, "type": "typing"}),
    Row("messages.sendReaction", {**TALK, "cmid": 1, "reaction_id": 3}),
    Row("messages.deleteReaction", {**TALK, "cmid": 1}),
    Row("messages.getIntentUsers", {"intent": "promo_newsletter", "extended": 1}),
    Row("messages.sendMessageEventAnswer", {**TALK, "user_id": ANNA.vk, "event_id": "{event_id}"}),
    Row("messages.delete", {"message_ids": "1", "delete_for_all": 1}),
    Row("users.get", {"user_ids": "777,778"}),
    Row("groups.getById"),
    Row("groups.getTokenPermissions"),
    Row("groups.isMember", {**HERE, "user_id": ANNA.vk}),
    Row("groups.isMember", {**HERE, "user_ids": "777,778"}, "userIdsResponse"),
    Row("groups.isMember", {**HERE, "user_id": 777, "extended": 1}, "extendedResponse"),
    Row("groups.getCallbackConfirmationCode", HERE),
    Row("groups.addCallbackServer", {**HERE, "url": "{url}", "title": "t", "secret_key": "s"}),
    Row("groups.editCallbackServer", {**HERE, "server_id": 1, "url": "{url}", "title": "u"}),
    Row("groups.getCallbackServers", HERE),
    Row("groups.setCallbackSettings", {**HERE, "server_id": 1, "message_event": 1}),
    Row("groups.getCallbackSettings", {**HERE, "server_id": 1}),
    Row("groups.deleteCallbackServer", {**HERE, "server_id": 1}),
    Row("groups.setLongPollSettings", {**HERE, "enabled": 1, "message_new": 1}),
    Row("groups.getLongPollSettings", HERE),
    Row("groups.getLongPollServer", HERE),
    Row("photos.getMessagesUploadServer", TALK),
    Row("photos.saveMessagesPhoto", {"photo": "[]", "server": 1, "hash": "{photo}"}),
    Row("docs.getMessagesUploadServer", {**TALK, "type": "doc"}),
    Row("docs.save", {"file": "{doc}"}),
    Row("docs.save", {"file": "{audio_message}"}),
    Row("docs.save", {"file": "{graffiti}"}),
]

# The parameters of rows that take something made on the way.
FILLED = ("event_id", "url", "hash", "file")

# What VK tells of people, and the schema of each event's object.
EVENTS = {
    "message_new": "callback_message_new",
    "message_reply": "callback_message",
    "message_edit": "callback_message",
    "message_event": "callback_message_event",
    "message_allow": "callback_message_allow",
    "message_deny": "callback_message_deny",
    "message_read": "callback_message_read",
    "message_typing_state": "callback_message_typing_state",
    "message_reaction_event": "callback_message_reaction_event",
    "group_join": "callback_group_join",
    "group_leave": "callback_group_leave",
    "user_block": "callback_user_block",
    "user_unblock": "callback_user_unblock",
}
# Where the schema is older than what was seen (the reference of VK, section C6).
OLDER = {
    ("message_event", "$.payload"): "an object on the wire, not a string",
    ("message_event", "$.type"): "message_event is a tick of the settings, missing in the enum",
    ("message_typing_state", "$.state"): "the word is typing; the schema has names of a list",
}


@pytest.fixture(scope="module")
def specification() -> Specification:
    return Specification()


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing(long_poll=True) as ready:
        yield ready


async def test_answers_have_the_documented_shape(
    stand: Stand, specification: Specification
) -> None:
    # What the rows look at: a text, a picture, a file, a voice message, a press, a subscriber.
    shown = ({"keyboard": INLINE}, {"template": CAROUSEL}, {"keyboard": GREY})
    for number, more in enumerate(shown, start=90):
        await stand.call("messages.send", **TALK, message="?", random_id=number, **more)
    for gesture in ("photo", "file", "voice", "place", "subscribe"):
        assert "error" not in await stand.gesture(gesture)
    pressed = await stand.gesture("press", message="1", row=0, column=0)
    told = {"event_id": pressed["event"], "url": f"{stand.base}/nowhere"}
    for kind in ("photo", "doc", "audio_message", "graffiti"):
        told[kind] = await _upload(stand, kind)
    for row in ROWS:
        params = {
            name: value.format_map(told) if name in FILLED else value
            for name, value in row.params.items()
        }
        answer = await stand.call(row.method, **params)
        faults = specification.response(row.method, row.kind, answer)
        assert faults.keys() == row.older.keys(), (row.method, answer, faults)


async def _upload(stand: Stand, kind: str) -> str:
    """Upload a file of this kind; gives what its saving asks for."""
    section = "photos" if kind == "photo" else "docs"
    params = {} if kind == "photo" else {"type": kind}
    server = (await stand.call(f"{section}.getMessagesUploadServer", **params))["response"]
    told = await stand.uploads(server["upload_url"], "photo" if kind == "photo" else "file")
    proof: str = told["hash"] if kind == "photo" else told["file"]
    return proof


async def test_every_method_has_a_row(stand: Stand, specification: Specification) -> None:
    assert set(stand.vk.methods) <= set(specification.methods)
    assert set(stand.vk.methods) == {row.method for row in ROWS}


async def test_events_have_the_documented_shape(stand: Stand, specification: Specification) -> None:
    async with business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, *EVENTS)
        await _happen(stand)
        await eventually(lambda: server.of("user_unblock"), 20)
        events = list(server.events)
    assert {event["type"] for event in events} == set(EVENTS)
    for event in events:
        kind = event["type"]
        faults = {
            **specification.object("callback_base", event),
            **specification.object(EVENTS[kind], event["object"]),
        }
        older = {place for of, place in OLDER if of == kind}
        assert faults.keys() == older, (event, faults)


async def _happen(stand: Stand) -> None:
    """Everything of which VK tells."""
    sending = {"peer_id": BORIS.vk, "random_id": 0, "message": "?"}
    await stand.gesture("start", who="boris", payload="promo", source="poster")
    await stand.call("messages.send", **sending, keyboard=INLINE)
    await stand.call("messages.send", **sending, template=CAROUSEL)
    forward = json.dumps({"peer_id": 778, "conversation_message_ids": [1], "is_reply": True})
    await stand.call("messages.send", **sending, forward=forward)
    await stand.call("messages.edit", peer_id=BORIS.vk, message_id=2, message="!", keyboard=INLINE)
    await stand.gesture("press", who="boris", message="2", row=0, column=0)
    for gesture in ("photo", "file", "voice", "place", "sticker"):
        await stand.gesture(gesture, who="boris")
    await stand.gesture("say", who="boris", text="да", reply_to="2")
    await stand.gesture("edit", who="boris", message="1", text="нет")
    await stand.gesture("answer", who="boris", text="Здравствуйте")
    await stand.gesture("react", who="boris", message="2", reaction=3)
    for gesture in ("typing", "join", "leave", "deny", "blacklist", "pardon"):
        await stand.gesture(gesture, who="boris")


async def test_errors_have_the_documented_texts_and_shape(
    stand: Stand, specification: Specification
) -> None:
    assert {code: specification.errors.get(code) for code in TEXTS} == dict(TEXTS)
    error = (await stand.call("messages.send", peer_id=BORIS.vk, random_id=1, message="?"))["error"]
    # inner_type names the class in the schema and is not on the wire.
    assert list(specification.object("base_error", error).values()) == [
        "'inner_type' is a required property"
    ]
