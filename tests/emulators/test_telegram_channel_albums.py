"""Our Telegram channel against the emulated Bot API: albums, changed pictures, people's edits."""

from tests.emulators.telegram_rehearsal import reference, started, text
from vestnik.inbound import Edited
from vestnik.outbound import File, Media, MediaKind
from vestnik.outcome import Sent

# The smallest PNG: one grey point.
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a4944415478da636800000082008177cd72b60000000049454e44ae426082"
)


def picture(name: str) -> File:
    return File(name, "image/png", POINT + name.encode())


def media(kind: MediaKind, *keys: str) -> tuple[Media, ...]:
    return tuple(Media(kind, file=key) for key in keys)


async def test_album_goes_up_once_and_then_by_its_ids() -> None:
    async with started() as rehearsal:
        files = {"a": picture("a.png"), "b": picture("b.png")}
        sent = await rehearsal.says(text("Меню", media=media("image", "a", "b")), files=files)
        assert isinstance(sent, Sent), sent
        assert sent.uploads.keys() == {"a", "b"}
        ids = [sent.uploads[key].id for key in ("a", "b")]
        assert ids[0] != ids[1]
        album = tuple(Media("image", id=known) for known in ids)
        again = await rehearsal.says(text("Снова", media=album))
        assert isinstance(again, Sent)
        assert not again.uploads


async def test_picture_takes_the_place_of_a_picture() -> None:
    async with started() as rehearsal:
        files = {"a": picture("a.png")}
        first = reference(
            await rehearsal.says(text("Латте", media=media("image", "a")), files=files)
        )
        second = text("Раф", media=media("image", "b"), replaces=first)
        changed = await rehearsal.says(second, files={"b": picture("b.png")})
        assert isinstance(changed, Sent), changed
        assert changed.reference == first
        assert "b" in changed.uploads
        bubble = rehearsal.stage.last_bubble()
        assert (bubble.id, bubble.text) == (first, "Раф")


async def test_edited_words_are_heard() -> None:
    async with started() as rehearsal:
        said = await rehearsal.stage.does("say", text="завтра в 9")
        await rehearsal.hears()
        await rehearsal.stage.does("edit", message=said["message"], text="завтра в 10")
        event = await rehearsal.hears()
        assert isinstance(event, Edited)
        assert (event.text, event.reference) == ("завтра в 10", said["message"])
