"""What people do on the emulated phones, and what the business hears of it."""

import base64
import hashlib
from typing import Any

import pytest

from tests.emulators.stagehand import eventually
from tests.emulators.test_whatsapp_emulator import buttons, link, rows
from tests.emulators.test_whatsapp_emulator_templates import body_of, template
from tests.emulators.whatsapp_stage import (
    ANNA,
    BORIS,
    SETTINGS,
    Stage,
    on_stage,
)


async def pressed(stage: Stage, **where: int) -> dict[str, object]:
    """The last message of the screen is pressed there; gives what the webhook brought."""
    message = stage.screen()[-1].id
    answer = await stage.gesture("press", message=message, **where)
    received = await stage.received(answer["message"])
    assert received["context"]["id"] == message
    return received


@pytest.mark.parametrize(
    ("told", "text"), [({}, "Привет"), ({"payload": "Хочу скидку"}, "Хочу скидку")]
)
async def test_start_types_the_text_of_the_link(told: dict[str, str], text: str) -> None:
    async with on_stage() as stage:
        message = await stage.received((await stage.gesture("start", **told))["message"])
        assert message["type"] == "text"
        assert message["text"] == {"body": text}
        assert message["from"] == ANNA.wa_id
        assert message["id"].startswith("wamid.")
        [value] = stage.receiver.values()
        assert value["metadata"]["phone_number_id"] == SETTINGS.phone_id
        assert value["contacts"] == [
            {
                "profile": {"name": ANNA.name, "username": "@anna"},
                "wa_id": ANNA.wa_id,
                "user_id": ANNA.bsuid,
            }
        ]
        assert stage.screen()[0].mine


async def test_a_reply_names_the_message_it_answers() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamid = await stage.text("Вопрос")
        answer = await stage.gesture("say", text="Ответ", reply_to=wamid)
        assert (await stage.received(answer["message"]))["context"]["id"] == wamid


async def test_a_pressed_button_answers_with_its_id_again_and_again() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.send(**buttons("Да", "Нет"))
        message = stage.screen()[-1].id
        for row, title in ((1, "Нет"), (0, "Да")):
            answer = await stage.gesture("press", message=message, row=row, column=0)
            received = await stage.received(answer["message"])
            assert received["interactive"] == {
                "type": "button_reply",
                "button_reply": {"id": f"b{row}", "title": title},
            }
            assert stage.screen()[-1].text == title


async def test_a_row_of_a_list_is_chosen_by_its_place() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.send(**rows(3, description="каждый день"))
        [[opener]] = stage.screen()[-1].keys
        assert (opener.kind, opener.label, len(opener.rows)) == ("list", "Выбрать", 3)
        received = await pressed(stage, row=0, column=0, item=2)
        assert received["interactive"] == {
            "type": "list_reply",
            "list_reply": {"id": "r2", "title": "Тема 2", "description": "каждый день"},
        }


async def test_a_link_tells_the_business_nothing() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.send(**link())
        message = stage.screen()[-1].id
        answer = await stage.gesture("press", message=message, row=0, column=0)
        assert answer == {"url": "https://x.example"}
        await stage.heard()
        assert len(stage.receiver.messages()) == 1


async def test_number_and_place_are_shared_when_asked_for() -> None:
    asked: dict[str, Any] = {
        "type": "interactive",
        "interactive": {
            "type": "request_contact_info",
            "body": {"text": "Ваш номер?"},
            "action": {"name": "request_contact_info"},
        },
    }
    place: dict[str, Any] = {
        "type": "interactive",
        "interactive": {
            "type": "location_request_message",
            "body": {"text": "Где вы?"},
            "action": {"name": "send_location"},
        },
    }
    async with on_stage() as stage:
        stage.whatsapp.opened(BORIS.wa_id)
        await stage.send(BORIS.phone, **asked)
        [[key]] = stage.screen(BORIS)[-1].keys
        assert key.kind == "contact"
        answer = await stage.gesture(
            "press", BORIS, message=stage.screen(BORIS)[-1].id, row=0, column=0
        )
        received = await stage.received(answer["message"])
        [contact] = received["contacts"]
        assert contact["origin"] == "contact_request"
        assert contact["phones"][0] == {
            "phone": BORIS.phone,
            "wa_id": BORIS.wa_id,
            "type": "CELL",
        }
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.send(**place)
        location = (await pressed(stage, row=0, column=0))["location"]
        assert location == {"latitude": 55.7558, "longitude": 37.6173}


async def test_the_number_can_be_shared_unasked() -> None:
    async with on_stage() as stage:
        message = await stage.received((await stage.gesture("contact"))["message"])
        assert message["contacts"][0]["name"]["last_name"] == "Иванова"
        assert "context" not in message


