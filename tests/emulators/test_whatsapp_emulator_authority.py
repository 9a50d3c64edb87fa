"""What the emulated Meta decides, and what follows for the next message."""

from dataclasses import replace
from typing import Any

import pytest

from tests.emulators.stagehand import eventually
from tests.emulators.test_whatsapp_emulator_templates import body_of, template
from tests.emulators.whatsapp_stage import ANNA, BORIS, CLARA, PHONE_ID, SETTINGS, WABA_ID, on_stage

NEWS = {"name": "news", "language": "ru"}
SENT = template("news", body_of("x"))
TEXT: dict[str, Any] = {"to": ANNA.phone, "type": "text", "text": {"body": "x"}}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("REJECTED", 132001),
        ("PENDING", 132001),
        ("PAUSED", 132015),
        ("DISABLED", 132016),
        ("DELETED", 132001),
        ("ARCHIVED", 132001),
        ("FLAGGED", 0),
        ("REINSTATED", 0),
    ],
)
async def test_a_decision_about_a_template_decides_its_next_message(event: str, code: int) -> None:
    async with on_stage() as stage:
        await stage.gesture("template_status", **NEWS, event=event, reason="PROMOTIONAL")
        [value] = await eventually(lambda: stage.receiver.values("message_template_status_update"))
        assert (value["event"], value["reason"]) == (event, "PROMOTIONAL")
        status, answer = await stage.post({"to": ANNA.phone, **SENT})
        assert (answer["error"]["code"] if status != 200 else 0) == code


async def test_a_template_is_found_out_to_be_marketing() -> None:
    waiting = {"name": "reply_waiting", "language": "ru"}
    async with on_stage() as stage:
        await stage.gesture("stop_marketing")
        wamid = await stage.send(**template("reply_waiting"))
        await stage.reaches(wamid, "delivered")
        await stage.gesture("template_category", **waiting, category="MARKETING")
        [value] = await eventually(lambda: stage.receiver.values("template_category_update"))
        assert (value["previous_category"], value["new_category"]) == ("UTILITY", "MARKETING")
        wamid = await stage.send(**template("reply_waiting"))
        assert (await stage.first_status(wamid))["errors"][0]["code"] == 131050


async def test_the_quality_of_a_template_is_told_and_listed() -> None:
    async with on_stage() as stage:
        await stage.gesture("template_quality", **NEWS, quality="YELLOW")
        query = "fields=name,quality_score,rejected_reason"
        _, page = await stage.call("GET", f"{WABA_ID}/message_templates?name=news&{query}")
        assert [item["quality_score"]["score"] for item in page["data"]] == ["YELLOW", "UNKNOWN"]


@pytest.mark.parametrize("dropped", [False, True])
async def test_a_paced_template_waits_for_the_verdict(dropped: bool) -> None:
    async with on_stage() as stage:
        await stage.gesture("template_pacing", **NEWS)
        _, answer = await stage.post({"to": ANNA.phone, **SENT})
        [message] = answer["messages"]
        assert message["message_status"] == "held_for_quality_assessment"
        await stage.heard()
        assert stage.receiver.states_of(message["id"]) == []
        told = await stage.gesture("template_pacing", **NEWS, held=False, dropped=dropped)
        assert told == {"held": False, "messages": 1}
        if not dropped:
            await stage.reaches(message["id"], "delivered")
            return
        failed = await stage.first_status(message["id"])
        assert failed["errors"][0]["code"] == 132015
        assert (await stage.refused({"to": ANNA.phone, **SENT}))[1] == 132015


