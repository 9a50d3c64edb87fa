"""Files that go up to Meta before a message, and files of people that come down."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bots.whatsapp.files import LONGEST_FILE
from tests.bots.tables import Answer
from tests.bots.whatsapp_business import (
    APP_SECRET,
    BY_NUMBER,
    HIDDEN,
    TOKEN,
    business,
    error,
    talking,
    text,
)
from vestnik.abilities import FileMissing, Files
from vestnik.outbound import File, Media, MediaKind, Send
from vestnik.outcome import Rejected, SendResult, Sent, Temporary, Throttled

MENU = File("Меню.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")
TAKEN = Answer({"messages": [{"id": "wamid.OUT"}]})
UPLOADED = Answer({"id": "4490709327384033"})


def showing(kind: MediaKind = "document", file: File = MENU, **more: Any) -> Send:
    media = Media(kind, file="k1")
    return Send(
        **{"address": BY_NUMBER, "files": {"k1": file}, **more}, outbound=text("", media=(media,))
    )


async def test_a_file_goes_up_before_its_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with talking(UPLOADED, TAKEN) as (channel, stub):
        (result,) = await channel.send([showing()])
    up, said = stub.requests
    assert (up.method, up.path) == ("POST", "/v26.0/1065/media")
    assert up.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    for part in (
        b'name="messaging_product"\r\n\r\nwhatsapp',
        b'name="type"\r\n\r\napplication/pdf',
    ):
        assert part in up.body
    assert MENU.content in up.body
    assert said.json["document"] == {"id": "4490709327384033", "filename": "Меню.pdf"}
    assert isinstance(result, Sent)
    known = result.uploads["k1"]
    assert known.id == "4490709327384033 Меню.pdf"
    assert known.until is not None
    left = known.until - datetime.now(UTC)
    assert timedelta(days=28) < left < timedelta(days=30)
    assert TOKEN not in caplog.text + repr(result)


async def test_a_batch_brings_a_file_up_once() -> None:
    batch = [showing(), showing(address=HIDDEN)]
    async with talking(UPLOADED, TAKEN) as (channel, stub):
        results = await channel.send(batch)
    assert [isinstance(it, Sent) and it.uploads["k1"].id for it in results] == [
        "4490709327384033 Меню.pdf"
    ] * 2
    assert [it.path.rpartition("/")[2] for it in stub.requests] == ["media", "messages", "messages"]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(error(131053), 400), Temporary("131053")),
        (Answer(error(100), 400), Rejected("100", "why")),
        (Answer(error(130429), 429), Throttled(5.0)),
        (Answer(error(131000), 500), Temporary("131000")),
        (Answer(b"<html>", 502), Temporary("http_502")),
        (Answer({}), Temporary("http_200")),
        (Answer(fault="close"), Temporary("ServerDisconnectedError")),
    ],
)
async def test_a_file_that_does_not_go_up_leaves_the_message_unsent(
    answer: Answer, result: SendResult
) -> None:
    async with talking(answer, TAKEN) as (channel, stub):
        assert list(await channel.send([showing()])) == [result]
    assert len(stub.requests) == 1


async def test_a_file_too_large_does_not_go_up() -> None:
    large = File("a.png", "image/png", bytes(5 * 2**20 + 1))
    async with talking(UPLOADED, TAKEN) as (channel, stub):
        results = list(await channel.send([showing("image", large)]))
    assert results == [Rejected("image_over_5242880_bytes")]
    assert stub.requests == []


async def test_a_file_that_meta_knows_stays_where_it_is() -> None:
    media = Media("image", id="7", file="k1")
    send = Send(BY_NUMBER, text("", media=(media,)), files={"k1": MENU})
    async with talking(TAKEN) as (channel, stub):
        assert list(await channel.send([send])) == [Sent("wamid.OUT")]
    assert stub.requests[0].json["image"] == {"id": "7"}


@pytest.mark.parametrize("kind", ["document", "image"])
async def test_a_known_document_keeps_its_name(kind: MediaKind) -> None:
    async with talking(UPLOADED, TAKEN) as (channel, stub):
        (first,) = await channel.send([showing(kind)])
        assert isinstance(first, Sent)
        known = Media(kind, id=first.uploads["k1"].id)
        await channel.send([Send(HIDDEN, text("", media=(known,)))])
    _, by_content, by_id = stub.requests
    assert by_id.json[kind] == by_content.json[kind]
    assert by_id.json[kind].get("filename") == ("Меню.pdf" if kind == "document" else None)


def described(url: str, **more: Any) -> Answer:
    return Answer({"url": url, "mime_type": "image/png", "id": "10033", **more})


async def test_a_file_comes_down(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with talking() as (channel, stub):
        stub.answers = [described(f"{stub.url}/attachments/1?hash=a%2Fb%3D"), Answer(b"\x89PNG")]
        assert isinstance(channel, Files)
        assert await channel.fetch("10033") == File("10033.png", "image/png", b"\x89PNG")
    asked, down = stub.requests
    assert (asked.method, asked.path) == ("GET", "/v26.0/10033")
    assert (down.method, down.path, down.query["hash"]) == ("GET", "/attachments/1", "a/b=")
    assert down.headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in caplog.text
    assert APP_SECRET not in caplog.text


AT = "{url}/1"
MISSING: dict[str, tuple[str, Answer, str]] = {
    "gone": ("", Answer(error(100, error_subcode=33), 400), r"code 100"),
    "no_address": ("", Answer({"mime_type": "image/png"}), "where the file is"),
    "another_scheme": ("ftp://127.0.0.1/1", Answer(), "where the file is"),
    "no_host": ("http:///1", Answer(), "where the file is"),
    "somebody_else_s": ("http://us:pass@127.0.0.1/1", Answer(), "where the file is"),
    "odd_address": ("http://[", Answer(), "where the file is"),
    "expired": (AT, Answer(b"URL signature expired", 404), "HTTP 404"),
    "sent_elsewhere": (AT, Answer(b"", 302, {"Location": "http://127.0.0.1:1/"}), "HTTP 302"),
    "too_long": (AT, Answer(bytes(LONGEST_FILE + 1)), "longer than 20971520 bytes"),
    "broken_off": (AT, Answer(fault="close"), "cannot be reached"),
}


@pytest.mark.parametrize("name", MISSING)
async def test_a_file_that_meta_does_not_give(name: str) -> None:
    url, answer, why = MISSING[name]
    async with talking(answer) as (channel, stub):
        if url:
            stub.answers = [described(url.format(url=stub.url)), answer]
        assert isinstance(channel, Files)
        with pytest.raises(FileMissing, match=why) as missing:
            await channel.fetch("10033")
    assert TOKEN not in str(missing.value)
    assert "127.0.0.1" not in str(missing.value)


@pytest.mark.parametrize("media_id", ["", "../1022", "1065/messages", "1?access_token=x", "я"])
async def test_what_is_no_id_is_not_asked_for(media_id: str) -> None:
    with pytest.raises(FileMissing, match="no id"):
        await business().fetch(media_id)
