"""Broadcasts that are paid for with Stars, and albums under the Telegram emulator's limits."""

from typing import Any

from tests.emulators.telegram_stage import ANNA, Stage, stage

PHOTO = {"type": "photo", "media": "https://example.com/a.jpg"}


async def sent(scene: Stage, people: range, **more: Any) -> list[int]:
    """The statuses of one message to each."""
    for user_id in people:
        scene.telegram.opened(user_id)
    return [
        (await scene.calls("sendMessage", chat_id=user_id, text="x", **more))[0]
        for user_id in people
    ]


async def balance(scene: Stage) -> float:
    stars = await scene.bot.get_my_star_balance()
    return stars.amount + (stars.nanostar_amount or 0) / 1_000_000_000


async def test_stars_buy_what_goes_beyond_the_free_rate() -> None:
    async with stage(pace=1, rate=5, stars=1.0) as scene:
        assert await sent(scene, range(1, 16), allow_paid_broadcast=True) == [200] * 15
        assert await balance(scene) == 0
        assert await sent(scene, range(16, 17), allow_paid_broadcast=True) == [429]
        await scene.does("top_up", stars=0.25)
        assert await balance(scene) == 0.2
        assert await sent(scene, range(16, 19), allow_paid_broadcast=True) == [200, 200, 429]
        assert (await scene.tries("top_up", stars=-1))[0] == 400


async def test_without_asking_nothing_is_paid() -> None:
    async with stage(pace=1, rate=5, stars=100) as scene:
        assert await sent(scene, range(1, 7)) == [200] * 5 + [429]
        assert await sent(scene, range(7, 8), allow_paid_broadcast=False) == [429]
        assert await balance(scene) == 100
        assert await sent(scene, range(8, 9), allow_paid_broadcast=True) == [200]


async def test_paid_messages_have_a_rate_too() -> None:
    async with stage(pace=1, rate=2, paid_rate=3, stars=100) as scene:
        assert await sent(scene, range(1, 7), allow_paid_broadcast=True) == [200] * 5 + [429]
        scene.world.clock.advance(2)
        assert await sent(scene, range(7, 8), allow_paid_broadcast=True) == [200]


async def test_an_album_goes_out_whole_and_empties_the_lanes() -> None:
    async with stage(pace=1) as scene:
        scene.telegram.opened(ANNA)
        album = {"chat_id": ANNA, "media": [PHOTO] * 10}
        assert (await scene.calls("sendMediaGroup", **album))[0] == 200
        status, body = await scene.calls("sendMediaGroup", **album)
        assert status == 429
        assert len(scene.accepted()) == 10
        scene.world.clock.advance(body["parameters"]["retry_after"])
        assert (await scene.calls("sendMediaGroup", **album))[0] == 200


async def test_copies_and_forwards_of_many_cannot_be_paid() -> None:
    async with stage(pace=1, rate=2, stars=100) as scene:
        said = int((await scene.does("say", text="привет"))["message"])
        assert await sent(scene, range(1, 3)) == [200, 200]
        body: dict[str, Any] = {"chat_id": ANNA, "from_chat_id": ANNA, "message_ids": [said]}
        body["allow_paid_broadcast"] = True
        for method in ("copyMessages", "forwardMessages"):
            assert (await scene.calls(method, **body))[0] == 429
        assert await balance(scene) == 100
