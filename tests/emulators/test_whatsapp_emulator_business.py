"""The emulated business: whom it blocked, its profile, its own address, marketing messages."""

import io
from typing import Any

import aiohttp
import pytest

from tests.emulators.stagehand import eventually
from tests.emulators.test_whatsapp_emulator_templates import body_of, template
from tests.emulators.whatsapp_stage import ANNA, BORIS, DAY, PHONE_ID, SETTINGS, Stage, on_stage

TEXT: dict[str, Any] = {"to": ANNA.phone, "type": "text", "text": {"body": "x"}}
SALE = template("news", body_of("x"))


def about(*users: dict[str, str]) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "block_users": list(users)}


async def test_whom_the_business_blocked_is_neither_heard_nor_written_to() -> None:
    path = f"{PHONE_ID}/block_users"
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        _, answer = await stage.call("POST", path, json=about({"user": ANNA.phone}))
        added = [{"input": ANNA.phone, "wa_id": ANNA.wa_id}]
        assert answer["block_users"] == {"added_users": added}
        assert (await stage.refused(TEXT))[:2] == (400, 130403)
        await stage.gesture("say", text="Слышно?")
        await stage.call("POST", path, json=about({"user_id": BORIS.bsuid}))
        _, listed = await stage.call("GET", path)
        assert [user["wa_id"] for user in listed["data"]] == [ANNA.wa_id, BORIS.wa_id]
        _, answer = await stage.call("DELETE", path, json=about({"user": ANNA.wa_id}))
        assert answer["block_users"]["removed_users"][0]["wa_id"] == ANNA.wa_id
        assert (await stage.heard(text="А теперь?"))["text"]["body"] == "А теперь?"
        assert len(stage.receiver.messages()) == 1
        status, answer = await stage.call("POST", path, json=about({"user": "+79998887766"}))
        assert (status, answer["error"]["code"]) == (400, 139100)
        assert answer["block_users"]["failed_users"] == [{"input": "+79998887766"}]


async def test_the_profile_is_kept_within_its_limits() -> None:
    path, product = f"{PHONE_ID}/whatsapp_business_profile", {"messaging_product": "whatsapp"}
    async with on_stage() as stage:
        told = {**product, "about": "ж" * 139, "websites": ["https://x.y"]}
        assert await stage.call("POST", path, json=told) == (200, {"success": True})
        _, answer = await stage.call("GET", f"{path}?fields=about,websites,email")
        assert answer == {"data": [{"about": "ж" * 139, "websites": ["https://x.y"], **product}]}
        for wrong in ({"about": "ж" * 140}, {"websites": ["https://x.y"] * 3}, {"mood": "good"}):
            assert (await stage.call("POST", path, json=product | wrong))[0] == 400
        assert (await stage.call("POST", path, json={"about": "x"}))[1]["error"]["code"] == 100
        assert (await stage.call("GET", f"{path}?fields=mood"))[0] == 400


async def test_the_numbers_own_address_goes_before_the_accounts() -> None:
    async with on_stage() as stage:
        own = {
            "override_callback_uri": stage.receiver.url + "?number",
            "verify_token": SETTINGS.verify_token,
        }
        told = {"webhook_configuration": own}
        assert (await stage.call("POST", PHONE_ID, json=told))[0] == 200
        wrong = {"webhook_configuration": own | {"verify_token": "wrong"}}
        assert (await stage.call("POST", PHONE_ID, json=wrong))[1]["error"]["code"] == 2200
        _, number = await stage.call("GET", f"{PHONE_ID}?fields=webhook_configuration")
        assert number["webhook_configuration"] == {
            "phone_number": own["override_callback_uri"],
            "application": stage.receiver.url,
        }
        await stage.heard()
        none = {"webhook_configuration": {"override_callback_uri": "", "verify_token": ""}}
        assert (await stage.call("POST", PHONE_ID, json=none))[0] == 200
        _, number = await stage.call("GET", f"{PHONE_ID}?fields=webhook_configuration")
        assert "phone_number" not in number["webhook_configuration"]


