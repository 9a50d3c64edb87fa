"""The emulated review of templates: what may be submitted, edited and deleted."""

from dataclasses import replace
from typing import Any

import pytest

from emulators.whatsapp import Template
from tests.emulators.stagehand import eventually
from tests.emulators.test_whatsapp_emulator_templates import template
from tests.emulators.whatsapp_stage import ANNA, DAY, SETTINGS, WABA_ID, Stage, on_stage

PATH = f"{WABA_ID}/message_templates"
BODY = {"type": "BODY", "text": "Здравствуйте"}
HELLO = {"name": "hello", "language": "ru", "category": "UTILITY", "components": [BODY]}


def composed(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**HELLO, "components": list(components), **more}


def named(text: str, *samples: str) -> dict[str, Any]:
    example = [{"param_name": name, "example": "x"} for name in samples]
    return {"type": "BODY", "text": text, "example": {"body_text_named_params": example}}


def buttons(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "BUTTONS", "buttons": list(items)}


LINK = {"type": "URL", "text": "Сайт", "url": "https://x.example/{{1}}"}
HEADER = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}}
SUBMITTED = [
    ("plain", HELLO),
    ("named", composed(named("Здравствуйте, {{name}}!", "name"), parameter_format="named")),
    ("picture", composed(HEADER, BODY)),
    ("link", composed(BODY, buttons({**LINK, "example": ["https://x.example/1"]}))),
    ("coupon", composed(BODY, buttons({"type": "COPY_CODE", "example": "SALE"}))),
    (
        "call",
        composed(BODY, buttons({"type": "PHONE_NUMBER", "text": "Звонок", "phone_number": "+79"})),
    ),
    ("short life", {**HELLO, "message_send_ttl_seconds": 30}),
    ("usual life", {**HELLO, "message_send_ttl_seconds": -1}),
]


@pytest.mark.parametrize("body", [row[1] for row in SUBMITTED], ids=[row[0] for row in SUBMITTED])
async def test_what_is_submitted_is_listed_as_it_was(body: dict[str, Any]) -> None:
    async with on_stage() as stage:
        status, answer = await stage.call("POST", PATH, json=body)
        assert status == 200, answer
        _, found = await stage.call("GET", answer["id"])
        kinds = [part["type"] for part in body["components"]]
        assert [part["type"] for part in found["components"]] == kinds
        assert found["parameter_format"].lower() == body.get("parameter_format", "positional")


REFUSED = [
    ("capitals", {**HELLO, "name": "Hello"}, 100, "lower-case"),
    ("category", {**HELLO, "category": "SPAM"}, 100, "must be one of"),
    ("unknown key", {**HELLO, "colour": "red"}, 100, 'Unexpected key "colour"'),
    ("no body", composed({"type": "FOOTER", "text": "x"}), 131008, "BODY"),
    ("unknown part", composed(BODY, {"type": "SIDEBAR", "text": "x"}), 100, "must be one of"),
    ("no sample", composed({"type": "BODY", "text": "Привет, {{1}}!"}), 131008, "example"),
    (
        "out of order",
        composed({"type": "BODY", "text": "{{2}}, привет", "example": {"body_text": [["x"]]}}),
        100,
        "{{1}}, {{2}}",
    ),
    (
        "samples",
        composed({"type": "BODY", "text": "{{1}}, да", "example": {"body_text": [["x", "y"]]}}),
        100,
        "do not match",
    ),
    (
        "other names",
        composed(named("Да, {{name}}!", "surname"), parameter_format="named"),
        100,
        "do not match",
    ),
    ("no picture", composed({"type": "HEADER", "format": "IMAGE"}, BODY), 131008, "header_handle"),
    (
        "header",
        composed({"type": "HEADER", "format": "TEXT", "text": "x" * 61}, BODY),
        131009,
        "60",
    ),
    ("link", composed(BODY, buttons(LINK)), 131008, "the link has a variable"),
    ("coupon", composed(BODY, buttons({"type": "COPY_CODE", "example": "x" * 16})), 131009, "15"),
    ("button", composed(BODY, buttons({"type": "QUICK_REPLY", "text": "x" * 26})), 131009, "25"),
    ("too short", {**HELLO, "message_send_ttl_seconds": 29}, 131009, "from 30 to 43200"),
    (
        "marketing for ever",
        {**HELLO, "category": "MARKETING", "message_send_ttl_seconds": -1},
        131009,
        "from 43200",
    ),
]


