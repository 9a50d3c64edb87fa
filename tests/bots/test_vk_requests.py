"""VK goes out: what is asked of the API."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.bots.vk.speaking import TAKEN, TOKEN, asked, says, speaking, taken, to
from vestnik.outbound import (
    Acknowledge,
    Button,
    ContactButton,
    Edit,
    LinkButton,
    Media,
    Outbound,
    Send,
    Template,
    Text,
)
from vestnik.outcome import Rejected, SendResult, Sent, Unreachable
from vestnik.richtext import RichText, Span

OK = {"response": 1}
CHAT = "2000000005"


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


@dataclass(frozen=True)
class Row:
    """A message and the parameters it becomes; JSON in them is compared parsed."""

    says: Outbound
    asks: dict[str, Any]
    method: str = "messages.send"


def sends(message: str, **more: Any) -> dict[str, Any]:
    always = {"peer_ids": "5001", "random_id": "7", "disable_mentions": "1"}
    return {"message": message, **always, **more}


def key(label: str, payload: str) -> dict[str, Any]:
    wrapped = json.dumps({"p": payload}, separators=(",", ":"), ensure_ascii=False)
    return {"action": {"type": "callback", "label": label, "payload": wrapped}}


def link(label: str, url: str) -> dict[str, Any]:
    return {"action": {"type": "open_link", "label": label, "link": url}}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline": True, "buttons": list(rows)}


def spans(*items: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "items": list(items)}


TEN = [Button(f"{'я' * 39}{n}", "ж" * 123) for n in range(10)]
TEN_KEYS = [key(button.label, button.payload) for button in TEN]

REQUESTS = {
    "plain": Row(says("Привет"), sends("Привет")),
    "cyrillic at the limit": Row(says("я" * 4096), sends("я" * 4096)),
    "over the limit, not cut": Row(says("я" * 4097), sends("я" * 4097)),
    "literal": Row(says("<b> _*[ {{ }} =1 &amp;"), sends("<b> _*[ {{ }} =1 &amp;")),
    "rich": Row(
        Text(
            RichText(
                "👋 Новинки, код и сайт",
                (
                    Span(2, 9, "bold"),
                    Span(2, 9, "italic"),
                    Span(11, 14, "code"),
                    Span(17, 21, "link", "https://coffee.example"),
                ),
            )
        ),
        sends(
            "👋 Новинки, код и сайт",
            format_data=spans(
                {"type": "bold", "offset": 3, "length": 7},
                {"type": "italic", "offset": 3, "length": 7},
                {"type": "url", "offset": 18, "length": 4, "url": "https://coffee.example"},
            ),
        ),
    ),
    "few buttons": Row(
        says("?", Button("Да", "y"), LinkButton("Сайт", "https://coffee.example")),
        sends("?", keyboard=keyboard([key("Да", "y")], [link("Сайт", "https://coffee.example")])),
    ),
    "short buttons, two a row": Row(
        says("?", *(Button(f"Л{n}", f"{n}") for n in range(5))),
        sends(
            "?",
            keyboard=keyboard(
                [key("Л0", "0"), key("Л1", "1")],
                [key("Л2", "2"), key("Л3", "3")],
                [key("Л4", "4")],
            ),
        ),
    ),
    "long buttons, one a row": Row(
        says("?", *(Button(f"Капучино с сиропом {n}", f"{n}") for n in range(6))),
        sends(
            "?", keyboard=keyboard(*([key(f"Капучино с сиропом {n}", f"{n}")] for n in range(6)))
        ),
    ),
    "buttons at the limit": Row(
        says("?", *TEN),
        sends("?", keyboard=keyboard(*(TEN_KEYS[at : at + 2] for at in range(0, 10, 2)))),
    ),
    "no contact button": Row(says("?", ContactButton("Телефон")), sends("?")),
    "photo of VK's": Row(
        says("Меню", media=(Media("image", id="photo-1_2"),)), sends("Меню", attachment="photo-1_2")
    ),
    "photo by its link": Row(
        says("Меню", media=(Media("image", url="https://coffee.example/m.png"),)),
        sends("Меню\n\nhttps://coffee.example/m.png"),
    ),
    "answer to a message": Row(
        says("Да", reply_to="11"),
        sends("Да", forward={"peer_id": 5001, "is_reply": True, "message_ids": [11]}),
    ),
    "answer by place": Row(
        says("Да", reply_to="cmid:4"),
        sends("Да", forward={"peer_id": 5001, "is_reply": True, "conversation_message_ids": [4]}),
    ),
    "edit": Row(
        Edit("11", says("Готово", Button("Ещё", "more"))),
        {
            "message": "Готово",
            "message_id": "11",
            "peer_id": "5001",
            "disable_mentions": "1",
            "keyboard": keyboard([key("Ещё", "more")]),
        },
        "messages.edit",
    ),
    "edit by place": Row(
        Edit("cmid:4", says("Готово")),
        {"message": "Готово", "cmid": "4", "peer_id": "5001", "disable_mentions": "1"},
        "messages.edit",
    ),
    "acknowledge": Row(
        Acknowledge('{"event_id":"4f","user_id":5001,"peer_id":5001}'),
        {"event_id": "4f", "user_id": "5001", "peer_id": "5001"},
        "messages.sendMessageEventAnswer",
    ),
    "acknowledge with a long notice": Row(
        Acknowledge('{"event_id":"4f","user_id":5001,"peer_id":5001}', "ж" * 91),
        {
            "event_id": "4f",
            "user_id": "5001",
            "peer_id": "5001",
            "event_data": {"type": "show_snackbar", "text": "ж" * 89 + "…"},
        },
        "messages.sendMessageEventAnswer",
    ),
}


@pytest.mark.parametrize("label", REQUESTS)
async def test_request(label: str) -> None:
    row = REQUESTS[label]
    async with speaking(TAKEN) as (vk, community):
        (result,) = await community.send([to("5001", row.says)])
    assert isinstance(result, Sent)
    (request,) = vk.requests
    assert (request.method, request.path) == ("POST", f"/method/{row.method}")
    assert {name: parsed(value) for name, value in asked(request).items()} == row.asks


def parsed(value: str) -> Any:
    return json.loads(value) if value.startswith("{") else value


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
    "press that is not VK's": (
        to("5001", Acknowledge("4382bfdwdsb323b2d9")),
        Rejected("foreign_reference", "the token is not one of a VK press"),
    ),
    "half a character": (
        to("5001", says("\ud83d")),
        Rejected("not_unicode", "the text holds half of a character"),
    ),
}


@pytest.mark.parametrize("label", UNSAYABLE)
async def test_what_cannot_be_said_is_not_asked(label: str) -> None:
    item, result = UNSAYABLE[label]
    async with speaking(TAKEN) as (vk, community):
        assert await community.send([item]) == [result]
    assert vk.requests == []


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


async def test_same_words_under_one_handle_share_a_request() -> None:
    items = [{"peer_id": peer, "message_id": 900 + peer} for peer in range(1, 151)]
    batch = [to(str(peer), says("Акция")) for peer in range(1, 151)]
    async with speaking(taken(*items)) as (vk, community):
        assert await community.send(batch) == [Sent(str(900 + peer)) for peer in range(1, 151)]
    sizes = [len(asked(request)["peer_ids"].split(",")) for request in vk.requests]
    assert sorted(sizes) == [50, 100]


async def test_other_words_other_handles_and_quotes_go_alone() -> None:
    batch = [
        to("1", says("Акция")),
        to("2", says("Другая")),
        to("3", says("Акция"), "8"),
        to("4", says("Акция", reply_to="1")),
        to("5", says("Акция"), ""),
        to("6", says("Акция"), ""),
    ]
    async with speaking(TAKEN) as (vk, community):
        await community.send(batch)
    assert sorted(asked(request)["peer_ids"] for request in vk.requests) == list("123456")


async def test_person_gets_messages_in_their_order() -> None:
    batch = [to(f"{n % 3 + 1}", says(f"{n}"), f"{n + 1}") for n in range(9)]
    items = [{"peer_id": peer, "message_id": 17} for peer in (1, 2, 3)]
    async with speaking(taken(*items)) as (vk, community):
        assert await community.send(batch) == [Sent("17")] * 9
    said = [(asked(it)["peer_ids"], asked(it)["message"]) for it in vk.requests]
    assert {peer for peer, _ in said[:3]} == {"1", "2", "3"}
    for peer in (1, 2, 3):
        assert [text for whom, text in said if whom == f"{peer}"] == [
            f"{peer + n}" for n in (-1, 2, 5)
        ]


async def test_message_to_a_chat_is_named_by_its_place() -> None:
    item = {"peer_id": int(CHAT), "message_id": 0, "conversation_message_id": 94}
    async with speaking(taken(item)) as (_, community):
        assert await community.send([to(CHAT, says("Отчёт"))]) == [Sent("cmid:94")]
