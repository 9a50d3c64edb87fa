"""The emulated templates: filling them in, and managing them."""

from dataclasses import replace
from typing import Any

import pytest

from emulators.whatsapp import Template, TemplateButton
from tests.emulators.stagehand import eventually
from tests.emulators.whatsapp_stage import ANNA, BORIS, SETTINGS, WABA_ID, on_stage

WELCOME = Template(
    name="welcome",
    language="ru",
    category="UTILITY",
    header="Заказ {{number}}",
    body="{{name}}, заказ готов. Спасибо, {{name}}!",
    parameter_format="NAMED",
    buttons=(TemplateButton("Открыть", "https://shop.example/{{1}}"), TemplateButton("Стоп")),
)
BANNER = Template(
    name="banner", language="ru", category="MARKETING", body="Скидки", header_format="IMAGE"
)
PAUSED = Template(name="paused", language="ru", category="UTILITY", body="…", status="PAUSED")
CODE = Template(name="code", language="ru", category="AUTHENTICATION", body="{{1}}")
MORE = replace(SETTINGS, templates=(*SETTINGS.templates, WELCOME, BANNER, PAUSED, CODE))


def template(name: str, *components: dict[str, Any], language: str = "ru") -> dict[str, Any]:
    told = {"name": name, "language": {"code": language}, "components": list(components)}
    return {"type": "template", "template": told}


def body_of(*texts: str) -> dict[str, Any]:
    return {"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}


async def test_a_positional_template_is_rendered_with_its_button() -> None:
    async with on_stage() as stage:
        press = {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "STOP_NEWS"}],
        }
        status, answer = await stage.post(
            {"to": ANNA.phone, **template("news", body_of("Скидка 20 %"), press)}
        )
        assert status == 200
        assert answer["messages"][0]["message_status"] == "accepted"
        [bubble] = stage.screen()
        assert bubble.text.startswith("Здравствуйте! Скидка 20 %\n")
        assert [[key.label for key in row] for row in bubble.keys] == [["Отписаться"]]
        [entry] = stage.world.accepted.find(containing="Скидка 20 %")
        assert entry.kind == "template"
        assert entry.detail["template"] == "news"
        reply = await stage.gesture("press", message=bubble.id, row=0, column=0)
        received = await stage.received(reply["message"])
        assert received["button"] == {"payload": "STOP_NEWS", "text": "Отписаться"}


async def test_a_named_template_is_rendered_with_its_link() -> None:
    named = {
        "type": "body",
        "parameters": [{"type": "text", "parameter_name": "name", "text": "Анна"}],
    }
    header = {
        "type": "header",
        "parameters": [{"type": "text", "parameter_name": "number", "text": "42"}],
    }
    url = {
        "type": "button",
        "sub_type": "url",
        "index": 0,
        "parameters": [{"type": "text", "text": "orders/42"}],
    }
    async with on_stage(MORE) as stage:
        await stage.send(**template("welcome", header, named, url))
        [bubble] = stage.screen()
        assert bubble.text == "Заказ 42\nАнна, заказ готов. Спасибо, Анна!"
        assert bubble.keys[0][0].url == "https://shop.example/orders/42"
        reply = await stage.gesture("press", message=bubble.id, row=1, column=0)
        received = await stage.received(reply["message"])
        assert received["button"] == {"payload": "Стоп", "text": "Стоп"}


async def test_a_template_with_a_picture_wants_the_picture() -> None:
    async with on_stage(MORE) as stage:
        image = {"type": "image", "image": {"link": "https://x.example/a.png"}}
        await stage.send(**template("banner", {"type": "header", "parameters": [image]}))
        assert stage.screen()[0].image == "https://x.example/a.png"
        refused = await stage.refused({"to": ANNA.phone, **template("banner")})
        assert refused[:2] == (400, 132012)


