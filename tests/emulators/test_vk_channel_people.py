"""Our VK channel hears what else people and colleagues do in VK, over real HTTP."""

from dataclasses import replace

import pytest

from bots.vk import NAME
from tests.emulators.vk_channel_stage import ours, says
from tests.emulators.vk_stage import ANNA, standing
from vestnik.address import Address
from vestnik.inbound import (
    AnsweredElsewhere,
    ButtonPressed,
    DeliveryReported,
    Edited,
    Reacted,
    Started,
    TextReceived,
)
from vestnik.outbound import Button, Card, File, Media, Recipient, Send, Text
from vestnik.outcome import Sent


async def test_a_colleague_answers_in_vk_s_own_window() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await we.shows(says("Это мы"))
        answered = await stand.gesture("answer", text="Уже едем")
        (event,) = await we.heard(1)
        assert isinstance(event, AnsweredElsewhere)
        assert (event.text, event.reference) == ("Уже едем", answered["message"])
        assert event.address == Address(NAME, "main", str(ANNA.vk))
        assert event.author.user_id == str(stand.vk.settings.admin_id)


async def test_what_brought_somebody_is_told() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await stand.gesture("start", payload="spring-26", source="poster")
        (started,) = await we.heard(1)
        assert isinstance(started, Started)
        assert (started.payload, started.source) == ("spring-26", "poster")


async def test_an_edit_and_a_reaction_are_told() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        said = await stand.gesture("say", text="Латте")
        await stand.gesture("edit", message=said["message"], text="Латте и чай")
        ours_said = await we.shows(says("Записали"))
        await stand.gesture("react", message=ours_said, reaction=4)
        await stand.gesture("react", message=ours_said, reaction=0)
        received, edited, put, taken = [
            event for event in await we.heard(4) if not isinstance(event, DeliveryReported)
        ]
        assert isinstance(received, TextReceived)
        assert isinstance(edited, Edited)
        assert (edited.text, edited.reference) == ("Латте и чай", received.reference)
        assert [(type(it), it.emoji) for it in (put, taken)] == [(Reacted, "4"), (Reacted, "")]


@pytest.mark.parametrize(
    "app",
    [
        {"callback": False},
        {"inline_keyboard": False},
        {"inline_keyboard": False, "callback": False, "carousel": False},
    ],
)
async def test_an_old_app_can_still_press(app: dict[str, bool]) -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await stand.gesture("client", "anna", **app)
        await stand.gesture("say", text="Кофе")
        (said,) = await we.heard(1)
        cards = (Card("Латте", buttons=(Button("Взять", "take"),)),)
        for words in (says("?", Button("Да", "y")), Text(says("Меню").body, cards=cards)):
            item = Send(
                said.address,
                words,
                f"{len(we.door.bodies)}7",
                recipient=Recipient(shows=said.shows),
            )
            (sent,) = await we.vk.send([item])
            assert isinstance(sent, Sent)
            under = stand.screen().bubbles[-1].keys
            where = {"message": sent.reference} if under else {}
            before = len(we.door.heard)
            await stand.gesture("press" if under else "tap", row=0, column=0, **where)
            pressed = (await we.heard(before + 2))[-1]
            assert isinstance(pressed, ButtonPressed)
            assert pressed.payload in ("y", "take")


async def test_document_is_uploaded() -> None:
    async with standing() as stand, ours(stand) as we:
        menu = Text(says("").body, media=(Media("document", file="m1"),))
        files = {"m1": File("меню.pdf", "application/pdf", b"%PDF-1.7")}
        item = Send(Address(NAME, "main", str(ANNA.vk)), menu, "77")
        (sent,) = await we.vk.send([replace(item, files=files)])
        assert isinstance(sent, Sent)
        assert sent.uploads["m1"].id.startswith("doc")


async def test_broadcast_goes_without_the_intent_that_nobody_subscribed_to() -> None:
    async with standing() as stand, ours(stand, intent="promo_newsletter") as we:
        item = Send(Address(NAME, "main", str(ANNA.vk)), says("Акция"), "77", bulk=True)
        (sent,) = await we.vk.send([item])
        assert isinstance(sent, Sent)
        assert stand.accepted() == ["Акция"]
        (entry,) = stand.world.accepted.find(platform="vk")
        assert entry.detail["intent"] == "default"


async def test_people_have_names() -> None:
    async with standing() as stand, ours(stand) as we:
        told = await we.vk.names([str(ANNA.vk), "999999", "not a number", "2000000001"])
    assert told == {str(ANNA.vk): ANNA.name}
