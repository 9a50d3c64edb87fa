"""The emulated limits of rate, and faults on demand."""

from dataclasses import replace
from typing import Any

import pytest

from emulators.bucket import Bucket
from tests.emulators.stagehand import seen_by_caller
from tests.emulators.test_whatsapp_emulator_templates import body_of, template
from tests.emulators.whatsapp_stage import (
    ANNA,
    BORIS,
    CLARA,
    DAY,
    SETTINGS,
    Stage,
    on_stage,
)

TEXT = {"to": ANNA.phone, "type": "text", "text": {"body": "раз"}}


def test_a_bucket_gives_its_burst_and_then_one_an_interval() -> None:
    bucket, now = Bucket(6.0, 45), 1_763_800_000.0
    assert [bucket.take(now) for _ in range(46)] == [True] * 45 + [False]
    assert [bucket.take(now + 6), bucket.take(now + 6.1)] == [True, False]
    assert bucket.take(now + 12)
    assert not bucket.take(now - DAY)
    assert bucket.take(now - DAY + 6), "a clock set back must not close the bucket for a day"


async def test_one_user_gets_45_messages_at_once_and_then_one_in_six_seconds() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        for _ in range(45):
            await stage.text("раз")
        status, code, details = await stage.refused(TEXT)
        assert (status, code) == (429, 131056)
        assert "same phone number" in details
        stage.whatsapp.opened(CLARA.wa_id)
        await stage.text("раз", to=CLARA.phone)
        stage.world.clock.advance(6)
        await stage.text("раз")
        assert (await stage.refused(TEXT))[1] == 131056


