"""WhatsApp's setup, probe, templates and settings."""

from typing import Any

import pytest
from pydantic import ValidationError

from bots import whatsapp
from tests.bots.tables import Answer
from tests.bots.whatsapp_business import TOKEN, business, error, talking
from vestnik.abilities import (
    BadPayload,
    Linking,
    Probe,
    Setup,
    SetupFailed,
    TemplateInfo,
    Templates,
    Tier,
    Tiered,
)


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
    with pytest.raises(SetupFailed, match=r"WHATSAPP_WABA_ID.*message_template_status_update"):
        await alone.setup("https://bot.example")
    async with talking(Answer({"success": False})) as (channel, _):
        assert isinstance(channel, Setup)
        with pytest.raises(SetupFailed, match=r"messages, user_preferences.*dashboard"):
            await channel.setup("https://bot.example")


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
    (template("named", body("{{name}}, {{ sale }} и снова {{name}}")), "APPROVED", 2),
    (template("mixed", body("{{name}}: {{1}}")), "UNSUPPORTED: named and numbered variables", 2),
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
    assert found[3].names == ("name", "sale")
    assert found[4].names == ()
    assert [asked.query.get("after") for asked in stub.requests] == [None, "A1"]
    assert {asked.path for asked in stub.requests} == {"/v26.0/1022/message_templates"}


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not whatsapp.Settings().enabled
    monkeypatch.setenv("WHATSAPP_TOKEN", TOKEN)
    monkeypatch.setenv("WHATSAPP_PHONE_ID", "1065")
    monkeypatch.setenv("WHATSAPP_RATE", "18")
    monkeypatch.setenv("WHATSAPP_APP_SECRET", "the-new,the-old")
    told = whatsapp.Settings()
    assert told.enabled
    assert TOKEN not in repr(told)
    assert "the-old" not in repr(told)
    assert whatsapp.build(told).limits.rate == 18
    assert whatsapp.build(told).limits.people_a_day is None
    monkeypatch.setenv("WHATSAPP_PEOPLE_A_DAY", "200")
    assert whatsapp.build(whatsapp.Settings()).limits.people_a_day == 200
    monkeypatch.setenv("WHATSAPP_PEOPLE_A_DAY", "0")
    with pytest.raises(ValidationError):
        whatsapp.Settings()


LIMIT = "whatsapp_business_manager_messaging_limit"
TIERS: list[tuple[dict[str, Any], Tier]] = [
    (
        {LIMIT: "TIER_2K", "throughput": {"level": "STANDARD"}, "quality_rating": "GREEN"},
        Tier(2_000, 70.0, "messaging limit TIER_2K, quality GREEN"),
    ),
    (
        {LIMIT: "TIER_UNLIMITED", "throughput": {"level": "HIGH"}, "quality_rating": "YELLOW"},
        Tier(None, 900.0, "messaging limit TIER_UNLIMITED, quality YELLOW"),
    ),
    ({LIMIT: "TIER_50"}, Tier(50, None, "messaging limit TIER_50, quality not told")),
    ({LIMIT: "TIER_250"}, Tier(250, None, "messaging limit TIER_250, quality not told")),
    ({LIMIT: "TIER_10K"}, Tier(10_000, None, "messaging limit TIER_10K, quality not told")),
    ({LIMIT: "TIER_100K"}, Tier(100_000, None, "messaging limit TIER_100K, quality not told")),
    ({LIMIT: 2000}, Tier(2_000, None, "messaging limit 2000, quality not told")),
    ({LIMIT: "2000"}, Tier(2_000, None, "messaging limit 2000, quality not told")),
    ({LIMIT: "TIER_NOT_SET"}, Tier(note="messaging limit TIER_NOT_SET, quality not told")),
    ({"throughput": "odd"}, Tier(note="messaging limit not told, quality not told")),
]


@pytest.mark.parametrize(("told", "tier"), TIERS)
async def test_the_tier(told: dict[str, Any], tier: Tier) -> None:
    async with talking(Answer(told)) as (channel, stub):
        assert isinstance(channel, Tiered)
        assert await channel.tier() == tier
    assert stub.requests[0].path == "/v26.0/1065"
    assert stub.requests[0].query["fields"] == f"{LIMIT},throughput,quality_rating"


async def test_settings_go_before_the_tier() -> None:
    told = Answer({LIMIT: "TIER_2K", "throughput": {"level": "HIGH"}})
    async with talking(told, people_a_day=1500, rate=20.0) as (channel, _):
        assert isinstance(channel, Tiered)
        tier = await channel.tier()
    assert (tier.people_a_day, tier.rate) == (1500, 20.0)


async def test_a_link_brings_a_payload_along() -> None:
    async with talking(Answer({"display_phone_number": "+1 555-000-1111"})) as (channel, stub):
        assert isinstance(channel, Linking)
        assert await channel.link("promo_7") == "https://wa.me/15550001111?text=%2Fstart%20promo_7"
        await channel.link("promo_8")
        with pytest.raises(BadPayload):
            await channel.link("два слова")
    assert len(stub.requests) == 1


async def test_a_link_needs_the_number() -> None:
    async with talking(Answer({"id": "1065"})) as (channel, _):
        assert isinstance(channel, Linking)
        with pytest.raises(SetupFailed, match="WHATSAPP_PHONE_ID"):
            await channel.link("promo")
