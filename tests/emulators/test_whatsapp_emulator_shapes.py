"""The emulated webhooks have the documented keys, no more and no fewer."""

import json
from typing import Any

import pytest

from emulators.whatsapp.payloads import MOVES
from emulators.world import Human
from tests.emulators.stagehand import eventually
from tests.emulators.test_whatsapp_emulator import buttons, rows
from tests.emulators.test_whatsapp_emulator_templates import body_of, template
from tests.emulators.whatsapp_shapes import (
    ACCOUNT,
    CONTACT,
    ECHO,
    ERROR,
    HEAD,
    MESSAGES,
    PREFERENCE,
    SENDER,
    STATUSES,
    misfit,
)
from tests.emulators.whatsapp_stage import (
    ANNA,
    BORIS,
    CLARA,
    WABA_ID,
    Stage,
    on_stage,
)

FLOW: dict[str, Any] = {
    "type": "interactive",
    "interactive": {
        "type": "flow",
        "body": {"text": "Анкета"},
        "action": {
            "name": "flow",
            "parameters": {
                "flow_message_version": "3",
                "flow_id": "1",
                "flow_cta": "Открыть",
                "flow_token": "t1",
            },
        },
    },
}
# shape → gesture, what it tells, and what the business has sent before it is made
GESTURES: list[tuple[str, str, dict[str, Any], dict[str, Any] | None]] = [
    ("text", "say", {"text": "Привет"}, None),
    ("text", "start", {}, None),
    ("forwarded", "say", {"text": "Привет", "forwarded": True}, None),
    ("button", "press", {}, template("news", body_of("x"))),
    ("button_reply", "press", {}, buttons("Да")),
    ("list_reply", "press", {"item": 1}, rows(2)),
    ("list_reply", "press", {"item": 1}, rows(2, description="каждый день")),
    ("nfm_reply", "press", {}, FLOW),
    ("image", "photo", {"caption": "Чек"}, None),
    ("video", "video", {}, None),
    ("document", "document", {}, None),
    ("audio", "audio", {}, None),
    ("audio", "voice", {}, None),
    ("sticker", "sticker", {}, None),
    ("location", "location", {}, None),
    ("own number", "contact", {}, None),
    ("other number", "friend", {"friend": CLARA.id}, None),
    ("reaction", "react", {}, buttons("Да")),
    ("order", "order", {}, None),
    *((form, "change_number", {"form": form}, None) for form in MOVES),
    ("unsupported", "poll", {}, None),
    ("referral", "referral", {}, None),
    ("referral", "referral", {"source": "post", "clicked": False}, None),
    ("identity", "identity", {}, None),
    ("glitch", "glitch", {}, None),
]
# What tells a number whoever hides it.
NUMBERED = ("own number", "user_changed_number", "customer_changed_number")


async def about(stage: Stage, who: Human, gesture: str, **told: Any) -> dict[str, Any]:
    """The `value` that tells of a gesture, its post checked as an envelope."""
    before = len(stage.receiver.posts)
    answer = await stage.gesture(gesture, who, **told)
    assert "error" not in answer, answer
    await eventually(lambda: len(stage.receiver.posts) > before)
    [entry] = stage.receiver.posts[-1]["entry"]
    [change] = entry["changes"]
    assert stage.receiver.posts[-1].keys() == {"object", "entry"}
    assert stage.receiver.posts[-1]["object"] == "whatsapp_business_account"
    assert change.keys() == {"field", "value"}
    assert entry["id"] == WABA_ID
    value: dict[str, Any] = change["value"]
    return value


@pytest.mark.parametrize("mode", ["plain", "username", "username_only", "parent"])
@pytest.mark.parametrize("row", GESTURES, ids=[f"{row[0]}-{row[1]}" for row in GESTURES])
async def test_what_people_do(row: tuple[str, str, dict[str, Any], Any], mode: str) -> None:
    shape, gesture, told, before = row
    async with on_stage() as stage:
        await stage.gesture(f"show_{mode}")
        stage.whatsapp.opened(ANNA.wa_id)
        if before:
            sent = await stage.send(**before)
            await stage.reaches(sent, "delivered")
            told = {**told, "message": sent}
        value = await about(stage, ANNA, gesture, **told)
        [message] = value["messages"]
        expected = {**HEAD, "messages": [{**SENDER, **MESSAGES[shape]}]}
        if shape not in (*MOVES, "identity"):
            expected["contacts"] = [CONTACT]
        if shape == "glitch":
            expected["errors"] = [ERROR]
        assert misfit(value, expected) == ""
        assert ("from" in message) is (mode != "username_only")
        assert ("from_parent_user_id" in message) is (mode == "parent")
        if mode == "username_only" and shape not in NUMBERED:
            assert ANNA.wa_id not in json.dumps(message)


async def test_an_update_that_meta_could_not_read_at_all() -> None:
    async with on_stage() as stage:
        value = await about(stage, ANNA, "glitch", alone=True)
        assert misfit(value, {**HEAD, "errors": [ERROR]}) == ""
        assert not stage.screen()


async def test_edits_and_revocations() -> None:
    async with on_stage() as stage:
        message = (await stage.heard())["id"]
        for gesture in ("edit", "revoke"):
            value = await about(stage, ANNA, gesture, message=message, text="Иначе")
            expected = {
                **HEAD,
                "contacts": [CONTACT],
                "messages": [{**SENDER, **MESSAGES[gesture]}],
            }
            assert misfit(value, expected) == ""
        assert not stage.screen()
        assert (await stage.gesture("edit", message="wamid.none", text="x"))["refused"]


