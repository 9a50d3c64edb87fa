"""VK goes out with files of ours: uploaded once, before anything is sent."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bots.tables import Answer, Stub
from tests.bots.vk.speaking import (
    TAKEN,
    TOKEN,
    asked,
    calls,
    item_of,
    refused,
    says,
    scripted,
    speaking,
    taken,
    to,
)
from vestnik.outbound import Button, Card, Edit, File, Media, Text
from vestnik.outcome import (
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    Upload,
)

PNG = File("меню.png", "image/png", b"\x89PNG\r\n")
PDF = File("меню.pdf", "application/pdf", b"%PDF")
OGG = File("ответ.ogg", "audio/ogg", b"OggS")
RIGHT = "a-right-to-upload"
UPLOADED = Answer({"server": 7, "photo": '[{"photo":"x"}]', "hash": "h"})
SAVED = Answer({"response": [{"id": 3, "owner_id": -200001, "access_key": "k"}]})
PHOTO = "photo-200001_3_k"
FILED = Answer({"file": "5001|0|f"})
MENU = says("Меню", media=(Media("image", file="m1"),))
FILES = {"m1": PNG}


@pytest.fixture(autouse=True)
def secrets_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text
    assert RIGHT not in caplog.text


def server(vk: Stub, path: str = "/up") -> Answer:
    return Answer({"response": {"upload_url": f"{vk.url}{path}?right={RIGHT}"}})


def paths(vk: Stub) -> list[str]:
    return [request.path.removeprefix("/method/") for request in vk.requests]


def document(kind: str) -> Answer:
    return Answer({"response": {"type": kind, kind: {"id": 5, "owner_id": 5001}}})


async def test_picture_becomes_a_photo() -> None:
    async with speaking() as (vk, community):
        vk.answers = [server(vk), UPLOADED, SAVED, TAKEN]
        sent = await community.send([to("5001", MENU, files=FILES)])
    assert sent == [Sent("17", uploads={"m1": Upload(PHOTO)})]
    assert paths(vk) == [
        "photos.getMessagesUploadServer",
        "/up",
        "photos.saveMessagesPhoto",
        "messages.send",
    ]
    upload = vk.requests[1]
    assert upload.query["right"] == RIGHT
    assert b'name="photo"' in upload.body
    assert PNG.content in upload.body
    assert TOKEN.encode() not in upload.body
    assert asked(vk.requests[2]) == {"server": "7", "photo": '[{"photo":"x"}]', "hash": "h"}
    assert asked(vk.requests[3])["attachment"] == PHOTO


@pytest.mark.parametrize(
    ("media", "file", "kind", "name"),
    [
        (Media("document", file="f"), PDF, "doc", "doc5001_5"),
        (Media("video", file="f"), PDF, "doc", "doc5001_5"),
        (Media("voice", file="f"), OGG, "audio_message", "audio_message5001_5"),
    ],
)
async def test_other_files_become_documents(media: Media, file: File, kind: str, name: str) -> None:
    async with speaking() as (vk, community):
        vk.answers = [server(vk), FILED, document(kind), TAKEN]
        item = to("5001", says("", media=(media,)), files={"f": file})
        assert await community.send([item]) == [Sent("17", uploads={"f": Upload(name)})]
    where, upload, save, send = vk.requests
    assert asked(where) == {"type": kind, "peer_id": "5001"}
    assert b'name="file"' in upload.body
    assert asked(save) == {"file": "5001|0|f", "title": file.name}
    assert asked(send)["attachment"] == name


async def test_album_goes_in_its_order_and_known_files_as_they_are() -> None:
    known = Media("image", id="photo-1_2", file="m0")
    both = says("", media=(known, Media("image", file="m1")))
    async with speaking() as (vk, community):
        vk.answers = [server(vk), UPLOADED, SAVED, TAKEN]
        sent = await community.send([to("5001", both, files=FILES)])
    assert sent == [Sent("17", uploads={"m1": Upload(PHOTO)})]
    assert asked(vk.requests[-1])["attachment"] == f"photo-1_2,{PHOTO}"


async def test_card_shows_an_uploaded_photo() -> None:
    button = Button("Взять", "take")
    cards = says("Меню", cards=(Card("Латте", media=Media("image", file="m1"), buttons=(button,)),))
    async with speaking() as (vk, community):
        vk.answers = [server(vk), UPLOADED, SAVED, TAKEN]
        sent = await community.send([to("5001", cards, files=FILES)])
    assert sent == [Sent("17", uploads={"m1": Upload(PHOTO)})]
    (element,) = json.loads(asked(vk.requests[-1])["template"])["elements"]
    assert element["photo_id"] == "-200001_3"


async def test_file_is_uploaded_once_for_all_who_get_it() -> None:
    batch = [to(f"{n}", says(f"{n}", media=MENU.media), f"{n}", files=FILES) for n in range(1, 31)]
    async with speaking() as (vk, community):
        vk.answers = [server(vk), UPLOADED, SAVED, Answer({"response": "?"})]
        await community.send(batch)
        vk.answers = [server(vk), UPLOADED, SAVED, scripted(17, 18)]
        results = await community.send(batch[:2])
    assert paths(vk)[3:5] == ["execute", "execute"]
    assert {each["attachment"] for it in vk.requests[3:5] for each in calls(it)} == {PHOTO}
    uploads = {"m1": Upload(PHOTO)}
    assert results == [Sent("17", uploads=uploads), Sent("18", uploads=uploads)]


async def test_file_is_uploaded_once_for_one_request_of_many() -> None:
    async with speaking() as (vk, community):
        vk.answers = [server(vk), UPLOADED, SAVED, taken(item_of(1), item_of(2))]
        batch = [to(f"{n}", MENU, files=FILES) for n in (1, 2)]
        uploads = {"m1": Upload(PHOTO)}
        assert await community.send(batch) == [
            Sent("901", uploads=uploads),
            Sent("902", uploads=uploads),
        ]
    assert asked(vk.requests[-1])["peer_ids"] == "1,2"


async def test_edit_may_bring_a_file() -> None:
    async with speaking() as (vk, community):
        vk.answers = [server(vk), UPLOADED, SAVED, Answer({"response": 1})]
        (result,) = await community.send([to("5001", Edit("11", MENU), files=FILES)])
    assert result == Sent("11", uploads={"m1": Upload(PHOTO)})
    assert asked(vk.requests[-1])["attachment"] == PHOTO


def after(*answers: Answer, at: str = "server") -> list[Any]:
    """Answers up to a failure; "server" stands for the upload server's address."""
    return [*{"server": (), "upload": ("server",), "save": ("server", UPLOADED)}[at], *answers]


