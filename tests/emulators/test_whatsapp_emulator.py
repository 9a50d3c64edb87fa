"""The emulated Graph API: what may be sent, and what is refused in which words."""

from dataclasses import replace
from typing import Any

import pytest

from tests.emulators.whatsapp_stage import (
    ANNA,
    BORIS,
    PHONE_ID,
    SETTINGS,
    on_stage,
)


def buttons(*titles: str, body: str = "Выберите", **more: Any) -> dict[str, Any]:
    items = [
        {"type": "reply", "reply": {"id": f"b{number}", "title": title}}
        for number, title in enumerate(titles)
    ]
    content = {"type": "button", "body": {"text": body}, "action": {"buttons": items}, **more}
    return {"type": "interactive", "interactive": content}


def rows(count: int, body: str = "Темы", **row: Any) -> dict[str, Any]:
    items = [{"id": f"r{number}", "title": f"Тема {number}", **row} for number in range(count)]
    action = {"button": "Выбрать", "sections": [{"title": "Все", "rows": items}]}
    content = {"type": "list", "body": {"text": body}, "action": action}
    return {"type": "interactive", "interactive": content}


def link(text: str = "Открыть", url: str = "https://x.example") -> dict[str, Any]:
    action = {"name": "cta_url", "parameters": {"display_text": text, "url": url}}
    content = {"type": "cta_url", "body": {"text": "Сайт"}, "action": action}
    return {"type": "interactive", "interactive": content}


async def test_a_text_is_logged_before_the_answer_and_stands_on_the_phone() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        status, answer = await stage.post(
            {
                "to": ANNA.phone,
                "type": "text",
                "text": {"body": "*Здравствуйте*, _Анна_"},
                "biz_opaque_callback_data": "attempt:7",
            }
        )
        assert status == 200
        assert answer["messaging_product"] == "whatsapp"
        assert answer["contacts"] == [{"input": "+79990001122", "wa_id": "79990001122"}]
        [message] = answer["messages"]
        assert message["id"].startswith("wamid.")
        assert "message_status" not in message
        [entry] = stage.world.accepted.find(platform="whatsapp")
        assert (entry.to, entry.kind, entry.text, entry.reference, entry.opaque) == (
            "79990001122",
            "text",
            "*Здравствуйте*, _Анна_",
            message["id"],
            "attempt:7",
        )
        [bubble] = stage.screen()
        assert bubble.text == "Здравствуйте, Анна"
        assert bubble.spans == [
            {"offset": 0, "length": 12, "style": "bold"},
            {"offset": 14, "length": 4, "style": "italic"},
        ]


async def test_a_business_scoped_id_is_answered_by_itself() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(BORIS.bsuid)
        status, answer = await stage.post(
            {"recipient": BORIS.bsuid, "type": "text", "text": {"body": "Привет"}}
        )
        assert status == 200
        assert answer["contacts"] == [{"input": BORIS.bsuid, "user_id": BORIS.bsuid}]
        [entry] = stage.world.accepted.find(to=BORIS.bsuid)
        assert entry.text == "Привет"
        assert stage.world.screens.of("whatsapp", BORIS.wa_id).bubbles[0].text == "Привет"


async def test_to_wins_over_recipient() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        _, answer = await stage.post(
            {"to": ANNA.phone, "recipient": BORIS.bsuid, "type": "text", "text": {"body": "x"}}
        )
        assert answer["contacts"][0]["wa_id"] == ANNA.wa_id


async def test_a_number_without_plus_gets_the_business_country_code() -> None:
    async with on_stage() as stage:
        _, answer = await stage.post({"to": ANNA.wa_id, "type": "text", "text": {"body": "x"}})
        assert answer["contacts"][0]["wa_id"] == "1" + ANNA.wa_id
        wamid = answer["messages"][0]["id"]
        status = await stage.first_status(wamid)
        assert status["errors"][0]["code"] == 131026
    async with on_stage(replace(SETTINGS, prepend_country_code=False)) as stage:
        _, answer = await stage.post({"to": ANNA.wa_id, "type": "text", "text": {"body": "x"}})
        assert answer["contacts"][0]["wa_id"] == ANNA.wa_id


