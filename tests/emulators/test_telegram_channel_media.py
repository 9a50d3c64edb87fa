"""Our Telegram channel against the emulated Bot API: files, replacements, reactions, colours."""

from collections.abc import AsyncIterator

import pytest

from tests.emulators.telegram_rehearsal import Rehearsal, reference, started, text
from vestnik.abilities import FileMissing
from vestnik.inbound import MediaReceived, Reacted
from vestnik.outbound import Button, ContactButton, CopyButton, File, Media, Seen
from vestnik.outcome import Sent

BILL = File("счёт.pdf", "application/pdf", b"%PDF-1.7 a bill")


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with started() as ready:
        yield ready


async def test_file_goes_up_once_and_then_by_its_id(rehearsal: Rehearsal) -> None:
    bill = text("Счёт", media=(Media("document", file="bill"),))
    sent = await rehearsal.says(bill, files={"bill": BILL})
    assert isinstance(sent, Sent)
    known = sent.uploads["bill"].id
    again = await rehearsal.says(text("Ещё раз", media=(Media("document", id=known),)))
    assert isinstance(again, Sent)
    assert not again.uploads
    fetched = await rehearsal.channel.fetch(known)
    assert (fetched.type, fetched.content) == (BILL.type, BILL.content)


async def test_picture_that_somebody_sent_is_fetched(rehearsal: Rehearsal) -> None:
    await rehearsal.stage.does("photo", caption="чек")
    received = await rehearsal.hears()
    assert isinstance(received, MediaReceived)
    assert received.media_id is not None
    picture = await rehearsal.channel.fetch(received.media_id)
    assert picture.type == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    with pytest.raises(FileMissing):
        await rehearsal.channel.fetch("nobody's")


async def test_last_message_is_replaced_in_its_place(rehearsal: Rehearsal) -> None:
    first = reference(await rehearsal.says(text("Кофе?", Button("Да", "yes"))))
    second = text("Какой?", Button("Латте", "latte"), replaces=first)
    assert await rehearsal.says(second) == Sent(first)
    assert await rehearsal.says(second) == Sent(first)  # as it was is no harm
    bubble = rehearsal.stage.last_bubble()
    assert (bubble.id, bubble.text, bubble.keys[0][0].label) == (first, "Какой?", "Латте")


async def test_what_cannot_be_replaced_is_said_anew(rehearsal: Rehearsal) -> None:
    picture = text("Меню", media=(Media("image", url="https://c.example/menu.png"),))
    shown = reference(await rehearsal.says(picture))
    anew = reference(await rehearsal.says(text("Какой?", replaces=shown)))
    assert anew != shown
    asked = text("Телефон?", ContactButton("Дать"), replaces=anew)
    last = reference(await rehearsal.says(asked))
    assert last not in (shown, anew)
    nowhere = reference(await rehearsal.says(text("Спасибо", replaces="999999")))
    assert nowhere not in (shown, anew, last)
    assert rehearsal.stage.last_bubble().text == "Спасибо"


async def test_lost_quote_does_not_keep_a_reply_back(rehearsal: Rehearsal) -> None:
    assert isinstance(await rehearsal.says(text("Да", reply_to="999999")), Sent)


async def test_colours_and_a_code_to_copy(rehearsal: Rehearsal) -> None:
    buttons = (
        Button("Да", "y", "positive"),
        Button("Нет", "n", "negative"),
        CopyButton("Код", "A1"),
    )
    assert isinstance(await rehearsal.says(text("?", *buttons)), Sent)
    labels = [key.label for row in rehearsal.stage.last_bubble().keys for key in row]
    assert labels == ["Да", "Нет", "Код"]


async def test_typing_is_shown_and_nothing_is_said(rehearsal: Rehearsal) -> None:
    assert await rehearsal.says(Seen("1")) == Sent("")
    assert await rehearsal.says(Seen("1", typing=False)) == Sent("")
    assert rehearsal.stage.accepted() == []


async def test_reaction_is_heard_and_taken_away(rehearsal: Rehearsal) -> None:
    sent = reference(await rehearsal.says(text("Нравится?")))
    for emoji in ("👍", ""):
        await rehearsal.stage.does("react", message=sent, emoji=emoji)
        event = await rehearsal.hears()
        assert isinstance(event, Reacted)
        assert (event.emoji, event.reference) == (emoji, sent)


async def test_link_starts_the_emulated_bot(rehearsal: Rehearsal) -> None:
    link = await rehearsal.channel.link("spring-26")
    assert link == "https://t.me/vestnik_demo_bot?start=spring-26"