BAD_PICTURE = "VK takes 'меню.png' for no picture"
FAILURES: dict[str, tuple[list[Any], SendResult]] = {
    "no_server_now": (after(refused(43)), Temporary("43")),
    "inside_vk": (after(refused(10)), Temporary("10")),
    "throttled": (after(refused(6)), Throttled(1)),
    "token_revoked": (after(refused(5)), ChannelDown("VK error 5: no")),
    "not_allowed": (after(refused(901)), Unreachable("not_allowed", "901")),
    "no_address": (after(Answer({"response": {}})), Temporary("upload_unreadable")),
    "address_of_another_kind": (
        after(Answer({"response": {"upload_url": "ftp://vk.example"}})),
        Temporary("NonHttpUrlClientError"),
    ),
    "half_an_address": (
        after(Answer({"response": {"upload_url": "http://"}})),
        Temporary("upload_address"),
    ),
    "server_error": (after(Answer("<html>", 502), at="upload"), Temporary("http_502")),
    "too_large": (after(Answer("", 413), at="upload"), Temporary("http_413")),
    "hung_up": (after(Answer(fault="close"), at="upload"), Temporary("ServerDisconnectedError")),
    "redirected": (
        after(Answer("", 302, {"Location": "/elsewhere"}), at="upload"),
        Temporary("JSONDecodeError"),
    ),
    "without_an_end": (after(Answer(b"9" * 200_000), at="upload"), Temporary("ValueError")),
    "no_picture": (
        after(Answer({"server": 7, "photo": "[]", "hash": "h"}), at="upload"),
        Rejected("upload", BAD_PICTURE),
    ),
    "refused": (
        after(Answer({"error": "ERR_UPLOAD_BAD_IMAGE_SIZE"}), at="upload"),
        Rejected("upload", "ERR_UPLOAD_BAD_IMAGE_SIZE"),
    ),
    "answer_of_another_kind": (after(Answer([1]), at="upload"), Temporary("upload_unreadable")),
    "not_saved": (
        after(refused(129, "Invalid photo"), at="save"),
        Rejected("129", "Invalid photo"),
    ),
    "not_saved_now": (after(refused(121), at="save"), Temporary("121")),
    "saved_as_nothing": (
        after(Answer({"response": []}), at="save"),
        Temporary("upload_unreadable"),
    ),
    "saved_without_a_number": (
        after(Answer({"response": [{"id": "x", "owner_id": 1}]}), at="save"),
        Temporary("upload_unreadable"),
    ),
}


@pytest.mark.parametrize("label", FAILURES)
async def test_nothing_is_sent_when_the_upload_fails(label: str) -> None:
    answers, result = FAILURES[label]
    async with speaking() as (vk, community):
        vk.answers = [server(vk) if it == "server" else it for it in answers]
        assert await community.send([to("5001", MENU, files=FILES)]) == [result]
    assert len(vk.requests) == len(answers)
    assert not [path for path in paths(vk) if path in ("messages.send", "execute", "/elsewhere")]
    assert RIGHT not in repr(result)


async def test_what_failed_is_not_tried_again_for_the_others() -> None:
    batch = [to(f"{n}", says(f"{n}", media=MENU.media), f"{n}", files=FILES) for n in range(1, 6)]
    async with speaking(refused(43)) as (vk, community):
        assert await community.send(batch) == [Temporary("43")] * 5
    assert len(vk.requests) == 1


async def test_file_of_one_does_not_hold_up_the_others() -> None:
    lost = Text(says("?").body, media=(Media("image", file="nowhere"),))
    batch = [to("1", lost, "1"), to("2", says("Да"), "2"), to("3", says("Нет"), "3")]
    async with speaking(scripted([item_of(2)], [item_of(3)])) as (_, community):
        assert await community.send(batch) == [
            Rejected("file_missing", "nobody gave the file 'nowhere'"),
            Sent("902"),
            Sent("903"),
        ]
