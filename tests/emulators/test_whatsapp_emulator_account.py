"""The emulated account: uploaded files, and what the number tells of itself."""

from dataclasses import replace

import aiohttp

from tests.emulators.whatsapp_stage import ANNA, PHONE_ID, SETTINGS, WABA_ID, on_stage


async def test_a_file_is_uploaded_sent_described_downloaded_and_deleted() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", "image/png")
        form.add_field("file", b"\x89PNG", filename="a.png", content_type="image/png")
        status, answer = await stage.call("POST", f"{PHONE_ID}/media", data=form)
        assert status == 200
        media_id = answer["id"]
        await stage.send(type="image", image={"id": media_id, "caption": "Фото"})
        [bubble] = stage.screen()
        async with stage.session.get(f"{stage.base}{bubble.image}") as shown:
            assert await shown.read() == b"\x89PNG"
        _, medium = await stage.call("GET", media_id)
        assert (medium["mime_type"], medium["file_size"]) == ("image/png", 4)
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        async with stage.session.get(medium["url"], headers=headers) as got:
            assert await got.read() == b"\x89PNG"
        async with stage.session.get(medium["url"]) as got:
            assert got.status == 401
        stage.world.clock.advance(301)
        async with stage.session.get(medium["url"], headers=headers) as got:
            assert got.status == 404
        assert await stage.call("DELETE", media_id) == (200, {"success": True})
        status, answer = await stage.call("GET", media_id)
        assert (status, answer["error"]["error_subcode"]) == (400, 33)


async def test_a_file_of_an_unknown_type_is_refused() -> None:
    async with on_stage() as stage:
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("file", b"MZ", filename="a.exe", content_type="application/x-dosexec")
        status, answer = await stage.call("POST", f"{PHONE_ID}/media", data=form)
        assert (status, answer["error"]["code"]) == (400, 100)


async def test_the_number_tells_its_fields() -> None:
    async with on_stage(replace(SETTINGS, messaging_limit=250)) as stage:
        name = "whatsapp_business_manager_messaging_limit"
        _, answer = await stage.call("GET", f"{PHONE_ID}?fields=verified_name,{name}")
        assert answer == {"verified_name": "Vestnik", name: "TIER_250", "id": PHONE_ID}
        status, answer = await stage.call("GET", f"{PHONE_ID}?fields=shoe_size")
        assert (status, answer["error"]["code"]) == (400, 100)
        _, answer = await stage.call("GET", WABA_ID)
        assert answer["id"] == WABA_ID