@pytest.mark.parametrize(
    ("body", "code", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_what_cannot_be_submitted(body: dict[str, Any], code: int, words: str) -> None:
    async with on_stage() as stage:
        status, answer = await stage.call("POST", PATH, json=body)
        error = answer["error"]
        assert (status, error["code"]) == (400, code)
        assert words in error["message"] + str(error.get("error_data"))


async def created(stage: Stage) -> str:
    """A template of ours, approved."""
    _, answer = await stage.call("POST", PATH, json=HELLO)
    await eventually(lambda: stage.receiver.values("message_template_status_update"))
    return str(answer["id"])


async def test_an_edited_template_waits_for_approval_again() -> None:
    async with on_stage() as stage:
        template_id = await created(stage)
        changed = {"components": [{"type": "BODY", "text": "Добрый день"}]}
        status, answer = await stage.call("POST", template_id, json=changed)
        assert (status, answer["success"]) == (200, True)
        assert (await stage.call("POST", template_id, json=changed))[0] == 400, "it is pending"
        await eventually(lambda: len(stage.receiver.values("message_template_status_update")) == 2)
        await stage.send(ANNA.phone, **template("hello"))
        assert stage.screen()[-1].text == "Добрый день"
        assert (await stage.call("POST", template_id, json=changed))[0] == 400, "once a day"
        stage.world.clock.advance(DAY + 1)
        other = {"category": "MARKETING"}
        assert (await stage.call("POST", template_id, json=other))[0] == 400, "it is approved"
        assert (await stage.call("POST", template_id, json=changed))[0] == 200
        assert (await stage.call("POST", "4040404", json=changed))[1]["error"]["code"] == 100


async def test_a_rejected_template_may_become_another() -> None:
    async with on_stage(replace(SETTINGS, approved_after=None)) as stage:
        _, answer = await stage.call("POST", PATH, json=HELLO)
        decision = {"name": "hello", "language": "ru", "event": "REJECTED"}
        await stage.gesture("template_status", **decision, reason="INCORRECT_CATEGORY")
        _, found = await stage.call("GET", f"{answer['id']}?fields=status,rejected_reason")
        assert (found["status"], found["rejected_reason"]) == ("REJECTED", "INCORRECT_CATEGORY")
        for _ in range(2):
            status, _ = await stage.call("POST", answer["id"], json={"category": "MARKETING"})
            assert status == 200
            await stage.gesture("template_status", **decision)
        _, found = await stage.call("GET", answer["id"])
        assert found["category"] == "MARKETING"


async def test_a_decision_comes_before_the_approval_that_was_on_its_way() -> None:
    async with on_stage(replace(SETTINGS, approved_after=0.3)) as stage:
        await stage.call("POST", PATH, json=HELLO)
        await stage.gesture("template_status", name="hello", language="ru", event="REJECTED")
        stage.world.clock.advance(1)
        await stage.heard()
        values = stage.receiver.values("message_template_status_update")
        assert [value["event"] for value in values] == ["REJECTED"]


async def test_one_language_of_a_template_can_be_deleted() -> None:
    async with on_stage() as stage:
        _, page = await stage.call("GET", f"{PATH}?name=news&language=en")
        [item] = page["data"]
        assert (await stage.call("DELETE", f"{PATH}?name=news&hsm_id={item['id']}"))[0] == 200
        _, page = await stage.call("GET", f"{PATH}?name=news")
        assert [item["language"] for item in page["data"]] == ["ru"]
        assert (await stage.call("DELETE", f"{PATH}?name=news&hsm_id={item['id']}"))[0] == 400


async def test_filters_counts_and_the_number_of_templates() -> None:
    many = tuple(
        Template(name=f"t{number}", language="ru", category="UTILITY", body="x")
        for number in range(250)
    )
    async with on_stage(replace(SETTINGS, templates=many)) as stage:
        _, page = await stage.call("GET", f"{PATH}?status=PAUSED,APPROVED&summary=total_count")
        assert page["summary"] == {"total_count": 250}
        assert len(page["data"]) == 25
        status, answer = await stage.call("POST", PATH, json=HELLO)
        assert (status, answer["error"]["code"]) == (400, 100)
        assert (await stage.call("GET", f"{PATH}?summary=weight"))[0] == 400
        assert (await stage.call("GET", f"{PATH}?fields=weight"))[0] == 400
