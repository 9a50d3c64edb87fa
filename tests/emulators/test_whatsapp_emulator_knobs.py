"""The knobs of the emulated WhatsApp: what the platform does to a share of what passes."""

import json
from dataclasses import replace

import pytest

from emulators.shares import Share, Spread
from emulators.whatsapp import WhatsAppSettings
from emulators.whatsapp.webhooks import PAUSES
from tests.emulators.stagehand import eventually
from tests.emulators.whatsapp_stage import ANNA, DAY, SETTINGS, Stage, on_stage


def test_a_share_falls_evenly_and_alike() -> None:
    picked = [Share(0.25).due() for _ in range(2)]
    assert picked == [0, 0]
    share = Share(0.25)
    assert [share.due() for _ in range(8)] == [0, 0, 0, 1, 0, 0, 0, 1]
    twice = Share(1.5)
    assert [twice.due() for _ in range(4)] == [1, 2, 1, 2]
    never = Share(0)
    assert not any(never.due() for _ in range(100))


def test_delays_spread_over_their_whole_range() -> None:
    spread = Spread(10.0)
    delays = [spread.next() for _ in range(100)]
    assert 0 <= min(delays) < 1
    assert 9 < max(delays) < 10
    assert len({round(delay, 6) for delay in delays}) == 100


def test_the_defaults_keep_us_honest() -> None:
    usual = WhatsAppSettings()
    assert usual.async_errors
    assert usual.escaped
    assert usual.prepend_country_code
    assert usual.duplicates == usual.unordered == usual.undelivered == 0.02
    assert usual.batch == 1000
    assert not any((usual.failed_contacts, usual.conversations, usual.milliseconds))


