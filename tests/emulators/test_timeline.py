"""What an emulated platform plans for later happens in order, and moves with its clock."""

from emulators.clock import Clock
from emulators.timeline import Timeline
from tests.emulators.stagehand import eventually


async def test_acts_happen_in_the_order_of_their_time() -> None:
    done: list[str] = []
    timeline = Timeline(Clock())
    timeline.after(0.03, lambda: done.append("third"))
    timeline.after(0.01, lambda: done.append("first"))
    timeline.after(0.01, lambda: done.append("second"))
    await eventually(lambda: len(done) == 3)
    assert done == ["first", "second", "third"]


async def test_an_act_may_plan_another() -> None:
    done: list[str] = []
    timeline = Timeline(Clock())
    timeline.after(0.0, lambda: timeline.after(0.0, lambda: done.append("later")))
    timeline.after(0.01, lambda: done.append("last"))
    await eventually(lambda: len(done) == 2)
    assert done == ["later", "last"]


async def test_moving_the_clock_makes_it_happen_now() -> None:
    done: list[str] = []
    parent = Clock()
    timeline = Timeline(Clock(parent))
    timeline.after(3600, lambda: done.append("an hour"))
    timeline.after(7200, lambda: done.append("two hours"))
    parent.advance(3600)
    await eventually(lambda: done)
    assert done == ["an hour"]
    await timeline.stop()
    parent.advance(3600)
    timeline.after(0, lambda: done.append("after the stop"))
    await eventually(lambda: len(done) == 2)
    assert done == ["an hour", "after the stop"]
