"""The emulated webhooks: bytes and signature, batches, retries, and what becomes of a message."""

import json
from dataclasses import replace

import pytest

from emulators.whatsapp import NotVerified
from emulators.whatsapp.bundles import Update, bundle
from emulators.whatsapp.signing import encode, signature
from tests.emulators.stagehand import eventually
from tests.emulators.whatsapp_stage import (
    ANNA,
    BORIS,
    CLARA,
    DAY,
    SETTINGS,
    WABA_ID,
    on_stage,
)

# whatsapp.md section 1.2
VECTOR = (
    rb'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages",'
    rb'"value":{"messages":[{"text":{"body":"\u041f\u0440\u0438\u0432\u0435\u0442 a\u0040b.ru '
    rb'100\u0025 \u003Cok> https:\/\/x.y\/z \ud83d\ude42"}}]}}]}]}'
)
VECTOR_SIGNATURE = "sha256=9b3b5289f5c18ed6f6fdef761faaea25709dc6b05f82db6e2ab0118b8830edb8"


def test_the_reference_vector_is_reproduced() -> None:
    text = "Привет a@b.ru 100% <ok> https://x.y/z 🙂"
    value = {"messages": [{"text": {"body": text}}]}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = encode({"object": "whatsapp_business_account", "entry": [entry]})
    assert body == VECTOR
    assert len(body) == 234
    assert signature("app-secret-for-tests", body) == VECTOR_SIGNATURE


def test_a_backslash_before_a_slash_survives_the_escapes() -> None:
    body = encode({"a": '\\/ \\u0040 " \n'})
    assert json.loads(body) == {"a": '\\/ \\u0040 " \n'}


def test_many_updates_stand_in_several_entries_changes_and_items() -> None:
    updates = [Update("messages", "messages", {"id": str(n)}, {"user_id": "1"}) for n in range(28)]
    payload = bundle(updates, SETTINGS)
    sizes = [
        [len(change["value"]["messages"]) for change in entry["changes"]]
        for entry in payload["entry"]
    ]
    assert sizes == [[5, 5], [5, 5], [5, 3]]
    assert payload["entry"][0]["changes"][0]["value"]["contacts"] == [{"user_id": "1"}]


async def test_a_webhook_that_does_not_know_the_token_is_not_subscribed() -> None:
    async with on_stage() as stage:
        with pytest.raises(NotVerified, match="403"):
            await stage.whatsapp.subscribe(stage.receiver.url, "wrong")
        with pytest.raises(NotVerified, match="404"):
            await stage.whatsapp.subscribe(stage.base + "/nothing")
        with pytest.raises(NotVerified, match="not echoed"):
            await stage.whatsapp.subscribe(stage.base + "/")


async def test_the_account_can_have_an_address_of_its_own() -> None:
    path = f"{WABA_ID}/subscribed_apps"
    async with on_stage() as stage:
        wrong = {"override_callback_uri": stage.receiver.url, "verify_token": "wrong"}
        status, answer = await stage.call("POST", path, json=wrong)
        assert (status, answer["error"]["code"]) == (400, 2200)
        own = stage.receiver.url + "?own"
        right = {"override_callback_uri": own, "verify_token": SETTINGS.verify_token}
        assert await stage.call("POST", path, json=right) == (200, {"success": True})
        _, answer = await stage.call("GET", path)
        assert answer["data"][0]["override_callback_uri"] == own
        await stage.call("POST", path)
        _, answer = await stage.call("GET", path)
        assert "override_callback_uri" not in answer["data"][0]
        await stage.call("DELETE", path)
        assert (await stage.call("GET", path))[1] == {"data": []}
        await stage.gesture("say", text="никому")
        await stage.call("POST", path)
        assert (await stage.heard(text="снова"))["text"]["body"] == "снова"
        assert [m["text"]["body"] for m in stage.receiver.messages()] == ["снова"]


