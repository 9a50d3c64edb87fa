"""Pictures and files of the Telegram emulator, as a real aiogram bot sees them."""

from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest
from aiogram.types import (
    BufferedInputFile,
)

from emulators.picture import plain_picture
from tests.emulators.telegram_stage import ANNA, BORIS, YES_NO, Stage, spans, stage

PICTURE = plain_picture(64, 48, (200, 30, 30))


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


async def test_a_photo_is_sent_kept_and_sent_again_by_id(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    scene.telegram.opened(BORIS)
    photo = BufferedInputFile(PICTURE, "sale.png")
    first = await scene.bot.send_photo(ANNA, photo, caption="<b>Скидка</b>", parse_mode="HTML")
    assert first.photo is not None
    size = first.photo[-1]
    assert (size.width, size.height, size.file_size) == (64, 48, len(PICTURE))
    assert spans(first.caption_entities) == [("bold", 0, 6)]

    second = await scene.bot.send_photo(BORIS, size.file_id)
    assert second.photo is not None
    assert second.photo[-1].file_unique_id == size.file_unique_id
    downloaded = await scene.bot.download(size.file_id)
    assert downloaded is not None
    assert downloaded.read() == PICTURE
    image = scene.last_bubble().image
    assert image is not None
    async with scene.http.get(scene.base + image) as response:
        assert await response.read() == PICTURE


async def test_a_photo_by_link_is_shown_but_never_fetched(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    await scene.bot.send_photo(ANNA, "https://example.com/sale.jpg")
    assert scene.last_bubble().image == "https://example.com/sale.jpg"


async def test_a_document_keeps_its_name(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    report = BufferedInputFile(b"a;b\n", "Отчёт.csv")
    sent = await scene.bot.send_document(ANNA, report, caption="за май")

    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("Отчёт.csv", 4)
    assert scene.accepted()[0].kind == "document"
    assert scene.last_bubble().text == "📎 Отчёт.csv\nза май"


async def test_a_persons_photo_can_be_downloaded(scene: Stage) -> None:
    await scene.does("photo", caption="вот чек")

    message = await scene.heard_message()
    assert message.caption == "вот чек"
    assert message.photo is not None
    downloaded = await scene.bot.download(message.photo[-1].file_id)
    assert downloaded is not None
    assert downloaded.read().startswith(b"\x89PNG")


async def test_a_copy_takes_a_new_caption_and_buttons(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    photo = await scene.bot.send_photo(ANNA, BufferedInputFile(PICTURE, "a.png"), caption="было")
    await scene.bot.copy_message(ANNA, ANNA, photo.message_id, caption="стало", reply_markup=YES_NO)

    bubble = scene.last_bubble()
    assert (bubble.text, len(bubble.keys)) == ("стало", 2)
    assert [entry.kind for entry in scene.accepted()] == ["photo", "photo"]


async def test_wrong_files(scene: Stage) -> None:
    for photo, why in (
        ("", "there is no photo in the request"),
        ("AgADwrong", "wrong file_id or the file is temporarily unavailable"),
        ("ftp://a.ru/x.png", "wrong HTTP URL specified"),
    ):
        _, body = await scene.calls("sendPhoto", chat_id=ANNA, photo=photo)
        assert body["description"] == f"Bad Request: {why}"
    _, body = await scene.calls("getFile", file_id="AgADwrong")
    assert body["description"] == "Bad Request: invalid file_id"


async def test_an_upload_beyond_telegrams_limit(scene: Stage) -> None:
    form = aiohttp.FormData({"chat_id": str(ANNA)})
    content = BytesIO(b"GIF8" + bytes(10 * 2**20))
    form.add_field("photo", content, filename="big.gif")
    url = f"{scene.base}/telegram/bot{scene.telegram.settings.token}/sendPhoto"
    async with scene.http.post(url, data=form) as response:
        body = await response.json()
    assert body["description"] == (
        "Bad Request: file of size 10485764 bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )


async def test_a_file_that_is_too_large_to_fetch(scene: Stage) -> None:
    form = aiohttp.FormData({"chat_id": str(ANNA)})
    form.add_field("document", BytesIO(bytes(20 * 2**20 + 1)), filename="big.bin")
    scene.telegram.opened(ANNA)
    url = f"{scene.base}/telegram/bot{scene.telegram.settings.token}/sendDocument"
    async with scene.http.post(url, data=form) as response:
        file_id = (await response.json())["result"]["document"]["file_id"]
    _, body = await scene.calls("getFile", file_id=file_id)
    assert body["description"] == "Bad Request: file is too big"
