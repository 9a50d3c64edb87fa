"""A foreign client's reading, unmodified, of the emulated webhooks: shapes, signature, challenge.

pywa 4.5 reads the first update of a webhook only, so that each has one of its own here, and it
stumbles over statuses without `contacts`, which is why `failed` is told the old way.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from tests.emulators.test_whatsapp_emulator import buttons, rows
from tests.emulators.test_whatsapp_emulator_templates import body_of, template
from tests.emulators.whatsapp_pywa import SINGLE, Foreign, foreign
from tests.emulators.whatsapp_stage import ANNA, BORIS, SETTINGS


@pytest.fixture
async def it() -> AsyncIterator[Foreign]:
    async with foreign() as ready:
        ready.opened()
        yield ready


async def test_a_forged_webhook_is_refused_and_a_challenge_answered(it: Foreign) -> None:
    await it.stage.heard()
    body, proof = it.stage.receiver.bodies[0], it.stage.receiver.proofs[0]
    assert await it.client.webhook_update_validator(body, proof) is None
    assert await it.client.webhook_update_validator(body + b" ", proof) == (
        "Forbidden",
        403,
    )
    challenge = await it.client.webhook_challenge_handler(SETTINGS.verify_token, "1158201444")
    assert challenge == ("1158201444", 200)


async def test_a_text_and_who_wrote_it(it: Foreign) -> None:
    quoted = await it.stage.text("Вопрос")
    message = await it.hears("message", "say", text="a@b.ru 100% <ok>", reply_to=quoted)
    assert (message.text, message.from_user.name) == ("a@b.ru 100% <ok>", ANNA.name)
    assert (message.from_user.wa_id, message.from_user.bsuid) == (ANNA.wa_id, ANNA.bsuid)
    assert message.reply_to_message.id == quoted
    assert message.metadata.phone_number_id == SETTINGS.phone_id


async def test_somebody_known_by_a_user_name_alone(it: Foreign) -> None:
    message = await it.hears("message", "say", BORIS, text="Привет")
    assert (message.from_user.wa_id, message.from_user.bsuid) == (None, BORIS.bsuid)


async def test_pressed_buttons_rows_and_quick_replies(it: Foreign) -> None:
    sent = await it.stage.send(**buttons("Да", "Нет"))
    pressed = await it.hears("callback_button", "press", message=sent, row=1)
    assert (pressed.data, pressed.title) == ("b1", "Нет")
    sent = await it.stage.send(**rows(3))
    chosen = await it.hears("callback_selection", "press", message=sent, item=2)
    assert (chosen.data, chosen.title) == ("r2", "Тема 2")
    sent = await it.stage.send(**template("news", body_of("x")))
    reply = await it.hears("callback_button", "press", message=sent)
    assert (reply.data, reply.is_quick_reply) == ("Отписаться", True)


FILES = [
    ("photo", "image"),
    ("video", "video"),
    ("document", "document"),
    ("audio", "audio"),
    ("voice", "audio"),
    ("sticker", "sticker"),
]


@pytest.mark.parametrize(("gesture", "kind"), FILES, ids=[row[0] for row in FILES])
async def test_files_and_their_bytes(it: Foreign, gesture: str, kind: str) -> None:
    message = await it.hears("message", gesture)
    medium = getattr(message, kind)
    assert medium.mime_type
    assert len(await medium.get_bytes()) > 0


async def test_places_cards_orders_and_what_is_not_supported(it: Foreign) -> None:
    place = await it.hears("message", "location")
    assert (place.location.latitude, place.location.longitude) == (55.7558, 37.6173)
    card = await it.hears("message", "contact")
    assert card.contacts[0].phones[0].wa_id == ANNA.wa_id
    order = await it.hears("message", "order")
    assert order.order.products[0].sku == "sku"
    assert (await it.hears("message", "poll")).type == "unsupported"
    ad = await it.hears("message", "referral", text="Акция")
    assert (ad.text, ad.referral.source_type) == ("Акция", "ad")


async def test_reactions_edits_and_revocations(it: Foreign) -> None:
    sent = await it.stage.text("Вопрос")
    reaction = await it.hears("message", "react", message=sent, emoji="❤️")
    assert (reaction.reaction.emoji, reaction.reaction.message_id) == ("❤️", sent)
    message = await it.hears("message", "say", text="Првет")
    edited = await it.hears("edited_message", "edit", message=message.id, text="Привет")
    assert edited.original_message_id == message.id
    revoked = await it.hears("deleted_message", "revoke", message=message.id)
    assert revoked.original_message_id == message.id


async def test_a_new_number_and_a_choice_about_marketing(it: Foreign) -> None:
    moved = await it.hears("phone_number_change", "change_number", phone="+79995556677")
    assert (moved.old_wa_id, moved.new_wa_id) == (ANNA.wa_id, "79995556677")
    choice = await it.hears("user_marketing_preferences", "stop_marketing")
    assert choice.value == "stop"


async def test_what_the_owner_writes_in_the_app(it: Foreign) -> None:
    echo = await it.hears("outgoing_message", "echo", text="Пишет хозяин")
    assert echo.text == "Пишет хозяин"


async def test_statuses_with_price_and_tracker(it: Foreign) -> None:
    statuses: list[Any] = []

    async def keep(_client: Any, status: Any) -> None:
        statuses.append(status)

    it.client.on_message_status()(keep)
    sent = await it.stage.text("Привет", biz_opaque_callback_data="attempt:7")
    await it.feed(lambda: len(statuses) == 2)
    assert [status.status for status in statuses] == ["sent", "delivered"]
    assert {(status.id, status.tracker) for status in statuses} == {(sent, "attempt:7")}
    assert statuses[0].pricing.category == "service"


async def test_a_failure_told_the_old_way() -> None:
    async with foreign(replace(SINGLE, failed_contacts=True)) as it:
        failed: list[Any] = []

        async def keep(_client: Any, status: Any) -> None:
            failed.append(status)

        it.client.on_message_status()(keep)
        await it.stage.text("Привет")
        await it.feed(lambda: bool(failed))
        assert failed[0].status == "failed"
        assert isinstance(failed[0].error, it.pywa.errors.ReEngagementMessage)


TEMPLATE = {"name": "news", "language": "ru"}
DECISIONS = [
    ("template_status_update", "template_status", {**TEMPLATE, "event": "PAUSED"}),
    ("template_category_update", "template_category", {**TEMPLATE, "category": "UTILITY"}),
    ("template_quality_update", "template_quality", {**TEMPLATE, "quality": "RED"}),
    (
        "account_update",
        "account_update",
        {
            "event": "DISABLED_UPDATE",
            "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "April 17, 2025"},
        },
    ),
]


@pytest.mark.parametrize(("what", "gesture", "told"), DECISIONS, ids=[row[0] for row in DECISIONS])
async def test_what_meta_decides(
    it: Foreign, what: str, gesture: str, told: dict[str, Any]
) -> None:
    update = await it.hears(what, gesture, **told)
    assert update.id == SETTINGS.waba_id
