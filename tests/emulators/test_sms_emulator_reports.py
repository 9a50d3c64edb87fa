"""The emulated operator: deliveries, their reports, and what people write back."""

import asyncio
import hashlib
from dataclasses import replace

import pytest

from tests.emulators.sms_stage import ANNA, BORIS, SETTINGS, on_stage
from tests.emulators.stagehand import PATIENCE_SECONDS, eventually

HOUR = 3600


async def test_the_status_of_a_message_can_be_asked_for() -> None:
    async with on_stage(replace(SETTINGS, sent_after=60, delivered_after=HOUR)) as stage:
        await stage.send("Привет", id="a1")
        for state, seconds in ((-1, 60), (0, HOUR), (1, 0)):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (await stage.ask("status", phone=ANNA, id="a1"))["status"] != state:
                    pass
            stage.world.clock.advance(seconds)
        full = await stage.ask("status", phone="79990001122", id="a1", all=1)
        assert (full["message"], full["cost"], full["status_name"]) == (
            "Привет",
            "2.00",
            "Доставлено",
        )
        assert await stage.ask("status", phone=ANNA, id="none") == {"status": -3}
        plain = await stage.text("status", phone=ANNA, id="a1", fmt=1)
        assert plain.split(",")[0] == "1"
        both = await stage.ask("status", phone=f"{ANNA},{BORIS}", id="a1,a1")
        assert [(item["id"], item["status"]) for item in both] == [("a1", 1), ("a1", -3)]


async def test_a_phone_that_is_off_gets_its_texts_later() -> None:
    async with on_stage() as stage:
        await stage.gesture("offline")
        sent = await stage.send("Привет")
        stage.world.clock.advance(23 * HOUR)
        assert (await stage.ask("status", phone=ANNA, id=sent["id"]))["status"] in (-1, 0)
        assert not stage.screen()
        assert stage.world.screens.of("sms", ANNA).note == "не в сети"
        assert (await stage.gesture("say", text="Алло"))[0] == 400
        await stage.gesture("online")
        assert (await stage.report(sent["id"]))["status"] == "1"
        assert len(stage.screen()) == 1


async def test_a_text_expires_while_the_phone_is_off() -> None:
    async with on_stage() as stage:
        await stage.gesture("offline")
        short = await stage.send("раз", valid="00:10")
        long = await stage.send("два", valid="2")
        stage.world.clock.advance(HOUR)
        report = await stage.report(short["id"])
        assert (report["status"], report["err"]) == ("3", "6")
        await stage.gesture("online")
        assert (await stage.report(long["id"]))["status"] == "1"
        assert [bubble.text for bubble in stage.screen()] == ["два"]


@pytest.mark.parametrize("gesture", ["dead", "block"])
async def test_a_number_that_was_given_up_gets_nothing(gesture: str) -> None:
    async with on_stage() as stage:
        assert (await stage.gesture(gesture))[1] == {"offline": False, "dead": True}
        sent = await stage.send("раз")
        report = await stage.report(sent["id"])
        assert (report["status"], report["err"], report["cost"]) == ("20", "1", "2.00")
        assert not stage.screen()
        await stage.gesture("unblock")
        assert (await stage.report((await stage.send("два"))["id"]))["status"] == "1"


async def test_a_number_that_nobody_has_gets_nothing() -> None:
    async with on_stage() as stage:
        sent = await stage.send("раз", phones="79998887766")
        assert (await stage.report(sent["id"]))["status"] == "20"
        stage.sms.unreachable([BORIS])
        sent = await stage.send("раз", phones=BORIS)
        assert (await stage.report(sent["id"]))["status"] == "20"