async def test_marketing_messages_have_an_endpoint_and_a_price_of_their_own() -> None:
    path = f"{PHONE_ID}/marketing_messages"

    async def post(stage: Stage, **body: Any) -> tuple[int, Any]:
        told = {"messaging_product": "whatsapp", "to": ANNA.phone, **body}
        return await stage.call("POST", path, json=told)

    async with on_stage() as stage:
        status, answer = await post(stage, **SALE, message_activity_sharing=True)
        assert (status, answer["messages"][0]["message_status"]) == (200, "accepted")
        sent = await stage.first_status(answer["messages"][0]["id"])
        assert sent["pricing"]["category"] == "marketing_lite"
        for body in (template("reply_waiting"), {"type": "text", "text": {"body": "x"}}):
            assert (await post(stage, **body))[1]["error"]["code"] == 134100
        assert (await post(stage, **SALE, mood="good"))[1]["error"]["code"] == 100


async def upload(stage: Stage, data: bytes, kind: str, **more: str) -> tuple[int, Any]:
    form = aiohttp.FormData()
    for name, value in {"messaging_product": "whatsapp", "type": kind, **more}.items():
        form.add_field(name, value)
    form.add_field("file", io.BytesIO(data), filename="a", content_type=kind)
    return await stage.call("POST", f"{PHONE_ID}/media", data=form)


STILL = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0"
MOVING = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x12\0\0\0"


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"\xff\xd8" + bytes(5 * 2**20 - 2), "image/jpeg", 0),
        (b"\xff\xd8" + bytes(5 * 2**20 - 1), "image/jpeg", 131053),
        (STILL + bytes(100 * 2**10 - len(STILL)), "image/webp", 0),
        (STILL + bytes(100 * 2**10), "image/webp", 131053),
        (MOVING + bytes(499 * 2**10), "image/webp", 0),
        (MOVING + bytes(500 * 2**10), "image/webp", 131053),
        (b"", "application/pdf", 131053),
        (b"MZ", "application/x-dosexec", 100),
    ],
    ids=["jpeg", "big jpeg", "sticker", "big sticker", "moving", "big moving", "empty", "program"],
)
async def test_the_sizes_of_files(data: bytes, kind: str, code: int) -> None:
    async with on_stage() as stage:
        status, answer = await upload(stage, data, kind)
        assert (answer["error"]["code"] if status != 200 else 0) == code


async def test_an_upload_lives_thirty_days_and_belongs_to_its_number() -> None:
    async with on_stage() as stage:
        _, answer = await upload(stage, b"%PDF", "application/pdf")
        media_id = answer["id"]
        assert (await stage.call("GET", f"{media_id}?phone_number_id={PHONE_ID}"))[0] == 200
        for method in ("GET", "DELETE"):
            status, _ = await stage.call(method, f"{media_id}?phone_number_id=1")
            assert status == 400
        stage.whatsapp.opened(ANNA.wa_id)
        document = {"type": "document", "document": {"id": media_id, "filename": "a.pdf"}}
        await stage.send(**document)
        stage.world.clock.advance(30 * DAY)
        stage.whatsapp.opened(ANNA.wa_id)
        assert (await stage.refused({"to": ANNA.phone, **document}))[1] == 131053


async def test_a_message_older_than_thirty_days_cannot_be_marked_as_read() -> None:
    async with on_stage() as stage:
        message = await stage.heard()
        mark = {"status": "read", "message_id": message["id"]}
        assert await stage.post(mark) == (200, {"success": True})
        stage.world.clock.advance(30 * DAY)
        assert (await stage.refused(mark))[:2] == (400, 131009)


async def test_a_code_is_copied_and_nobody_hears_of_it() -> None:
    path = f"{SETTINGS.waba_id}/message_templates"
    coupon = {"type": "COPY_CODE", "example": "SALE"}
    call = {"type": "PHONE_NUMBER", "text": "Позвонить", "phone_number": "+74951234567"}
    offer = {
        "name": "offer",
        "language": "ru",
        "category": "MARKETING",
        "components": [
            {"type": "BODY", "text": "Скидка"},
            {"type": "BUTTONS", "buttons": [coupon, call]},
        ],
    }
    code = {
        "type": "button",
        "sub_type": "copy_code",
        "index": "0",
        "parameters": [{"type": "coupon_code", "coupon_code": "ANNA20"}],
    }
    async with on_stage() as stage:
        await stage.call("POST", path, json=offer)
        await eventually(lambda: stage.receiver.values("message_template_status_update"))
        await stage.send(ANNA.phone, **template("offer", code))
        message = stage.screen()[-1].id
        assert await stage.gesture("press", message=message) == {"copied": "ANNA20"}
        assert (await stage.gesture("press", message=message, row=1))["url"] == "tel:+74951234567"
        await stage.heard()
        assert len(stage.receiver.messages()) == 1
        assert (await stage.refused({"to": ANNA.phone, **template("offer")}))[1] == 131008
