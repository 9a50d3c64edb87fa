"""The emulated 24-hour window: what opens it, and how long it stays open."""

import pytest

from tests.emulators.whatsapp_stage import ANNA, CLARA, DAY, Stage, on_stage


async def windowed(stage: Stage) -> int:
    """The code with which a free-form message fails, 0 when it does not."""
    wamid = await stage.text("раз")
    status = await stage.first_status(wamid)
    return int(status["errors"][0]["code"]) if status["status"] == "failed" else 0


async def test_the_window_opens_by_a_message_and_closes_after_24_hours() -> None:
    async with on_stage() as stage:
        assert await windowed(stage) == 131047
        await stage.heard()
        assert await windowed(stage) == 0
        stage.world.clock.advance(DAY - 5)
        assert await windowed(stage) == 0
        stage.world.clock.advance(5)
        assert await windowed(stage) == 131047


@pytest.mark.parametrize("gesture", ["poll", "stop_marketing", "react"])
async def test_what_is_no_message_opens_no_window(gesture: str) -> None:
    async with on_stage() as stage:
        await stage.gesture(gesture, message="wamid.x")
        assert await windowed(stage) == 131047


async def test_an_old_message_never_shortens_a_window() -> None:
    async with on_stage() as stage:
        now = stage.whatsapp.clock.now()
        stage.whatsapp.opened(ANNA.bsuid)
        stage.whatsapp.opened(ANNA.wa_id, at=now - 2 * DAY)
        assert await windowed(stage) == 0
        with pytest.raises(KeyError):
            stage.whatsapp.opened("70000000000")


async def test_people_can_be_taken_off_whatsapp_in_bulk() -> None:
    async with on_stage() as stage:
        for human in (ANNA, CLARA):
            stage.whatsapp.opened(human.wa_id)
        stage.whatsapp.absent([ANNA.wa_id])
        assert await windowed(stage) == 131026
        wamid = await stage.text("раз", to=CLARA.phone)
        await stage.reaches(wamid, "delivered")
