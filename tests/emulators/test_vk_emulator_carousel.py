"""Carousels in the VK emulator: what VK takes, and what a phone shows of it."""

import json
from typing import Any

import pytest

from tests.emulators.vk_stage import ANNA, business, hooked, standing

BUTTON = {"action": {"type": "text", "label": "Беру", "payload": '{"k":1}'}}
LINK = {"action": {"type": "open_link", "label": "Сайт", "link": "https://a.example/"}}
CARD = {"title": "Платье", "description": "Летнее", "buttons": [BUTTON, LINK]}
INVALID = "One of the parameters specified was missing or invalid: "
KEYBOARD = "Keyboard format is invalid: "


def sending(*cards: Any, **more: Any) -> dict[str, Any]:
    template = json.dumps({"type": "carousel", "elements": cards})
    return {"peer_id": ANNA.vk, "message": "Новинки", "random_id": 1, "template": template, **more}


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no cards": (sending(), 100, f"{INVALID}template should contain from 1 to 10 elements"),
    "eleven cards": (
        sending(*[CARD] * 11),
        100,
        f"{INVALID}template should contain from 1 to 10 elements",
    ),
    "long title": (
        sending({**CARD, "title": "я" * 81}),
        100,
        f"{INVALID}template element 0 text is longer than 80",
    ),
    "long description": (
        sending(CARD, {**CARD, "description": "я" * 81}),
        100,
        f"{INVALID}template element 1 text is longer than 80",
    ),
    "neither title nor photo": (
        sending({"description": "?", "buttons": [BUTTON]}),
        100,
        f"{INVALID}template element 0 should have title or photo_id",
    ),
    "title is no text": (
        sending({**CARD, "title": 5}),
        100,
        f"{INVALID}template element 0 is invalid",
    ),
    "photo is no photo": (
        sending({**CARD, "photo_id": "photo1"}),
        100,
        f"{INVALID}template element 0 photo_id is invalid",
    ),
    "no buttons": (
        sending({**CARD, "buttons": []}),
        100,
        f"{INVALID}template element 0 should have 1 to 3 buttons",
    ),
    "four buttons": (
        sending({**CARD, "buttons": [BUTTON] * 4}),
        100,
        f"{INVALID}template element 0 should have 1 to 3 buttons",
    ),
    "other number of buttons": (
        sending(CARD, {**CARD, "buttons": [BUTTON]}),
        100,
        f"{INVALID}template element 1 should have the structure of the first",
    ),
    "other parts": (
        sending(CARD, {"title": "Юбка", "buttons": [BUTTON, LINK]}),
        100,
        f"{INVALID}template element 1 should have the structure of the first",
    ),
    "opens a photo that is not there": (
        sending({**CARD, "action": {"type": "open_photo"}}),
        100,
        f"{INVALID}template element 0 action is invalid",
    ),
    "without a text": (sending(CARD, message=""), 100, f"{INVALID}message is empty or invalid"),
    "beside an inline keyboard": (
        sending(CARD, keyboard=json.dumps({"inline": True, "buttons": [[BUTTON]]})),
        100,
        f"{INVALID}Only template or keyboard field should be specified",
    ),
    "button is a text": (
        sending({**CARD, "buttons": ["Беру"]}),
        911,
        f"{KEYBOARD}template['elements'][0]['buttons'][0] should be array",
    ),
    "buttons in rows": (
        sending({**CARD, "buttons": [[BUTTON]]}),
        911,
        f"{KEYBOARD}template['elements'][0]['buttons'][0] should be array",
    ),
}


@pytest.mark.parametrize("label", BAD)
async def test_carousels_are_held_to_their_limits(label: str) -> None:
    told, code, text = BAD[label]
    async with standing() as stand:
        assert await stand.refused("messages.send", **told) == (code, text)
        assert stand.accepted() == []


async def test_a_carousel_at_its_limits_is_shown_and_pressed() -> None:
    async with standing() as stand, business(stand.vk.settings.confirmation) as server:
        await hooked(stand, server, "message_new")
        photo = {"photo_id": "-200001_1", "action": {"type": "open_photo"}}
        card = {"title": "я" * 80, "description": "ж" * 80, **photo, "buttons": [BUTTON, LINK]}
        below = json.dumps({"buttons": [[BUTTON]]})
        await stand.call("messages.send", **sending(*[card] * 10, keyboard=below))
        (bubble,) = stand.screen().bubbles
        assert [[key.label for key in row] for row in bubble.keys] == [["Беру", "Сайт"]] * 10
        assert bubble.text.startswith(f"Новинки\n{'я' * 80}\n{'ж' * 80}\n")
        assert [key.label for key in stand.screen().keyboard[0]] == ["Беру"]
        pressed = await stand.gesture("press", message=bubble.id, row=9, column=0)
        assert "error" not in pressed
        message = (await server.got(1))[0]["object"]["message"]
        assert (message["text"], message["payload"]) == ("Беру", '{"k":1}')


async def test_an_old_app_shows_the_text_alone() -> None:
    async with standing() as stand:
        await stand.gesture("client", carousel=False)
        await stand.call("messages.send", **sending(CARD))
        (bubble,) = stand.screen().bubbles
        assert (bubble.text, bubble.keys) == ("Новинки", [])
        assert (await stand.gesture("press", message=bubble.id, row=0, column=0))["error"]
        assert stand.accepted() == ["Новинки\nПлатье\nЛетнее"]