async def test_statuses_follow_one_another_with_the_opaque_data() -> None:
    async with on_stage(replace(SETTINGS, read_after=0.02)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamid = await stage.text("Здравствуйте", biz_opaque_callback_data="attempt:9")
        await eventually(lambda: stage.receiver.states_of(wamid) == ["sent", "delivered", "read"])
        statuses = stage.receiver.statuses_of(wamid)
        for status in statuses:
            assert status["biz_opaque_callback_data"] == "attempt:9"
            assert status["recipient_id"] == ANNA.wa_id
            assert status["recipient_user_id"] == ANNA.bsuid
            assert status["timestamp"].isdecimal()
            assert "conversation" not in status
        assert ["pricing" in status for status in statuses] == [True, True, False]
        assert statuses[0]["pricing"]["category"] == "service"
        contacts = [value["contacts"][0] for value in stage.receiver.values()]
        names = [contact["profile"] for contact in contacts]
        assert names[0] == {"name": ANNA.name}
        assert names[-1] == {"name": ANNA.name, "username": "@anna"}
        assert stage.screen()[0].status == "read"


async def test_free_service_messages_end_and_templates_are_billed() -> None:
    async with on_stage(replace(SETTINGS, free_service_messages=1)) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        prices = []
        for text in ("первое", "второе"):
            wamid = await stage.text(text)
            prices.append((await stage.first_status(wamid))["pricing"])
        assert [(price["type"], price["billable"]) for price in prices] == [
            ("free_customer_service", False),
            ("regular", True),
        ]


async def test_an_advertisement_opens_a_free_entry_point_when_answered() -> None:
    async with on_stage() as stage:
        message = await stage.received((await stage.gesture("referral", text="Акция"))["message"])
        assert message["referral"]["source_type"] == "ad"
        wamid = await stage.text("Здравствуйте")
        await eventually(lambda: stage.receiver.states_of(wamid) == ["sent", "delivered"])
        sent, delivered = stage.receiver.statuses_of(wamid)
        assert sent["conversation"]["origin"] == {"type": "referral_conversion"}
        now = stage.whatsapp.clock.now()
        assert abs(int(sent["conversation"]["expiration_timestamp"]) - now - 3 * DAY) < 5
        assert "expiration_timestamp" not in delivered["conversation"]
        assert sent["pricing"]["type"] == "free_entry_point"


@pytest.mark.parametrize("state", ["block", "no_whatsapp"])
async def test_a_late_refusal_is_accepted_logged_and_reported(state: str) -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.gesture(state)
        wamid = await stage.text("Здравствуйте", biz_opaque_callback_data="attempt:1")
        failed = await stage.first_status(wamid)
        assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131026)
        assert failed["biz_opaque_callback_data"] == "attempt:1"
        assert failed["recipient_id"] == ANNA.wa_id
        assert "recipient_user_id" not in failed
        assert "pricing" not in failed
        [value] = stage.receiver.values()
        assert "contacts" not in value
        [entry] = stage.world.accepted.find(containing="Здравствуйте")
        assert (entry.kind, entry.detail) == ("text", {"refused": 131026})
        assert not stage.screen()


async def test_a_late_refusal_of_a_business_scoped_id_names_that_id_alone() -> None:
    async with on_stage() as stage:
        status, answer = await stage.post(
            {"recipient": BORIS.bsuid, "type": "text", "text": {"body": "x"}}
        )
        assert status == 200
        wamid = answer["messages"][0]["id"]
        failed = await stage.first_status(wamid)
        assert failed["recipient_user_id"] == BORIS.bsuid
        assert "recipient_id" not in failed
        assert failed["errors"][0]["code"] == 131047


async def test_late_refusals_can_come_at_once() -> None:
    async with on_stage(replace(SETTINGS, async_errors=False)) as stage:
        text = {"type": "text", "text": {"body": "x"}}
        assert (await stage.refused({"to": ANNA.phone, **text}))[:2] == (400, 131047)
        assert (await stage.refused({"to": "+79998887766", **text}))[:2] == (400, 131026)
        assert not list(stage.world.accepted.find())


async def test_an_offline_phone_gets_everything_when_it_comes_back() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.gesture("offline")
        wamids = [await stage.text(text) for text in ("раз", "два")]
        await eventually(lambda: [stage.receiver.states_of(w) for w in wamids] == [["sent"]] * 2)
        assert not stage.screen()
        assert stage.world.screens.of("whatsapp", ANNA.wa_id).note == "не в сети"
        assert (await stage.gesture("say", text="Алло"))["refused"]
        await stage.gesture("online")
        await eventually(lambda: stage.receiver.states_of(wamids[1]) == ["sent", "delivered"])
        assert [bubble.text for bubble in stage.screen()] == ["раз", "два"]