URL = {
    "type": "button",
    "sub_type": "url",
    "index": "0",
    "parameters": [{"type": "text", "text": "1"}],
}
NAMED = {"type": "body", "parameters": [{"type": "text", "parameter_name": "name", "text": "А"}]}
NUMBER = {
    "type": "header",
    "parameters": [{"type": "text", "parameter_name": "number", "text": "1"}],
}
TEMPLATES = [
    ("unknown", template("missing"), 404, 132001, "(missing) does not exist in ru"),
    ("language", template("news", body_of("x"), language="de"), 404, 132001, "exist in de"),
    ("paused", template("paused"), 400, 132015, "paused"),
    (
        "too few",
        template("news"),
        400,
        132000,
        "body: number of localizable_params (0) does not match the expected number of params (1)",
    ),
    ("too many", template("news", body_of("x", "y")), 400, 132000, "(2)"),
    ("line break", template("news", body_of("a\nb")), 400, 132018, "new-line"),
    ("too long", template("news", body_of("ж" * 1011)), 400, 132005, "1024"),
    (
        "no such button",
        template("news", body_of("x"), URL | {"index": "3"}),
        400,
        131009,
        "index 3",
    ),
    ("other button", template("news", body_of("x"), URL), 400, 100, "quick_reply"),
    ("unnamed", template("welcome", NUMBER, body_of("x"), URL), 400, 100, "name is missing"),
    (
        "no link",
        template("welcome", NUMBER, NAMED),
        400,
        131008,
        "Button at index 0 of type Url requires a parameter",
    ),
]


@pytest.mark.parametrize(
    ("body", "http", "code", "words"),
    [row[1:] for row in TEMPLATES],
    ids=[row[0] for row in TEMPLATES],
)
async def test_a_template_that_does_not_fit_is_refused(
    body: dict[str, Any], http: int, code: int, words: str
) -> None:
    async with on_stage(MORE) as stage:
        status, refused, details = await stage.refused({"to": ANNA.phone, **body})
        assert (status, refused) == (http, code)
        assert words in details


async def test_a_one_time_code_cannot_go_to_a_business_scoped_id() -> None:
    async with on_stage(MORE) as stage:
        body = template("code", body_of("1234"))
        assert (await stage.refused({"recipient": BORIS.bsuid, **body}))[1] == 131062
        await stage.send(BORIS.phone, **body)


async def test_templates_are_listed_created_approved_and_deleted() -> None:
    path = f"{WABA_ID}/message_templates"
    new = {
        "name": "spring_sale",
        "language": "ru",
        "category": "MARKETING",
        "components": [
            {"type": "BODY", "text": "Весна, {{1}}!", "example": {"body_text": [["Анна"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Отписаться"}]},
        ],
    }
    async with on_stage() as stage:
        _, page = await stage.call("GET", f"{path}?limit=3")
        assert [item["name"] for item in page["data"]] == ["news", "news", "reply_waiting"]
        assert page["data"][0]["components"][0] == {
            "type": "BODY",
            "text": "Здравствуйте! {{1}}",
            "example": {"body_text": [["1"]]},
        }
        async with stage.session.get(
            page["paging"]["next"], headers={"Authorization": f"Bearer {SETTINGS.token}"}
        ) as got:
            assert [item["language"] for item in (await got.json())["data"]] == ["en"]
        status, answer = await stage.call("POST", path, json=new)
        assert (status, answer["status"], answer["category"]) == (200, "PENDING", "MARKETING")
        sale = {"to": ANNA.phone, **template("spring_sale", body_of("Анна"))}
        assert (await stage.refused(sale))[1] == 132001
        [event] = await eventually(lambda: stage.receiver.values("message_template_status_update"))
        assert (event["event"], event["message_template_name"]) == ("APPROVED", "spring_sale")
        assert str(event["message_template_id"]) == answer["id"]
        assert (await stage.post(sale))[0] == 200
        status, answer = await stage.call("POST", path, json=new)
        assert (status, answer["error"]["error_subcode"]) == (400, 2388024)
        assert await stage.call("DELETE", f"{path}?name=spring_sale") == (200, {"success": True})
        _, page = await stage.call("GET", f"{path}?name=spring_sale")
        assert page == {"data": []}