async def test_the_number_has_a_throughput_shared_by_both_directions() -> None:
    async with on_stage(replace(SETTINGS, throughput=4)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.gesture("say", text="раз")
        for _ in range(3):
            await stage.text("раз")
        status, code, _ = await stage.refused(TEXT)
        assert (status, code) == (429, 130429)
        stage.world.clock.advance(1)
        await stage.text("раз")
    async with on_stage(replace(SETTINGS, throughput=4, throughput_multiplier=10)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        for _ in range(8):
            await stage.text("раз")


async def test_new_users_a_day_are_limited() -> None:
    news = template("news", body_of("x"))
    async with on_stage(replace(SETTINGS, messaging_limit=1)) as stage:
        await stage.send(**news)
        await stage.send(**news)
        assert (await stage.refused({"to": BORIS.phone, **news}))[:2] == (429, 131048)
        stage.whatsapp.opened(BORIS.wa_id)
        await stage.send(BORIS.phone, **news)
        stage.world.clock.advance(DAY)
        await stage.send(CLARA.phone, **news)


async def test_an_error_on_demand_speaks_the_platforms_language() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.fault(kind="error", code=130429, retry_after=3, method="messages")
        url = f"{stage.base}/whatsapp/v26.0/{SETTINGS.phone_id}/messages"
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        body = {"messaging_product": "whatsapp", **TEXT}
        async with stage.session.post(url, json=body, headers=headers) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "3")
            error = (await answer.json())["error"]
        assert error["message"] == "(#130429) Rate limit hit"
        assert not list(stage.world.accepted.find())
        await stage.text("раз")


async def test_a_fault_hits_only_whom_it_is_meant_for() -> None:
    async with on_stage() as stage:
        for human in (ANNA, BORIS):
            stage.whatsapp.opened(human.wa_id)
        await stage.fault(kind="error", code=131000, to=BORIS.bsuid)
        await stage.text("раз")
        to_boris: dict[str, Any] = {"recipient": BORIS.bsuid, "type": "text", "text": TEXT["text"]}
        assert (await stage.refused(to_boris))[:2] == (500, 131000)


@pytest.mark.parametrize(
    ("told", "late"),
    [
        ({"code": 131049}, True),
        ({"code": 131049, "async": False}, False),
        ({"code": 132015}, False),
        ({"code": 132015, "async": True}, True),
    ],
)
async def test_refusals_that_meta_finds_out_late_come_by_webhook(
    told: dict[str, Any], late: bool
) -> None:
    async with on_stage() as stage:
        await stage.fault(kind="error", **told)
        status, answer = await stage.post({"to": ANNA.phone, **template("news", body_of("x"))})
        assert (status == 200) is late
        if not late:
            assert answer["error"]["code"] == told["code"]
            return
        wamid = answer["messages"][0]["id"]
        failed = await stage.first_status(wamid)
        assert failed["errors"][0]["code"] == told["code"]
        [entry] = stage.world.accepted.find()
        assert entry.detail["refused"] == told["code"]


# What Meta answers in its own envelope, and what a client should see of each.
ENVELOPES = [
    (2, {}, 503, None),
    (131000, {}, 500, None),
    (131016, {"status": 502}, 502, None),
    (4, {"retry_after": 60}, 429, "60"),
    (80007, {"retry_after": 1}, 429, "1"),
    (131056, {}, 429, None),
]


@pytest.mark.parametrize(("code", "told", "http", "pause"), ENVELOPES)
async def test_an_outage_and_a_throttle_accept_nothing(
    code: int, told: dict[str, Any], http: int, pause: str | None
) -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.fault(kind="error", code=code, times=2, **told)
        url = f"{stage.base}/whatsapp/v26.0/{SETTINGS.phone_id}/messages"
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        body = {"messaging_product": "whatsapp", **TEXT}
        for _ in range(2):
            async with stage.session.post(url, json=body, headers=headers) as answer:
                assert (answer.status, answer.content_type) == (http, "application/json")
                assert answer.headers.get("Retry-After") == pause
                error = (await answer.json())["error"]
            assert error.keys() >= {"message", "type", "code", "fbtrace_id"}
            assert error["code"] == code
        assert not list(stage.world.accepted.find())
        wamid = await stage.text("раз")
        [entry] = stage.world.accepted.find()
        assert entry.reference == wamid


@pytest.mark.parametrize(
    ("method", "ask"),
    [
        ("message_templates", ("GET", f"{SETTINGS.waba_id}/message_templates")),
        ("node", ("GET", SETTINGS.phone_id)),
        ("subscribed_apps", ("GET", f"{SETTINGS.waba_id}/subscribed_apps")),
        ("profile", ("GET", f"{SETTINGS.phone_id}/whatsapp_business_profile")),
        ("block_users", ("GET", f"{SETTINGS.phone_id}/block_users")),
    ],
)
async def test_a_fault_can_be_meant_for_any_call(method: str, ask: tuple[str, str]) -> None:
    async with on_stage() as stage:
        await stage.fault(kind="error", code=80007, method=method)
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.text("раз")
        status, answer = await stage.call(*ask)
        assert (status, answer["error"]["code"]) == (429, 80007)
        assert (await stage.call(*ask))[0] == 200


async def test_a_proxys_page_comes_instead_of_an_answer() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        url = f"{stage.base}/whatsapp/v26.0/{SETTINGS.phone_id}/messages"
        for accepted in (False, True):
            await stage.fault(kind="html", status=504, accepted=accepted)
            headers = {"Authorization": f"Bearer {SETTINGS.token}"}
            body = {"messaging_product": "whatsapp", **TEXT}
            async with stage.session.post(url, json=body, headers=headers) as answer:
                assert (answer.status, answer.content_type) == (504, "text/html")
            assert len(list(stage.world.accepted.find())) == int(accepted)


async def lost(stage: Stage) -> None:
    """A send whose answer never comes."""
    asking = stage.post({**TEXT, "biz_opaque_callback_data": "attempt:5"})
    seen = await seen_by_caller(asking, stage.world.accepted.count, 0.3)
    assert isinstance(seen, Exception)


@pytest.mark.parametrize("kind", ["hang", "reset"])
async def test_a_message_whose_answer_is_lost_is_echoed_by_its_statuses(kind: str) -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.fault(kind=kind)
        await lost(stage)
        [entry] = stage.world.accepted.find(containing="раз")
        await stage.reaches(entry.reference, "delivered")
        status = stage.receiver.statuses_of(entry.reference)[0]
        assert status["biz_opaque_callback_data"] == "attempt:5"


async def test_a_dropped_request_is_never_accepted() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.fault(kind="drop")
        await lost(stage)
        assert not list(stage.world.accepted.find())
        await stage.text("раз")


async def test_the_emulators_own_clock_can_be_shifted() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        url = f"{stage.base}/_sim/clock"
        async with stage.session.post(url, json={"advance": DAY, "platform": "whatsapp"}) as got:
            assert got.status == 200
        wamid = await stage.text("раз")
        failed = await stage.first_status(wamid)
        assert failed["errors"][0]["code"] == 131047
        assert abs(int(failed["timestamp"]) - stage.world.clock.now() - DAY) < 5