ACCEPTED = [
    pytest.param({"type": "text", "text": {"body": "ж" * 4096, "preview_url": False}}, id="4096"),
    pytest.param(buttons("Да", "Нет", "ж" * 20, body="ж" * 1024), id="three buttons"),
    pytest.param(
        buttons("Да", header={"type": "text", "text": "ж" * 60}, footer={"text": "ж" * 60}),
        id="header and footer",
    ),
    pytest.param(
        buttons("Да", header={"type": "image", "image": {"link": "https://x.example/a.png"}}),
        id="header image",
    ),
    pytest.param(rows(10, body="ж" * 4096, description="ж" * 72), id="ten rows"),
    pytest.param(link("ж" * 20), id="cta_url"),
    pytest.param(
        {"type": "image", "image": {"link": "https://x.example/a.png", "caption": "ж" * 1024}},
        id="image",
    ),
    pytest.param(
        {"type": "document", "document": {"link": "https://x.example/a", "filename": "a.pdf"}},
        id="document",
    ),
    pytest.param(
        {"type": "location", "location": {"latitude": "55.75", "longitude": 37.6}}, id="location"
    ),
]


@pytest.mark.parametrize("body", ACCEPTED)
async def test_the_longest_allowed_is_accepted(body: dict[str, Any]) -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.send(**body)
        assert len(stage.screen()) == 1


