"""WhatsApp's setup, probe, templates and settings."""

from typing import Any

import pytest

from bots import whatsapp
from tests.bots.tables import Answer
from tests.bots.whatsapp_business import TOKEN, business, error, talking
from vestnik.abilities import Probe, Setup, SetupFailed, TemplateInfo, Templates


async def test_setup_subscribes_our_webhook() -> None:
    async with talking(Answer({"success": True})) as (channel, stub):
        assert isinstance(channel, Setup)
        await channel.setup("https://bot.example/")
    assert (stub.requests[0].method, stub.requests[0].path) == (
        "POST",
        "/v26.0/1022/subscribed_apps",
    )
    assert stub.requests[0].json == {
        "override_callback_uri": "https://bot.example/webhooks/whatsapp/main",
        "verify_token": "верь мне",
    }


async def test_setup_says_what_to_do() -> None:
    async with talking(Answer(error(2200), 400)) as (channel, _):
        assert isinstance(channel, Setup)
        with pytest.raises(SetupFailed, match=r"why \(code 2200\)"):
            await channel.setup("https://bot.example")
    alone = business(waba_id="")
    with pytest.raises(SetupFailed, match="WHATSAPP_WABA_ID"):
        await alone.setup("https://bot.example")


async def test_the_probe_names_the_number() -> None:
    number = {"display_phone_number": "+1 555-000-1111", "verified_name": "Кофейня", "id": "1065"}
    async with talking(Answer(number), Answer(error(190), 401)) as (channel, stub):
        assert isinstance(channel, Probe)
        assert await channel.probe() == "+1 555-000-1111 (Кофейня)"
        with pytest.raises(SetupFailed, match="code 190") as refused:
            await channel.probe()
    assert stub.requests[0].query["fields"] == "display_phone_number,verified_name"
    assert TOKEN not in str(refused.value)


def template(name: str, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"name": name, "language": "ru", "category": "MARKETING", "status": "APPROVED"}
    return {**told, "components": list(components), **more}


def body(words: str) -> dict[str, Any]:
    return {"type": "BODY", "text": words}


def keys(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "BUTTONS", "buttons": list(buttons)}


STOP = {"type": "QUICK_REPLY", "text": "Отписаться"}
OPEN = {"type": "URL", "text": "Сайт", "url": "https://x.y"}

CATALOGUE = [
    (template("news", body("{{1}}, {{2}} и снова {{1}}"), keys(STOP, OPEN)), "APPROVED", 2),
    (template("plain", body("Спасибо")), "APPROVED", 0),
    (template("bad", body("x"), status="REJECTED"), "REJECTED", 0),
    (template("named", body("{{name}}")), "UNSUPPORTED: named variables", 1),
    (template("pic", {"type": "HEADER", "format": "IMAGE"}), "UNSUPPORTED: a header with image", 0),
    (
        template("head", {"type": "HEADER", "format": "TEXT", "text": "{{1}}"}, body("x")),
        "UNSUPPORTED: a variable in the header",
        0,
    ),
    (
        template("link", body("x"), keys(OPEN | {"url": "https://x.y/{{1}}"})),
        "UNSUPPORTED: a variable in a link",
        0,
    ),
    (
        template("order", body("x"), keys(OPEN, STOP)),
        "UNSUPPORTED: quick replies after other buttons",
        0,
    ),
    (
        template("code", body("x"), keys({"type": "COPY_CODE"})),
        "UNSUPPORTED: a button of the type COPY_CODE",
        0,
    ),
]


async def test_templates_of_all_pages() -> None:
    told = [row[0] for row in CATALOGUE]
    more = {"paging": {"next": "https://elsewhere.example", "cursors": {"after": "A1"}}}
    first, second = {"data": [*told[:4], None, 5]} | more, {"data": told[4:], "paging": {}}
    async with talking(Answer(first), Answer(second)) as (channel, stub):
        assert isinstance(channel, Templates)
        found = await channel.templates()
    assert [(item.name, item.status, item.variables) for item in found] == [
        (row["name"], status_, variables) for row, status_, variables in CATALOGUE
    ]
    assert found[0] == TemplateInfo(
        name="news",
        language="ru",
        category="MARKETING",
        status="APPROVED",
        body="{{1}}, {{2}} и снова {{1}}",
        variables=2,
        quick_replies=("Отписаться",),
    )
    assert [asked.query.get("after") for asked in stub.requests] == [None, "A1"]
    assert {asked.path for asked in stub.requests} == {"/v26.0/1022/message_templates"}


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not whatsapp.Settings().enabled
    monkeypatch.setenv("WHATSAPP_TOKEN", TOKEN)
    monkeypatch.setenv("WHATSAPP_PHONE_ID", "1065")
    monkeypatch.setenv("WHATSAPP_RATE", "18")
    told = whatsapp.Settings()
    assert told.enabled
    assert TOKEN not in repr(told)
    assert whatsapp.build(told).limits.rate == 18