async def test_a_share_of_the_messages_is_told_out_of_order() -> None:
    async with on_stage(replace(SETTINGS, unordered=0.5)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamids = [await stage.text("раз") for _ in range(2)]
        for wamid in wamids:
            await stage.tells(wamid, 2)
        assert [stage.receiver.states_of(wamid) for wamid in wamids] == [
            ["sent", "delivered"],
            ["delivered", "sent"],
        ]


async def test_a_share_of_the_messages_is_read_without_being_delivered() -> None:
    async with on_stage(replace(SETTINGS, undelivered=0.5, read_after=0.02)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamids = [await stage.text("раз") for _ in range(2)]
        for wamid in wamids:
            await stage.reaches(wamid, "read")
        assert [stage.receiver.states_of(wamid) for wamid in wamids] == [
            ["sent", "delivered", "read"],
            ["sent", "read"],
        ]
        prices = ["pricing" in item for item in stage.receiver.statuses_of(wamids[1])]
        assert prices == [True, True]


async def test_a_share_of_the_sends_is_done_behind_a_gateway_timeout() -> None:
    async with on_stage(replace(SETTINGS, unanswered=0.5)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        body = {"messaging_product": "whatsapp", "to": ANNA.phone, "text": {"body": "раз"}}
        url = f"{stage.base}/whatsapp/v26.0/{SETTINGS.phone_id}/messages"
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        statuses = []
        for _ in range(4):
            async with stage.session.post(url, json=body, headers=headers) as answer:
                statuses.append(answer.status)
        assert statuses == [200, 504, 200, 504]
        entries = list(stage.world.accepted.find())
        assert len(entries) == 4
        for entry in entries:
            await stage.reaches(entry.reference, "delivered")


async def test_a_batch_has_its_size_at_most() -> None:
    async with on_stage(replace(SETTINGS, batch=2, batch_seconds=0.2)) as stage:
        for number in range(5):
            await stage.gesture("say", text=str(number))
        await eventually(lambda: len(stage.receiver.messages()) == 5)
        sizes = [json.dumps(post).count('"wamid.') for post in stage.receiver.posts]
        assert max(sizes) <= 2
        assert sum(sizes) == 5


async def test_timestamps_can_be_milliseconds() -> None:
    async with on_stage(replace(SETTINGS, milliseconds=True)) as stage:
        message = await stage.heard()
        wamid = await stage.text("раз")
        status = await stage.first_status(wamid)
        await stage.gesture("stop_marketing")
        [value] = await eventually(lambda: stage.receiver.values("user_preferences"))
    now = stage.whatsapp.clock.now()
    for told in (message, status):
        assert abs(int(told["timestamp"]) / 1000 - now) < 60
    assert abs(value["user_preferences"][0]["timestamp"] - now) < 60


async def test_prices_can_be_left_out_and_conversations_told_the_old_way() -> None:
    async with on_stage(replace(SETTINGS, pricing=False, conversations=True)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamid = await stage.text("раз")
        await eventually(lambda: len(stage.receiver.states_of(wamid)) == 2)
        sent, delivered = stage.receiver.statuses_of(wamid)
        assert "pricing" not in sent
        assert sent["conversation"]["origin"] == {"type": "service"}
        until = int(sent["conversation"]["expiration_timestamp"])
        assert abs(until - stage.whatsapp.clock.now() - DAY) < 60
        assert delivered["conversation"].keys() == {"id", "origin"}


@pytest.mark.parametrize(
    ("number", "code", "late"),
    [
        ("+79990131026", 131026, True),
        ("+79990131049", 131049, True),
        ("+79990130429", 130429, False),
    ],
)
async def test_a_number_of_nobody_fails_as_it_ends(number: str, code: int, late: bool) -> None:
    text = {"to": number, "type": "text", "text": {"body": "x"}}
    async with on_stage() as stage:
        status, answer = await stage.post(text)
        assert (status == 200) is late
        if late:
            failed = await stage.first_status(answer["messages"][0]["id"])
            assert failed["errors"][0]["code"] == code
        else:
            assert answer["error"]["code"] == code
    async with on_stage(replace(SETTINGS, magic=False)) as stage:
        _, answer = await stage.post(text)
        failed = await stage.first_status(answer["messages"][0]["id"])
        assert failed["errors"][0]["code"] == 131026


async def test_a_number_of_somebody_never_fails_by_its_end() -> None:
    async with on_stage() as stage:
        await stage.gesture("change_number", phone="+79990131026")
        stage.whatsapp.opened("79990131026")
        wamid = await stage.text("раз", to="+79990131026")
        await stage.reaches(wamid, "delivered")


async def test_every_second_file_comes_with_its_address() -> None:
    async with on_stage() as stage:
        await stage.gesture("photo")
        assert (await stage.call("GET", SETTINGS.phone_id))[0] == 200
        answers = [await stage.gesture("photo") for _ in range(2)]
        images = [(await stage.received(it["message"]))["image"] for it in answers]
        assert ["url" in image for image in images] == [False, True]
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        async with stage.session.get(images[1]["url"], headers=headers) as got:
            assert (got.status, got.content_type) == (200, "image/jpeg")
        async with stage.session.get(images[1]["url"]) as got:
            assert got.status == 401
        stage.world.clock.advance(7 * DAY)
        assert (await stage.call("GET", images[0]["id"]))[0] == 400, "received files live a week"


async def refusals(stage: Stage, count: int) -> None:
    """Wait until the business has refused so many of the hundred that it has ready."""
    await eventually(lambda: len(stage.receiver.statuses) <= 100 - count)


async def test_a_webhook_is_offered_for_seven_days_and_then_forgotten() -> None:
    assert sum(PAUSES) <= 7 * DAY < sum(PAUSES) + DAY / 2
    assert list(PAUSES) == sorted(PAUSES)
    tries = len(PAUSES) + 1
    async with on_stage() as stage:
        stage.receiver.statuses = [500] * 100
        await stage.gesture("say", text="Привет")
        for number, pause in enumerate(PAUSES, 1):
            await refusals(stage, number)
            stage.world.clock.advance(pause)
        await refusals(stage, tries)
        stage.world.clock.advance(7 * DAY)
        stage.receiver.statuses = []
        await stage.heard(text="Новое")
        assert [message["text"]["body"] for message in stage.receiver.messages()] == ["Новое"]