TWO_SECTIONS = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "x"},
        "action": {
            "button": "x",
            "sections": [{"rows": [{"id": str(n), "title": "x"}]} for n in range(2)],
        },
    },
}
MANY_ROWS = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "x"},
        "action": {
            "button": "x",
            "sections": [
                {"title": name, "rows": [{"id": f"{name}{n}", "title": "x"} for n in range(6)]}
                for name in "ab"
            ],
        },
    },
}
BAD = 131009
REFUSED = [
    ("text of 4097", {"type": "text", "text": {"body": "ж" * 4097}}, BAD, "at most 4096"),
    ("empty text", {"type": "text", "text": {"body": ""}}, BAD, "at least 1"),
    ("half a pair", {"type": "text", "text": {"body": "\ud800"}}, 100, "valid UTF-8"),
    ("no body", {"type": "text", "text": {}}, 131008, "text['body'] is required"),
    ("no text", {"type": "text"}, 131008, "Param text is required"),
    ("text is a string", {"type": "text", "text": "x"}, 100, "must be a JSON object"),
    ("misspelt", {"type": "text", "text": {"body": "x", "boby": 1}}, 100, 'Unexpected key "boby"'),
    ("unknown key", {"type": "text", "text": {"body": "x"}, "foo": 1}, 100, 'Unexpected key "foo"'),
    ("unknown type", {"type": "telepathy"}, 100, "Param type must be one of"),
    ("title of 21", buttons("ж" * 21), BAD, "Button title length invalid. Min length: 1, Max"),
    ("four buttons", buttons("1", "2", "3", "4"), BAD, "Max allowed buttons: 3"),
    ("no buttons", buttons(), BAD, "Min allowed buttons: 1"),
    ("twice one title", buttons("Да", "Да"), BAD, "Duplicated button title"),
    ("body of 1025", buttons("Да", body="ж" * 1025), BAD, "at most 1024"),
    ("footer of 61", buttons("Да", footer={"text": "ж" * 61}), BAD, "at most 60"),
    ("header of 61", buttons("Да", header={"type": "text", "text": "ж" * 61}), BAD, "at most 60"),
    ("eleven rows", rows(11), BAD, "Max allowed rows: 10"),
    ("twelve rows in all", MANY_ROWS, BAD, "Total row count exceed max allowed count: 10"),
    ("untitled sections", TWO_SECTIONS, BAD, "Section title is required"),
    ("row title of 25", rows(1, title="ж" * 25), BAD, "Row title is too long. Max length is 24"),
    ("description of 73", rows(1, description="ж" * 73), BAD, "at most 72"),
    ("same row id", rows(2, id="r"), BAD, "Duplicated row id"),
    ("list body of 4097", rows(1, body="ж" * 4097), BAD, "at most 4096"),
    ("link text of 21", link("ж" * 21), BAD, "at most 20"),
    ("not a link", link(url="javascript:1"), BAD, "not a valid URI"),
    ("unknown interactive", {"type": "interactive", "interactive": {"type": "x"}}, 100, "one of"),
    (
        "caption of 1025",
        {"type": "image", "image": {"id": "1", "caption": "ж" * 1025}},
        BAD,
        "1024",
    ),
    ("voice with caption", {"type": "audio", "audio": {"id": "1", "caption": "x"}}, 100, "caption"),
    ("neither id nor link", {"type": "image", "image": {}}, BAD, "exactly one of id and link"),
    ("unknown upload", {"type": "image", "image": {"id": "404"}}, 131053, "Media ID 404"),
    (
        "no such message",
        {"type": "reaction", "reaction": {"message_id": "x", "emoji": "👍"}},
        BAD,
        "was not found",
    ),
    (
        "opaque of 513",
        {"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513},
        BAD,
        "at most 512",
    ),
    (
        "group",
        {"type": "text", "text": {"body": "x"}, "recipient_type": "group"},
        100,
        "individual",
    ),
]


@pytest.mark.parametrize(
    ("body", "code", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_a_bad_message_is_refused_at_once(
    body: dict[str, Any], code: int, words: str
) -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        status, refused, details = await stage.refused({"to": ANNA.phone, **body})
        assert (status, refused) == (400, code)
        assert words in details
        assert not stage.screen()
        assert not list(stage.world.accepted.find())


async def test_the_recipient_is_checked() -> None:
    text = {"type": "text", "text": {"body": "x"}}
    async with on_stage() as stage:
        assert await stage.refused(text) == (400, 100, "(#100) The parameter to is required.")
        assert (await stage.refused({"to": "+7abc", **text}))[1] == BAD
        assert (await stage.refused({"recipient": "1349120", **text}))[1] == BAD
        own = "+" + SETTINGS.display_phone_number
        assert (await stage.refused({"to": own, **text}))[1] == 131021


async def test_token_number_product_and_path_are_checked() -> None:
    async with on_stage() as stage:
        status, answer = await stage.post({"to": ANNA.phone}, token="wrong")
        assert (status, answer["error"]["code"]) == (401, 190)
        assert answer["error"]["type"] == "OAuthException"
        assert answer["error"]["fbtrace_id"]
        url = f"{stage.base}/whatsapp/v26.0/{PHONE_ID}/messages"
        async with stage.session.post(url, json={}, headers={"Authorization": "Bearer é"}) as got:
            assert got.status == 401
        status, answer = await stage.call("POST", "999/messages", json={})
        assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)
        status, answer = await stage.call("POST", f"{PHONE_ID}/messages", json={"to": ANNA.phone})
        assert answer["error"]["message"] == "(#100) The parameter messaging_product is required."
        status, answer = await stage.post({"messaging_product": "sms"})
        assert (status, answer["error"]["code"]) == (400, 100)
        status, answer = await stage.call("POST", f"{PHONE_ID}/telepathy", json={})
        assert (status, answer["error"]["code"]) == (400, 2500)
        status, answer = await stage.call("POST", f"{PHONE_ID}/messages", data=b"{")
        assert (status, answer["error"]["code"]) == (400, 100)


async def test_reading_and_typing_show_on_the_phone() -> None:
    async with on_stage() as stage:
        message = await stage.heard()
        mark = {"status": "read", "message_id": message["id"]}
        with stage.world.feed.listening() as events:
            typing = {"typing_indicator": {"type": "text"}}
            assert await stage.post(mark | typing) == (200, {"success": True})
        told = [events.get_nowait() for _ in range(events.qsize())]
        assert [event["text"] for event in told if event["type"] == "toast"] == ["печатает…"]
        assert stage.screen()[0].status == "read"
        assert (await stage.refused({"status": "read", "message_id": "wamid.none"}))[1] == BAD
        assert (await stage.refused(mark | {"status": "seen"}))[1] == 100


async def test_a_reaction_and_a_quote_point_at_a_message() -> None:
    async with on_stage() as stage:
        message = await stage.heard()
        await stage.send(type="reaction", reaction={"message_id": message["id"], "emoji": "👍"})
        await stage.text("Ответ", context={"message_id": message["id"]})
        await stage.text("Без цитаты", context={"message_id": "wamid.none"})
        _, reaction, quoted, plain = stage.screen()
        assert (reaction.text, reaction.service, reaction.reply_to) == ("👍", True, message["id"])
        assert (quoted.reply_to, plain.reply_to) == (message["id"], None)
