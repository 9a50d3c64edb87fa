"""Our WhatsApp channel against the emulated Cloud API: what people do, and what they see."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots import whatsapp
from tests.emulators.whatsapp_rehearsal import Rehearsal, greeted, rehearsing, text
from tests.emulators.whatsapp_stage import ANNA, BORIS, SETTINGS
from vestnik.address import Address
from vestnik.channel import Unreadable
from vestnik.fit import fit
from vestnik.inbound import (
    Allowed,
    ButtonPressed,
    ContactShared,
    MediaReceived,
    Moved,
    Reacted,
    Stopped,
    TextReceived,
)
from vestnik.outbound import Button, ContactButton, LinkButton, Template, Text
from vestnik.outcome import Rejected, Unreachable
from vestnik.richtext import RichText, Span


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with greeted() as ready:
        yield ready


async def test_a_text_with_everything_that_json_escapes(rehearsal: Rehearsal) -> None:
    words = "a@b.ru 100% <ok> https://x.y/z 😀 ж"
    message = (await rehearsal.does("say", text=words))["message"]
    heard = await rehearsal.door.hears(TextReceived, lambda it: it.text == words)
    assert heard.event_id == f"msg:{message}"
    assert heard.address == Address(whatsapp.NAME, "main", ANNA.bsuid)
    assert heard.author.phone == ANNA.phone
    assert heard.author.name == ANNA.name


async def test_somebody_with_a_user_name_shows_no_number(rehearsal: Rehearsal) -> None:
    heard = await rehearsal.door.hears(TextReceived, lambda it: it.author.name == BORIS.name)
    assert heard.address.handle == BORIS.bsuid
    assert heard.author.phone is None
    await rehearsal.sent(text("По имени"), BORIS)
    assert rehearsal.screen(BORIS)[-1].text == "По имени"


async def test_a_number_is_asked_for_and_shared(rehearsal: Rehearsal) -> None:
    asking = text("Ваш номер?", ContactButton("Поделиться"), Button("Не хочу", "no"))
    message = await rehearsal.sent(asking, BORIS)
    assert rehearsal.screen(BORIS)[-1].text == "Ваш номер?\n\n1. Не хочу"
    await rehearsal.does("press", BORIS, message=message)
    shared = await rehearsal.door.hears(ContactShared)
    assert (shared.phone, shared.own) == (BORIS.phone, True)


async def test_a_picture_a_place_and_a_poll(rehearsal: Rehearsal) -> None:
    for gesture in ("photo", "location", "poll"):
        await rehearsal.does(gesture)
    await rehearsal.door.hears(MediaReceived, lambda it: it.kind == "other")
    media = [it.kind for it in rehearsal.door.heard if isinstance(it, MediaReceived)]
    assert media == ["image", "location", "other"]


async def test_a_reaction_comes_and_goes(rehearsal: Rehearsal) -> None:
    message = await rehearsal.sent(text("Спасибо"))
    for emoji in ("❤️", ""):
        await rehearsal.does("react", message=message, emoji=emoji)
    await rehearsal.door.hears(Reacted, lambda it: not it.emoji)
    reactions = [it for it in rehearsal.door.heard if isinstance(it, Reacted)]
    assert [(it.emoji, it.reference) for it in reactions] == [("❤️", message), ("", message)]
    assert reactions[0].address.handle == ANNA.bsuid


async def test_a_new_number_moves_the_address(rehearsal: Rehearsal) -> None:
    moved_to = await rehearsal.does("change_number", phone="+79990007788")
    moved = await rehearsal.door.hears(Moved)
    assert (moved.address.handle, moved.to) == (ANNA.bsuid, moved_to["bsuid"])
    assert moved.author.phone == "+79990007788"


async def test_a_stop_and_a_return_to_advertising(rehearsal: Rehearsal) -> None:
    await rehearsal.does("stop_marketing")
    assert (await rehearsal.door.hears(Stopped)).address.handle == ANNA.bsuid
    refused = await rehearsal.failure(Template("news", "ru", ("Скидки",)))
    assert refused.cause == Unreachable("opted_out", "131050")
    await rehearsal.does("resume_marketing")
    await rehearsal.door.hears(Allowed)
    await rehearsal.sent(Template("news", "ru", ("Скидки",)))


async def test_a_repeated_webhook_is_the_same_event() -> None:
    async with rehearsing(replace(SETTINGS, duplicates=2.0)) as rehearsal:
        await rehearsal.does("say", text="Привет")
        first = await rehearsal.door.hears(TextReceived)
        await rehearsal.door.hears(TextReceived, lambda it: rehearsal.door.heard.count(it) > 1)
        assert rehearsal.door.heard.count(first) > 1


async def test_everything_heard_was_readable(rehearsal: Rehearsal) -> None:
    await rehearsal.does("referral", text="Хочу кофе")
    heard = await rehearsal.door.hears(TextReceived, lambda it: it.text == "Хочу кофе")
    assert heard.source
    assert heard.source.startswith("ad:")
    assert not [it for it in rehearsal.door.heard if isinstance(it, Unreadable)]


async def test_styles_and_links(rehearsal: Rehearsal) -> None:
    spans = (Span(0, 6, "bold"), Span(7, 13, "italic"), Span(14, 19, "link", "https://x.y"))
    await rehearsal.sent(Text(RichText("Скидка только здесь", spans)))
    bubble = rehearsal.screen()[-1]
    assert bubble.text == "Скидка только здесь (https://x.y)"
    assert [span["style"] for span in bubble.spans] == ["bold", "italic"]


async def test_reply_buttons_and_their_press(rehearsal: Rehearsal) -> None:
    message = await rehearsal.sent(text("Придёте?", Button("Да", "yes"), Button("Нет", "no")))
    await rehearsal.does("press", message=message, row=1)
    pressed = await rehearsal.door.hears(ButtonPressed)
    assert (pressed.payload, pressed.label, pressed.reply_to) == ("no", "Нет", message)


async def test_a_list_and_its_row(rehearsal: Rehearsal) -> None:
    ten = [Button(f"Вариант {number}", f"v{number}") for number in range(10)]
    message = await rehearsal.sent(text("Выберите", *ten))
    await rehearsal.does("press", message=message, item=9)
    pressed = await rehearsal.door.hears(ButtonPressed)
    assert (pressed.payload, pressed.label) == ("v9", "Вариант 9")


async def test_a_link_opens(rehearsal: Rehearsal) -> None:
    message = await rehearsal.sent(text("Смотри", LinkButton("Сайт", "https://x.y/1")))
    assert await rehearsal.does("press", message=message) == {"url": "https://x.y/1"}


async def test_a_template_and_its_button(rehearsal: Rehearsal) -> None:
    message = await rehearsal.sent(Template("news", "ru", ("Скидки",), ("stop:news",)))
    assert rehearsal.screen()[-1].text.startswith("Здравствуйте! Скидки")
    await rehearsal.does("press", message=message)
    pressed = await rehearsal.door.hears(ButtonPressed)
    assert (pressed.payload, pressed.label) == ("stop:news", "Отписаться")


AT_THE_LIMIT = [
    text("ж" * 4096),
    text("😀" * 4096),
    text("ж" * 1024, *(Button("ж" * 19 + str(n), str(n) + "p" * 199) for n in range(3))),
    text("ж" * 4096, *(Button("ж" * 23 + str(n), str(n) + "p" * 199) for n in range(10))),
    text("ж" * 1024, LinkButton("ж" * 20, "https://x.y/" + "z" * 500)),
]


@pytest.mark.parametrize("said", AT_THE_LIMIT, ids=["text", "emoji", "replies", "list", "link"])
async def test_what_we_call_the_limit_is_accepted(rehearsal: Rehearsal, said: Text) -> None:
    assert fit(said, rehearsal.channel.limits) == said
    await rehearsal.sent(said)
    assert rehearsal.screen()[-1].text == said.body.text


async def test_beyond_the_limit_is_refused_and_not_cut(rehearsal: Rehearsal) -> None:
    assert isinstance(await rehearsal.says(text("ж" * 4097)), Rejected)
