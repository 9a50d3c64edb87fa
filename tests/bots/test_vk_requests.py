"""VK goes out: what is asked of the API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bots.tables import Answer
from tests.bots.vk.asking import app
from tests.bots.vk.keyboards import CARD, TEN
from tests.bots.vk.rows import REQUESTS
from tests.bots.vk.speaking import TAKEN, TOKEN, asked, refused, says, speaking, taken, to
from vestnik.outbound import Acknowledge, Button, Edit, Media, Recipient, Seen, Send, Template
from vestnik.outcome import Ambiguous, Declined, Rejected, SendResult, Sent, Unreachable

CHAT = "2000000005"
PLAIN_APP = app("text", "callback", "keyboard", "inline_keyboard")


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("name", REQUESTS)
async def test_request(name: str) -> None:
    row = REQUESTS[name]
    item = to("5001", row.says, recipient=Recipient(shows=row.shows), bulk=row.bulk)
    async with speaking(TAKEN, **row.settings) as (vk, community):
        (result,) = await community.send([item])
    assert isinstance(result, Sent)
    assert TOKEN not in repr(result)
    (request,) = vk.requests
    assert (request.method, request.path) == ("POST", f"/method/{row.method}")
    assert {name: parsed(value) for name, value in asked(request).items()} == row.asks


def parsed(value: str) -> Any:
    return json.loads(value) if value.startswith("{") else value


# Their payloads are more than any keyboard of VK's holds.
HEAVY = tuple(Button(label, label * 247) for label in "abcde")

UNSAYABLE: dict[str, tuple[Send, SendResult]] = {
    "template": (
        to("5001", Template("promo", "ru")),
        Rejected("template", "VK has no templates"),
    ),
    "no peer": (to("+79160000001", says("?")), Unreachable("no_account", "not_a_peer")),
    "peer with a zero before it": (to("05001", says("?")), Unreachable("no_account", "not_a_peer")),
    "edit of what is not VK's": (
        to("5001", Edit("wamid.1", says("?"))),
        Rejected("foreign_reference", "'wamid.1' is not the name of a VK message"),
    ),
    "answer to what is not VK's": (
        to("5001", says("?", reply_to="wamid.1")),
        Rejected("foreign_reference", "'wamid.1' is not the name of a VK message"),
    ),
    "press that is not VK's": (
        to("5001", Acknowledge("4382bfdwdsb323b2d9")),
        Rejected("foreign_reference", "the token is not one of a VK press"),
    ),
    "half a character": (
        to("5001", says("\ud83d")),
        Rejected("not_unicode", "the text holds half of a character"),
    ),
    "numbered lines that make it too long": (
        to("5001", says("я" * 4090, *TEN[:2]), recipient=Recipient(shows=frozenset())),
        Declined("unfit"),
    ),
    "numbered lines that make it too long for every app": (
        to("5001", says("я" * 4090, *HEAVY), recipient=Recipient(shows=frozenset())),
        Rejected("unfit", "the text is 4116 long, the channel takes 4096"),
    ),
    "file that nobody gave": (
        to("5001", says("?", media=(Media("image", file="m1"),))),
        Rejected("file_missing", "nobody gave the file 'm1'"),
    ),
}


@pytest.mark.parametrize("label", UNSAYABLE)
async def test_what_cannot_be_said_is_not_asked(label: str) -> None:
    item, result = UNSAYABLE[label]
    async with speaking(TAKEN) as (vk, community):
        assert await community.send([item]) == [result]
    assert vk.requests == []


async def test_seen_without_typing_asks_nothing() -> None:
    async with speaking(TAKEN) as (vk, community):
        assert await community.send([to("5001", Seen("11", typing=False))]) == [Sent("")]
    assert vk.requests == []


async def test_cards_without_a_carousel_are_lines_and_buttons() -> None:
    item = to("5001", says("Меню", cards=(CARD,)), recipient=Recipient(shows=PLAIN_APP))
    async with speaking(TAKEN) as (vk, community):
        await community.send([item])
    (request,) = vk.requests
    given = asked(request)
    assert "template" not in given
    assert given["message"] == "Меню\n\nЛатте"
    (((button,),),) = [json.loads(given["keyboard"])["buttons"]]
    assert button["action"]["label"] == "Взять"


async def test_a_payload_that_is_too_long_in_json_makes_its_button_a_line() -> None:
    async with speaking(TAKEN) as (vk, community):
        await community.send([to("5001", says("Придёте?", Button("Да", '"' * 124)))])
        await community.send([to("5001", says("Придёте?", Button("Да", '"' * 123)))])
    line, key = map(asked, vk.requests)
    assert "keyboard" not in line
    assert line["message"] == "Придёте?\n\n1. Да"
    assert "keyboard" in key


RANDOM_IDS = {"7": "7", str(2**31 - 1): str(2**31 - 1), str(2**31): "1", "0": str(2**31 - 1)}


@pytest.mark.parametrize("handle", RANDOM_IDS)
async def test_number_as_handle_is_the_random_id(handle: str) -> None:
    assert await random_ids(handle) == [RANDOM_IDS[handle]]


async def test_other_handles_give_a_random_id_that_lasts() -> None:
    (first, again, other) = await random_ids("broadcast-7", "broadcast-7", "broadcast-8")
    assert first == again != other
    assert 0 < int(first) < 2**31


async def test_without_a_handle_nothing_is_taken_for_a_copy() -> None:
    assert len(set(await random_ids("", "", "", ""))) > 1


async def random_ids(*handles: str) -> list[str]:
    async with speaking(TAKEN) as (vk, community):
        for handle in handles:
            await community.send([to("5001", says("?"), handle)])
    return [asked(request)["random_id"] for request in vk.requests]


async def test_message_to_a_chat_is_named_by_its_place() -> None:
    item = {"peer_id": int(CHAT), "message_id": 0, "conversation_message_id": 94}
    async with speaking(taken(item)) as (_, community):
        assert await community.send([to(CHAT, says("Отчёт"))]) == [Sent("cmid:94")]


@pytest.mark.parametrize("code", [15, 100, 104, 909, 920, 924, 949])
async def test_what_vk_does_not_edit_is_said_anew(code: int) -> None:
    async with speaking(refused(code), TAKEN) as (vk, community):
        assert await community.send([to("5001", says("Да", replaces="11"))]) == [Sent("17")]
    assert [request.path for request in vk.requests] == [
        "/method/messages.edit",
        "/method/messages.send",
    ]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (refused(10), Ambiguous("10")),
        (refused(911), Rejected("911", "no")),
        (refused(901), Unreachable("not_allowed", "901")),
        (Answer("<html>", 502), Ambiguous("http_502")),
    ],
)
async def test_edit_that_fails_otherwise_is_not_said_anew(
    answer: Answer, result: SendResult
) -> None:
    async with speaking(answer, TAKEN) as (vk, community):
        assert await community.send([to("5001", says("Да", replaces="11"))]) == [result]
    assert len(vk.requests) == 1