async def test_people_write_back() -> None:
    async with on_stage() as stage:
        status, answer = await stage.gesture("say", text="СТОП & всё = хватит")
        assert status == 200
        [form] = await eventually(lambda: stage.receiver.forms)
        assert (form["phone"], form["to"]) == ("79990001122", "79000000000")
        assert (form["mes"], form["sms_id"]) == ("СТОП & всё = хватит", answer["message"])
        assert stage.screen()[0].mine
        assert (await stage.gesture("say", text=""))[0] == 400
        assert (await stage.gesture("say", text="\ud800"))[0] == 400
        assert (await stage.gesture("say", "nobody", text="x"))[0] == 400


async def test_callbacks_are_signed_where_there_is_a_secret() -> None:
    async with on_stage(replace(SETTINGS, callback_secret="secret")) as stage:
        sent = await stage.send("раз")
        report = await stage.report(sent["id"])
        line = f"{sent['id']}:79990001122:1:secret".encode()
        assert report["sha1"] == hashlib.sha1(line, usedforsecurity=False).hexdigest()
        assert report["md5"] == hashlib.md5(line, usedforsecurity=False).hexdigest()


async def test_a_report_may_come_before_the_answer() -> None:
    async with on_stage(replace(SETTINGS, report_first=True)) as stage:
        sent = await stage.send("раз")
        assert [form["status"] for form in stage.receiver.reports(sent["id"])] == ["1"]
        later = await stage.send("два")
        assert len(stage.receiver.reports(later["id"])) == 1
        assert len(stage.screen()) == 2


async def test_reports_may_come_late_and_more_than_once() -> None:
    async with on_stage(replace(SETTINGS, report_after=HOUR, duplicate_reports=2.0)) as stage:
        sent = await stage.send("раз")
        await eventually(stage.screen)
        assert not stage.receiver.forms
        stage.world.clock.advance(HOUR)
        await eventually(lambda: len(stage.receiver.reports(sent["id"])) == 3)


async def test_one_report_may_be_late_repeated_lost_or_bad_on_demand() -> None:
    async with on_stage() as stage:
        await stage.fault(method="report", to=ANNA, late=HOUR, copies=1)
        sent = await stage.send("раз")
        await eventually(stage.screen)
        assert not stage.receiver.forms
        stage.world.clock.advance(HOUR)
        await eventually(lambda: len(stage.receiver.reports(sent["id"])) == 2)
        await stage.fault(method="report", kind="drop")
        silent = await stage.send("два")
        await eventually(lambda: len(stage.screen()) == 2)
        await stage.fault(method="report", status=20, err=12)
        failed = await stage.send("три")
        report = await stage.report(failed["id"])
        assert (report["status"], report["err"]) == ("20", "12")
        assert len(stage.screen()) == 2
        assert not stage.receiver.reports(silent["id"])


async def test_a_fault_of_requests_leaves_reports_alone() -> None:
    async with on_stage() as stage:
        sent = await stage.send("раз")
        await stage.fault(kind="error", code=3)
        assert (await stage.report(sent["id"]))["status"] == "1"
        assert (await stage.ask("balance"))["error_code"] == 3


async def test_a_report_that_is_not_taken_comes_again() -> None:
    async with on_stage() as stage:
        stage.receiver.statuses = [503]
        sent = await stage.send("раз")
        await eventually(lambda: not stage.receiver.statuses)
        assert not stage.receiver.forms
        stage.world.clock.advance(60)
        assert (await stage.report(sent["id"]))["status"] == "1"


async def test_a_text_may_be_planned() -> None:
    async with on_stage() as stage:
        sent = await stage.send("раз", time="+90")
        at = int(stage.sms.clock.now()) + 2 * HOUR
        other = await stage.send("два", time=f"0{at}")
        at_once = await stage.send("три", time="0-24")
        await stage.report(at_once["id"])
        assert len(stage.screen()) == 1
        stage.world.clock.advance(1.5 * HOUR)
        await stage.report(sent["id"])
        stage.world.clock.advance(0.5 * HOUR)
        await stage.report(other["id"])
        assert [bubble.text for bubble in stage.screen()] == ["три", "раз", "два"]