async def test_a_message_is_dropped_when_its_time_is_over() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.gesture("offline")
        wamid = await stage.text("раз")
        stage.world.clock.advance(30 * DAY)
        await stage.gesture("online")
        await stage.heard()
        assert stage.receiver.states_of(wamid) == ["sent"]
        assert len(stage.screen()) == 1


async def test_statuses_come_out_of_order_when_their_delays_do() -> None:
    settings = replace(SETTINGS, sent_after=0.2, delivered_after=0.1, read_after=0.0)
    async with on_stage(settings) as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamid = await stage.text("раз")
        await eventually(lambda: len(stage.receiver.states_of(wamid)) == 3)
        assert stage.receiver.states_of(wamid) == ["read", "delivered", "sent"]
        assert stage.screen()[0].status == "read"


async def test_updates_of_a_moment_come_in_one_post() -> None:
    async with on_stage(replace(SETTINGS, batch_seconds=0.4)) as stage:
        for number in range(12):
            await stage.gesture("say", (ANNA, BORIS, CLARA)[number % 3], text=str(number))
        await eventually(lambda: len(stage.receiver.messages()) == 12)
        [post] = stage.receiver.posts
        assert len(post["entry"]) == 2
        texts = [message["text"]["body"] for message in stage.receiver.messages()]
        assert texts == [str(number) for number in range(12)]


async def test_without_a_batch_window_each_update_has_a_post_of_its_own() -> None:
    async with on_stage(replace(SETTINGS, batch_seconds=0)) as stage:
        for number in range(5):
            await stage.gesture("say", text=str(number))
        await eventually(lambda: len(stage.receiver.posts) == 5)
        assert len(stage.receiver.messages()) == 5


async def test_a_post_that_is_not_taken_comes_again_and_delays_no_other() -> None:
    async with on_stage() as stage:
        stage.receiver.statuses = [503, 500]
        await stage.gesture("say", text="первое")
        await eventually(lambda: not stage.receiver.statuses)
        assert (await stage.heard(text="второе"))["text"]["body"] == "второе"
        assert len(stage.receiver.messages()) == 1
        stage.world.clock.advance(1)
        await eventually(lambda: len(stage.receiver.messages()) == 2)
        stage.world.clock.advance(3600)
        await stage.heard(text="третье")
        assert [m["text"]["body"] for m in stage.receiver.messages()] == [
            "второе",
            "первое",
            "третье",
        ]


async def test_duplicates_come_in_other_batches() -> None:
    async with on_stage(replace(SETTINGS, duplicates=4.0)) as stage:
        await stage.gesture("say", text="раз")
        await eventually(lambda: len(stage.receiver.messages()) == 5)
        assert len({message["id"] for message in stage.receiver.messages()}) == 1
        assert len(stage.receiver.posts) > 1


async def test_plain_bytes_are_signed_too() -> None:
    async with on_stage(replace(SETTINGS, escaped=False)) as stage:
        await stage.heard(text="привет a@b.ru")
        assert "привет a@b.ru".encode() in stage.receiver.bodies[0]
    async with on_stage() as stage:
        await stage.heard(text="привет a@b.ru")
        assert stage.receiver.bodies[0].isascii()
        assert rb"a\u0040b.ru" in stage.receiver.bodies[0]


@pytest.mark.parametrize("text", ["\ud800", "\u0000", "\u202e" + "😀" * 2000])
async def test_odd_texts_arrive_as_they_were_typed(text: str) -> None:
    async with on_stage() as stage:
        assert (await stage.heard(text=text))["text"]["body"] == text


async def test_a_person_without_a_visible_number_has_it_nowhere() -> None:
    async with on_stage() as stage:
        message = await stage.heard(BORIS)
        assert message["from_user_id"] == BORIS.bsuid
        assert "from" not in message
        _, answer = await stage.post(
            {"recipient": BORIS.bsuid, "type": "text", "text": {"body": "Привет"}}
        )
        await stage.gesture("stop_marketing", BORIS)
        wamid = answer["messages"][0]["id"]
        await eventually(lambda: stage.receiver.states_of(wamid) == ["sent", "delivered"])
        await eventually(lambda: stage.receiver.values("user_preferences"))
        assert BORIS.wa_id.encode() not in b"".join(stage.receiver.bodies)
