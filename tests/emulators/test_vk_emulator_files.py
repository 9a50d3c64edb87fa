"""Pictures, files and voice messages in the VK emulator, from both sides."""

from typing import Any

import pytest

from tests.emulators.vk_stage import ANNA, Stand, business, hooked, standing

SHARED = ("photo", "file", "voice", "place", "sticker")


async def _uploaded(stand: Stand, method: str, field: str, body: bytes, **params: Any) -> Any:
    server = (await stand.call(method, **params))["response"]
    return await stand.uploads(server["upload_url"], field, body)


async def test_what_people_send_is_told_and_can_be_fetched() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        for gesture in SHARED:
            assert "error" not in await stand.gesture(gesture, text=gesture)
        messages = [event["object"]["message"] for event in await server.got(len(SHARED))]
        assert [message["text"] for message in messages] == list(SHARED)
        photo, doc, voice = (message["attachments"][0] for message in messages[:3])
        assert photo["photo"]["owner_id"] == doc["doc"]["owner_id"] == ANNA.vk
        urls = (photo["photo"]["sizes"][0]["url"], doc["doc"]["url"])
        for url, start in zip(
            (*urls, voice["audio_message"]["link_ogg"]), (b"\x89PNG", b"%PDF", b"OggS"), strict=True
        ):
            async with stand.web.get(url) as answer:
                assert (await answer.read()).startswith(start)
        assert messages[3]["geo"]["coordinates"]["latitude"] == pytest.approx(55.75, abs=0.01)
        assert messages[4]["attachments"][0]["type"] == "sticker"
        bubbles = stand.screen().bubbles
        assert bubbles[0].image == urls[0]
        assert bubbles[1].text == "file\n📎 file.pdf"


async def test_an_album_is_one_message() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        await stand.gesture("photo", count=4)
        message = (await server.got(1))[0]["object"]["message"]
        assert [each["type"] for each in message["attachments"]] == ["photo"] * 4


async def test_a_document_is_named_by_its_key_or_without_one() -> None:
    async with standing() as stand:
        told = await _uploaded(stand, "docs.getMessagesUploadServer", "file", b"%PDF", peer_id=777)
        saved = (await stand.call("docs.save", file=told["file"], title="Чек"))["response"]
        doc = saved["doc"]
        assert (saved["type"], doc["title"], doc["ext"], doc["type"]) == ("doc", "Чек", "pdf", 1)
        name = f"doc{doc['owner_id']}_{doc['id']}"
        sending = {"peer_id": 777, "message": "вот"}
        for number, key in enumerate(("", f"_{doc['access_key']}"), start=1):
            await stand.call("messages.send", **sending, random_id=number, attachment=name + key)
        assert [bubble.text for bubble in stand.screen().bubbles] == ["вот\n📎 Чек"] * 2
        wrong = await stand.refused("messages.send", **sending, random_id=3, attachment=f"{name}_x")
        assert wrong[0] == 100
        assert (await stand.refused("docs.save", file=told["file"]))[0] == 105


async def test_an_upload_that_cannot_become_anything() -> None:
    async with standing() as stand:
        empty = await _uploaded(stand, "docs.getMessagesUploadServer", "file", b"")
        assert (await stand.refused("docs.save", file=empty["file"]))[0] == 105
        text = await _uploaded(stand, "photos.getMessagesUploadServer", "photo", b"no picture")
        refused = await stand.refused("photos.saveMessagesPhoto", **text)
        assert refused == (129, "Invalid photo")
        assert (await stand.refused("photos.saveMessagesPhoto", **text))[0] == 121
        server = (await stand.refused("photos.saveMessagesPhoto", **{**text, "server": 2}))[0]
        assert server == 118
        nothing = await _uploaded(stand, "photos.getMessagesUploadServer", "file", b"\x89PNG")
        assert "error" in nothing
        doc = await _uploaded(stand, "docs.getMessagesUploadServer", "file", b"\x89PNG")
        asked = {"photo": "[]", "server": 1, "hash": doc["file"]}
        assert (await stand.refused("photos.saveMessagesPhoto", **asked))[0] == 121
        async with stand.web.get(f"{stand.base}/vk/files/99") as answer:
            assert answer.status == 404


async def test_a_document_is_not_uploaded_for_somebody_who_cannot_get_it() -> None:
    async with standing() as stand:
        assert (await stand.refused("docs.getMessagesUploadServer", peer_id=778))[0] == 901
        assert (await stand.refused("docs.getMessagesUploadServer", type="video"))[0] == 100