async def test_wrong_presses_are_refused() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.send(**buttons("Да"))
        wamid = stage.screen()[-1].id
        plain = await stage.text("без кнопок")
        for where in (
            {"message": "wamid.none", "row": 0, "column": 0},
            {"message": plain, "row": 0, "column": 0},
            {"message": wamid, "row": 1, "column": 0},
            {"message": wamid, "row": 0, "column": 1},
            {"message": wamid, "row": "0", "column": 0},
        ):
            assert (await stage.gesture("press", **where))["refused"]
        strange = await stage.gesture("press", BORIS, message=wamid, row=0, column=0)
        assert strange["refused"]
        assert (await stage.gesture("say", text=""))["refused"]


async def test_marketing_stops_and_resumes() -> None:
    async with on_stage() as stage:
        await stage.gesture("stop_marketing")
        [value] = await eventually(lambda: stage.receiver.values("user_preferences"))
        [preference] = value["user_preferences"]
        assert isinstance(preference.pop("timestamp"), int)
        assert preference == {
            "wa_id": ANNA.wa_id,
            "user_id": ANNA.bsuid,
            "category": "marketing_messages",
            "value": "stop",
            "detail": "User requested to stop marketing messages",
        }
        assert value["contacts"][0]["wa_id"] == ANNA.wa_id
        news = await stage.send(**template("news", body_of("x")))
        failed = await stage.first_status(news)
        assert failed["errors"][0]["code"] == 131050
        utility = await stage.send(**template("reply_waiting"))
        await stage.reaches(utility, "delivered")
        await stage.gesture("resume_marketing")
        again = await stage.send(**template("news", body_of("x")))
        await stage.reaches(again, "delivered")


async def test_a_blocked_business_hears_nothing_until_unblocked() -> None:
    async with on_stage() as stage:
        await stage.gesture("block")
        screen = stage.world.screens.of("whatsapp", ANNA.wa_id)
        assert screen.note == "компания заблокирована"
        assert (await stage.gesture("say", text="Алло"))["refused"]
        await stage.gesture("unblock")
        assert screen.note == ""
        await stage.heard()
        assert len(stage.receiver.messages()) == 1


async def test_reading_marks_everything_that_arrived() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamids = [await stage.text(text) for text in ("раз", "два")]
        for wamid in wamids:
            await stage.reaches(wamid, "delivered")
        assert await stage.gesture("read") == {"read": 2}
        assert await stage.gesture("read") == {"read": 0}
        for wamid in wamids:
            await stage.reaches(wamid, "read")
        assert [bubble.status for bubble in stage.screen()] == ["read", "read"]


async def test_a_poll_arrives_as_unsupported() -> None:
    async with on_stage() as stage:
        message = await stage.received((await stage.gesture("poll"))["message"])
        assert message["type"] == "unsupported"
        assert message["errors"][0]["code"] == 131051


async def test_a_photo_can_be_downloaded_by_its_id() -> None:
    async with on_stage() as stage:
        answer = await stage.gesture("photo", caption="Чек")
        image = (await stage.received(answer["message"]))["image"]
        assert image["caption"] == "Чек"
        _, medium = await stage.call("GET", image["id"])
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        async with stage.session.get(medium["url"], headers=headers) as got:
            data = await got.read()
        assert base64.b64encode(hashlib.sha256(data).digest()).decode() == image["sha256"]


async def test_reactions_come_and_go() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        wamid = await stage.text("Вопрос")
        for told, emoji in (({}, "👍"), ({"emoji": ""}, None)):
            answer = await stage.gesture("react", message=wamid, **told)
            reaction = (await stage.received(answer["message"]))["reaction"]
            assert (reaction["message_id"], reaction.get("emoji")) == (wamid, emoji)


async def test_a_changed_number_is_told_and_the_old_one_is_nobodys() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        await stage.gesture("change_number", phone="+79995556677")
        [message] = await eventually(stage.receiver.messages)
        assert message["from"] == ANNA.wa_id
        assert message["system"]["type"] == "user_changed_user_id"
        assert message["system"]["wa_id"] == "79995556677"
        assert message["system"]["user_id"] != ANNA.bsuid
        [value] = stage.receiver.values()
        assert "contacts" not in value
        for to, code in ((ANNA.phone, 131026), ("+79995556677", 131047)):
            wamid = await stage.text("раз", to=to)
            failed = await stage.first_status(wamid)
            assert failed["errors"][0]["code"] == code
        assert (await stage.gesture("change_number", phone=BORIS.phone))["refused"]


async def test_the_phone_keeps_what_was_written_when_its_number_changes() -> None:
    async with on_stage() as stage:
        stage.whatsapp.opened(ANNA.wa_id)
        sent = await stage.send(**buttons("Да"))
        await stage.reaches(sent, "delivered")
        moved = await stage.gesture("change_number")
        screen = stage.world.screens.of("whatsapp", moved["wa_id"])
        assert [bubble.id for bubble in screen.bubbles] == [sent]
        await stage.gesture("press", message=sent)
        assert (await eventually(lambda: stage.receiver.messages()[1:]))[0]["from"] == moved[
            "wa_id"
        ]