async def test_what_the_owner_writes() -> None:
    async with on_stage() as stage:
        answer = await stage.gesture("echo", BORIS, text="Здравствуйте")
        for gesture in ("echo_edit", "echo_revoke"):
            await stage.gesture(gesture, BORIS, message=answer["message"], text="Иначе")
        await eventually(lambda: len(stage.receiver.echoes()) == 3)
        for value in stage.receiver.values("smb_message_echoes"):
            expected = {**HEAD, "contacts": [CONTACT], "message_echoes": [ECHO]}
            assert misfit(value, expected) == ""
        assert [item["type"] for item in stage.receiver.echoes()] == ["text", "edit", "revoke"]
        assert (await stage.gesture("echo_edit", BORIS, message="none", text="x"))["refused"]


@pytest.mark.parametrize("gesture", ["stop_marketing", "resume_marketing"])
@pytest.mark.parametrize("who", [ANNA, BORIS], ids=["number", "user name"])
async def test_choices_about_marketing(gesture: str, who: Human) -> None:
    async with on_stage() as stage:
        value = await about(stage, who, gesture)
        expected = {**HEAD, "contacts": [CONTACT], "user_preferences": [PREFERENCE]}
        assert misfit(value, expected) == ""


@pytest.mark.parametrize("ad", [False, True], ids=["plain", "from an advertisement"])
@pytest.mark.parametrize("opaque", [{}, {"biz_opaque_callback_data": "attempt:1"}])
async def test_how_far_a_message_came(ad: bool, opaque: dict[str, str]) -> None:
    async with on_stage() as stage:
        if ad:
            await stage.gesture("referral")
        stage.whatsapp.opened(ANNA.wa_id)
        wamid = await stage.send(type="audio", audio={"link": "https://x.example/a.ogg"}, **opaque)
        await stage.reaches(wamid, "delivered")
        await stage.gesture("play", message=wamid)
        await stage.reaches(wamid, "played")
        told = {
            item["status"]: (value, item)
            for value in stage.receiver.values()
            for item in value.get("statuses", ())
        }
        assert list(told) == ["sent", "delivered", "read", "played"]
        for state, (value, item) in told.items():
            assert misfit(item, STATUSES[state], state) == ""
            assert misfit(value, {**HEAD, "contacts": [CONTACT], "statuses": [dict]}) == ""
            assert ("conversation" in item) is ad
            assert ("biz_opaque_callback_data" in item) is bool(opaque)


@pytest.mark.parametrize("by_bsuid", [False, True])
async def test_a_failure(by_bsuid: bool) -> None:
    async with on_stage() as stage:
        to = {"recipient": ANNA.bsuid} if by_bsuid else {"to": ANNA.phone}
        await stage.post({**to, "type": "text", "text": {"body": "x"}})
        [value] = await eventually(stage.receiver.values)
        assert misfit(value, {**HEAD, "statuses": [STATUSES["failed"]]}) == ""


TEMPLATE = {"name": "news", "language": "ru"}
REJECTED = {"event": "REJECTED", "reason": "PROMOTIONAL"}
WHY = {"rejection_info": {"reason": "Реклама", "recommendation": "Уберите её"}}
BANNED = {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2025"}
RESTRICTED = [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1}]
DECISIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("message_template_status_update", "template_status", {"event": "APPROVED", **TEMPLATE}),
    ("message_template_status_update", "template_status", {**REJECTED, **WHY, **TEMPLATE}),
    (
        "message_template_status_update",
        "template_status",
        {"event": "FLAGGED", "disable_info": {"disable_date": "April 17, 2025"}, **TEMPLATE},
    ),
    (
        "message_template_status_update",
        "template_status",
        {"event": "PAUSED", "other_info": {"title": "x", "description": "y"}, **TEMPLATE},
    ),
    ("message_template_quality_update", "template_quality", {"quality": "RED", **TEMPLATE}),
    ("template_category_update", "template_category", {"category": "UTILITY", **TEMPLATE}),
    ("account_update", "account_update", {"event": "DISABLED_UPDATE", "ban_info": BANNED}),
    (
        "account_update",
        "account_update",
        {"event": "ACCOUNT_RESTRICTION", "restriction_info": RESTRICTED},
    ),
    (
        "account_update",
        "account_update",
        {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}},
    ),
    ("business_capability_update", "messaging_limit", {"limit": 2000}),
]


@pytest.mark.parametrize(("name", "gesture", "told"), DECISIONS)
async def test_what_meta_decides(name: str, gesture: str, told: dict[str, Any]) -> None:
    async with on_stage() as stage:
        value = await about(stage, ANNA, gesture, **told)
        assert misfit(value, ACCOUNT[name]) == ""
        [entry] = stage.receiver.posts[-1]["entry"]
        assert entry["changes"][0]["field"] == name
        assert isinstance(entry["time"], int)


async def test_an_upgrade_of_throughput() -> None:
    async with on_stage() as stage:
        await stage.gesture("throughput")
        stage.world.clock.advance(61)
        name = "phone_number_quality_update"
        [value] = await eventually(lambda: stage.receiver.values(name))
        assert misfit(value, ACCOUNT[name]) == ""


def test_a_misfit_is_told() -> None:
    shape = {"a": str, "b?": [{"c": int}]}
    assert misfit({"a": "x", "b": [{"c": 1}]}, shape) == ""
    assert misfit({"a": "x", "d": 1}, shape) == "value has ['d'] too"
    assert misfit({}, shape) == "value lacks ['a']"
    assert misfit({"a": "x", "b": [{"c": "1"}]}, shape) == "value.b[0].c is '1', not int"
    assert misfit({"a": "x", "b": []}, shape) == "value.b is no array of anything"
