"""Albums and every kind of file of the Telegram emulator, as a real aiogram bot sees them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.types import (
    BufferedInputFile,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
)

from emulators.picture import plain_picture
from emulators.telegram.media import KINDS
from tests.emulators.telegram_stage import ANNA, BORIS, YES_NO, Stage, spans, stage

PICTURE = plain_picture(64, 48, (200, 30, 30))
PHOTO = {"type": "photo", "media": "https://example.com/a.jpg"}
FILE = {"type": "document", "media": "https://example.com/a.pdf"}


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        ready.telegram.opened(BORIS)
        yield ready


async def album(scene: Stage) -> list[Message]:
    """An uploaded photo and a video by link."""
    photo = InputMediaPhoto(
        media=BufferedInputFile(PICTURE, "a.png"), caption="*Весна*", parse_mode="MarkdownV2"
    )
    video = InputMediaVideo(media="https://example.com/b.mp4", duration=7, has_spoiler=True)
    return await scene.bot.send_media_group(ANNA, [photo, video])


async def test_an_album_is_several_messages_with_one_name(scene: Stage) -> None:
    photo, video = await album(scene)

    assert photo.media_group_id
    assert photo.media_group_id == video.media_group_id
    assert (photo.caption, spans(photo.caption_entities)) == ("Весна", [("bold", 0, 5)])
    assert video.video is not None
    assert (video.video.duration, video.has_media_spoiler, video.caption) == (7, True, None)
    entries = scene.accepted()
    assert [(entry.kind, entry.text) for entry in entries] == [("photo", "Весна"), ("video", "")]
    assert {entry.detail["album"] for entry in entries} == {photo.media_group_id}
    shown, film = scene.screen().bubbles
    assert shown.image is not None
    async with scene.http.get(scene.base + shown.image) as response:
        assert await response.read() == PICTURE
    assert film.text == "🎬 b.mp4"


async def test_an_album_by_id_has_no_buttons(scene: Stage) -> None:
    photo, _ = await album(scene)
    assert photo.photo is not None
    media = [{"type": "photo", "media": photo.photo[-1].file_id}] * 10
    _, body = await scene.calls(
        "sendMediaGroup", chat_id=BORIS, media=media, reply_markup=YES_NO.model_dump(mode="json")
    )
    assert [message["photo"][0]["file_size"] for message in body["result"]] == [len(PICTURE)] * 10
    bubbles = scene.screen(BORIS).bubbles
    assert [bubble.keys for bubble in bubbles] == [[]] * 10
    assert all(bubble.image for bubble in bubbles)


@pytest.mark.parametrize(
    ("media", "why"),
    [
        (None, "can't parse media JSON object"),
        ("", 'parameter "media" is required'),
        ({}, "expected an Array of InputMedia"),
        ([], "there are no messages to send"),
        ([PHOTO], "too few messages to send as an album"),
        ([PHOTO] * 11, "too many messages to send as an album"),
        ([PHOTO, FILE], "document can't be mixed with other media types"),
        (
            [PHOTO, FILE | {"type": "audio"}],
            "audio can't be mixed with other media types",
        ),
        (
            [PHOTO, PHOTO | {"show_caption_above_media": True}],
            "parameter show_caption_above_media must be the same for all messages",
        ),
        (
            [PHOTO, PHOTO | {"type": "animation"}],
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
        ([PHOTO, PHOTO | {"type": "gif"}], 'can\'t parse InputMedia: type "gif" is unsupported'),
        ([PHOTO, {"media": "x"}], "can't parse InputMedia: Can't find field \"type\""),
        ([PHOTO, "photo"], "can't parse InputMedia: expected an Object"),
        ([PHOTO, {"type": "photo"}], "can't parse InputMedia: media not found"),
        (
            [PHOTO, {"type": "photo", "media": "attach://none"}],
            "can't parse InputMedia: media not found",
        ),
        (
            [PHOTO, PHOTO | {"has_spoiler": "yes"}],
            'can\'t parse InputMedia: Field "has_spoiler" must be of type Boolean',
        ),
        (
            [PHOTO, {"type": "video", "media": "https://a.ru/b.mp4", "width": "wide"}],
            'can\'t parse InputMedia: Field "width" must be a valid Number',
        ),
        (
            [PHOTO, PHOTO | {"caption": "<b>", "parse_mode": "HTML"}],
            "can't parse InputMedia: Can't parse entities: Can't find end tag corresponding to "
            'start tag "b"',
        ),
        ([PHOTO, PHOTO | {"caption": "я" * 1025}], "message caption is too long"),
        (
            [PHOTO, PHOTO | {"media": "AgADx"}],
            "wrong file_id or the file is temporarily unavailable",
        ),
    ],
)
async def test_albums_that_cannot_be(scene: Stage, media: Any, why: str) -> None:
    told = "[" if media is None else media
    status, body = await scene.calls("sendMediaGroup", chat_id=ANNA, media=told)
    assert (status, body["description"]) == (400, f"Bad Request: {why}")
    assert scene.accepted() == []


async def test_documents_among_themselves(scene: Stage) -> None:
    files = [BufferedInputFile(content, f"{content.decode()}.csv") for content in (b"a", b"b")]
    sent = await scene.bot.send_media_group(ANNA, [InputMediaDocument(media=it) for it in files])
    assert [it.document.file_name for it in sent if it.document] == ["a.csv", "b.csv"]


async def test_every_kind_is_sent_and_sent_again_by_id(scene: Stage) -> None:
    bot, raw = scene.bot, BufferedInputFile(b"\0" * 9, "a.bin")
    video = await bot.send_video(ANNA, raw, width=20_000, height=10, duration=3, caption="раз")
    audio = await bot.send_audio(ANNA, raw, title="Песня", performer="Хор")
    voice = await bot.send_voice(ANNA, raw, duration=4)
    animation = await bot.send_animation(ANNA, raw)

    assert video.video is not None
    assert (video.video.width, video.video.duration, video.caption) == (10_000, 3, "раз")
    assert audio.audio is not None
    assert (audio.audio.title, audio.audio.performer) == ("Песня", "Хор")
    assert voice.voice is not None
    assert animation.animation is not None
    assert animation.document is not None
    again = await bot.send_voice(BORIS, voice.voice.file_id)
    assert again.voice is not None
    assert again.voice.file_unique_id == voice.voice.file_unique_id
    _, body = await scene.calls("sendPhoto", chat_id=ANNA, photo=voice.voice.file_id)
    assert body["description"] == "Bad Request: can't use file of type Voice as Photo"
    sticker = await bot.send_sticker(ANNA, BufferedInputFile(b"\0", "a.tgs"))
    assert sticker.sticker is not None
    assert (sticker.sticker.is_animated, sticker.sticker.is_video) == (True, False)
    note = await bot.send_video_note(ANNA, raw, length=240)
    assert note.video_note is not None
    body = {"chat_id": ANNA, "message_id": note.message_id, "caption": "подпись"}
    _, body = await scene.calls("editMessageCaption", **body)
    assert body["description"] == "Bad Request: there is no caption in the message to edit"
    kinds = [entry.kind for entry in scene.accepted()]
    assert kinds == ["video", "audio", "voice", "animation", "voice", "sticker", "video_note"]


async def test_a_picture_takes_the_place_of_another_and_of_a_text(scene: Stage) -> None:
    photo, _ = await album(scene)
    text = await scene.bot.send_message(ANNA, "привет")
    new = InputMediaPhoto(media="https://example.com/new.jpg", caption="стало")
    for message in (photo, text):
        edited = await scene.bot.edit_message_media(
            new, chat_id=ANNA, message_id=message.message_id
        )
        assert isinstance(edited, Message)
        assert (edited.caption, edited.text) == ("стало", None)
        bubble = scene.world.screens.find("telegram", str(ANNA), str(message.message_id))
        assert bubble is not None
        assert (bubble.image, bubble.text) == ("https://example.com/new.jpg", "стало")
    for media, why in (
        (PHOTO | {"media": new.media, "caption": "стало"}, "message is not modified"),
        (FILE, "can't use the media of the specified type in the album"),
        ("{", "can't parse input media JSON object"),
        ({"type": "voice", "media": "x"}, 'can\'t parse InputMedia: type "voice" is unsupported'),
    ):
        _, body = await scene.calls(
            "editMessageMedia", chat_id=ANNA, message_id=photo.message_id, media=media
        )
        assert body["description"].startswith(f"Bad Request: {why}")


async def test_an_album_from_a_person_is_several_updates(scene: Stage) -> None:
    told = await scene.does("media", kind="video", count=3, caption="смотрите")
    messages = [update.message for update in await scene.heard()]
    assert [str(message.message_id) for message in messages if message] == told["messages"]
    assert len({message.media_group_id for message in messages if message}) == 1
    assert [message.caption for message in messages if message] == ["смотрите", None, None]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_people_send_can_be_fetched(scene: Stage, kind: str) -> None:
    await scene.does("media", kind=kind)
    media = getattr(await scene.heard_message(), kind)
    file = await scene.bot.get_file((media[-1] if kind == "photo" else media).file_id)
    assert file.file_path is not None
    downloaded = await scene.bot.download_file(file.file_path)
    assert downloaded is not None
    assert len(downloaded.read()) == file.file_size


async def test_gestures_with_files_are_strict(scene: Stage) -> None:
    many: list[dict[str, Any]] = [{"kind": "photo", "count": 11}, {"kind": "sticker", "count": 2}]
    for told in ({"kind": "hologram"}, {}, *many):
        assert (await scene.tries("media", **told))[0] == 400
    status, _ = await scene.tries("location", latitude="там", longitude=1)
    assert status == 400
    await scene.does("location", latitude=55.75, longitude=37.6)
    place = (await scene.heard_message()).location
    assert place is not None
    assert (place.latitude, place.longitude) == (55.75, 37.6)