async def test_a_restricted_account_answers_but_does_not_begin() -> None:
    kinds = {"begins": "RESTRICTED_BIZ_INITIATED_MESSAGING"}
    kinds["answers"] = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        codes = {}
        for name, kind in kinds.items():
            info = [{"restriction_type": kind, "expiration": 1_764_000_000}]
            await stage.gesture(
                "account_update", event="ACCOUNT_RESTRICTION", restriction_info=info
            )
            answers, _ = await stage.post(TEXT)
            begins, _ = await stage.post({"to": BORIS.phone, **SENT})
            codes[name] = (answers, begins)
        assert codes == {"begins": (200, 403), "answers": (403, 200)}
        assert (await stage.refused(TEXT))[1] == 368
        await stage.gesture("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[])
        await stage.text("x")


async def test_a_disabled_account_says_nothing_until_it_is_reinstated() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        for state, status in (("SCHEDULE_FOR_DISABLE", 200), ("DISABLE", 403), ("REINSTATE", 200)):
            ban = {"waba_ban_state": state, "waba_ban_date": "April 17, 2025"}
            await stage.gesture("account_update", event="DISABLED_UPDATE", ban_info=ban)
            got, answer = await stage.post(TEXT)
            assert got == status
            _, number = await stage.call("GET", f"{PHONE_ID}?fields=status")
            assert number["status"] == ("BANNED" if status == 403 else "CONNECTED")
            if status == 403:
                assert answer["error"]["code"] == 131031
        await eventually(lambda: len(stage.receiver.values("account_update")) == 3)


async def test_the_messaging_limit_is_of_people_and_can_be_raised() -> None:
    async with on_stage(replace(SETTINGS, messaging_limit=1, limit_code=131064)) as stage:
        await stage.send(**SENT)
        status, _ = await stage.post({"recipient": ANNA.bsuid, **SENT})
        assert status == 200, "one person by two handles is one person"
        assert (await stage.refused({"to": BORIS.phone, **SENT}))[:2] == (429, 131064)
        tier = "whatsapp_business_manager_messaging_limit"
        for limit, name in ((2000, "TIER_2K"), (None, "TIER_UNLIMITED")):
            await stage.gesture("messaging_limit", limit=limit)
            _, number = await stage.call("GET", f"{PHONE_ID}?fields={tier}")
            assert number[tier] == name
        await stage.send(BORIS.phone, **SENT)
        await eventually(lambda: len(stage.receiver.values("business_capability_update")) == 2)
        values = stage.receiver.values("business_capability_update")
        assert [value["max_daily_conversations_per_business"] for value in values] == [
            "TIER_2K",
            "TIER_UNLIMITED",
        ]


async def test_the_number_rests_while_its_throughput_is_upgraded() -> None:
    async with on_stage(replace(SETTINGS, throughput=1)) as stage:
        for human in (ANNA, CLARA):
            stage.whatsapp.opened(human.wa_id)
        await stage.gesture("throughput")
        assert (await stage.refused(TEXT))[:2] == (500, 131057)
        stage.world.clock.advance(60)
        await eventually(lambda: stage.receiver.values("phone_number_quality_update"))
        for _ in range(20):
            await stage.text("x")
            await stage.text("x", to=CLARA.phone)
        _, number = await stage.call("GET", f"{PHONE_ID}?fields=throughput")
        assert number["throughput"] == {"level": "HIGH"}


async def test_the_numbers_rating_can_fall() -> None:
    async with on_stage() as stage:
        await stage.gesture("quality", rating="RED")
        _, number = await stage.call("GET", f"{PHONE_ID}?fields=quality_rating")
        assert number["quality_rating"] == "RED"


@pytest.mark.parametrize(
    ("gesture", "told"),
    [
        ("template_status", {"name": "none", "language": "ru", "event": "PAUSED"}),
        ("template_status", {**NEWS, "event": "FORGOTTEN"}),
        ("template_status", {**NEWS, "event": "REJECTED", "reason": "MOOD"}),
        ("template_category", {**NEWS, "category": "SPAM"}),
        ("template_quality", {**NEWS, "quality": "BLUE"}),
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "X"}}),
        ("account_update", {"event": "DISABLED_UPDATE"}),
        (
            "account_update",
            {"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "X"}]},
        ),
        ("messaging_limit", {"limit": 0}),
        ("quality", {"rating": "BLUE"}),
    ],
)
async def test_what_meta_never_decides_is_refused(gesture: str, told: dict[str, Any]) -> None:
    async with on_stage() as stage:
        assert (await stage.gesture(gesture, **told))["refused"]
        await stage.heard()
        assert len(stage.receiver.posts) == 1
