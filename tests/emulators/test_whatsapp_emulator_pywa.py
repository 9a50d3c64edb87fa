"""A foreign client's calls, unmodified, against the emulated Graph API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from emulators.whatsapp.errors import ERRORS
from tests.emulators.stagehand import eventually
from tests.emulators.whatsapp_pywa import Foreign, foreign
from tests.emulators.whatsapp_stage import ANNA, BORIS, PHONE_ID, SETTINGS, WABA_ID

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
async def it() -> AsyncIterator[Foreign]:
    async with foreign() as ready:
        ready.opened()
        yield ready


async def test_a_text_with_a_tracker_and_a_quote(it: Foreign) -> None:
    quoted = await it.stage.heard()
    sent = await it.client.send_message(
        ANNA.phone, "Привет", reply_to_message_id=quoted["id"], tracker="attempt:7"
    )
    [entry] = it.stage.world.accepted.find()
    assert (entry.reference, entry.text, entry.opaque) == (sent.id, "Привет", "attempt:7")
    assert it.stage.screen()[-1].reply_to == quoted["id"]


async def test_a_business_scoped_id_is_written_to(it: Foreign) -> None:
    it.stage.whatsapp.opened(BORIS.bsuid)
    sent = await it.client.send_message(BORIS.bsuid, "Привет")
    [entry] = it.stage.world.accepted.find(to=BORIS.bsuid)
    assert entry.reference == sent.id


async def test_buttons_a_list_a_link_and_a_question_for_the_number(it: Foreign) -> None:
    types = it.types
    buttons = [types.Button("Да", callback_data="yes"), types.Button("Нет", callback_data="no")]
    rows = [types.SectionRow("Новости", callback_data="news", description="каждый день")]
    choice = types.SectionList("Выбрать", sections=[types.Section("Темы", rows=rows)])
    link = types.URLButton("Открыть", url="https://x.example")
    for shown in (buttons, choice, link, types.ContactInfoRequestButton()):
        await it.client.send_message(ANNA.phone, "Выберите", footer="Подпись", buttons=shown)
    kinds = [entry.detail["interactive"] for entry in it.stage.world.accepted.find()]
    assert kinds == ["button", "list", "cta_url", "request_contact_info"]
    assert [key.kind for bubble in it.stage.screen() for row in bubble.keys for key in row] == [
        "press",
        "press",
        "list",
        "link",
        "contact",
    ]


async def test_a_picture_by_link_by_bytes_and_with_buttons(it: Foreign) -> None:
    await it.client.send_image(ANNA.phone, "https://x.example/a.png", caption="По ссылке")
    await it.client.send_image(ANNA.phone, PNG, mime_type="image/png", caption="Из файла")
    button = it.types.Button("Да", callback_data="yes")
    await it.client.send_image(
        ANNA.phone, "https://x.example/a.png", caption="С кнопкой", buttons=[button]
    )
    by_link, by_id, with_button = it.stage.screen()
    assert by_link.image == with_button.image == "https://x.example/a.png"
    assert by_id.image.startswith("/whatsapp/screen/")
    assert [bubble.text for bubble in (by_link, by_id, with_button)] == [
        "По ссылке",
        "Из файла",
        "С кнопкой",
    ]


async def test_files_of_every_kind(it: Foreign) -> None:
    client, link = it.client, "https://x.example/file"
    await client.send_document(ANNA.phone, link, filename="счёт.pdf", caption="Счёт")
    await client.send_video(ANNA.phone, link, caption="Ролик")
    await client.send_audio(ANNA.phone, link)
    await client.send_voice(ANNA.phone, link)
    await client.send_sticker(ANNA.phone, link)
    kinds = [entry.kind for entry in it.stage.world.accepted.find()]
    assert kinds == ["document", "video", "audio", "audio", "sticker"]


async def test_a_place_a_card_a_reaction_and_its_removal(it: Foreign) -> None:
    heard = await it.stage.heard()
    await it.client.send_location(ANNA.phone, 55.75, 37.61, name="Офис", address="Москва")
    name = it.types.Contact.Name(formatted_name="Вестник", first_name="Вестник")
    phone = it.types.Contact.Phone(phone="+79990000000")
    await it.client.send_contact(ANNA.phone, it.types.Contact(name=name, phones=[phone]))
    await it.client.send_reaction(ANNA.phone, "👍", heard["id"])
    await it.client.remove_reaction(ANNA.phone, heard["id"])
    entries = list(it.stage.world.accepted.find())
    assert [entry.kind for entry in entries] == ["location", "contacts", "reaction", "reaction"]
    assert [entry.text for entry in entries[2:]] == ["👍", ""]
    await it.client.request_location(ANNA.phone, "Где вы?")


async def test_a_message_is_marked_as_read_and_typing_is_shown(it: Foreign) -> None:
    message = await it.stage.heard()
    with it.stage.world.feed.listening() as events:
        assert (await it.client.mark_message_as_read(message["id"])).success
        assert it.stage.screen()[0].status == "read"
        assert (await it.client.indicate_typing(message["id"])).success
        told = [events.get_nowait() for _ in range(events.qsize())]
    assert "печатает…" in [event.get("text") for event in told]


async def test_media_are_uploaded_found_downloaded_and_deleted(it: Foreign) -> None:
    medium = await it.client.upload_media(PNG, mime_type="image/png", filename="a.png")
    url = await it.client.get_media_url(medium.id)
    assert (url.mime_type, url.file_size) == ("image/png", len(PNG))
    assert await it.client.get_media_bytes(url.url) == PNG
    assert (await it.client.delete_media(medium.id, phone_id=PHONE_ID)).success
    with pytest.raises(it.pywa.errors.WhatsAppError):
        await it.client.get_media_url(medium.id)


def sale(it: Foreign) -> Any:
    t = it.types.templates
    return t.Template(
        name="spring_sale",
        language=t.TemplateLanguage.RUSSIAN,
        category=t.TemplateCategory.MARKETING,
        parameter_format=t.ParamFormat.NAMED,
        components=[
            t.HeaderText("Весна, {{name}}", name="Анна"),
            t.BodyText("Скидка {{percent}} до пятницы", percent="20 %"),
            t.FooterText(text="Магазин"),
            t.Buttons(
                buttons=[t.CopyCodeButton(example="SPRING"), t.QuickReplyButton(text="Отписаться")]
            ),
        ],
    )


async def test_a_named_template_is_created_approved_listed_sent_and_deleted(it: Foreign) -> None:
    t, template = it.types.templates, sale(it)
    created = await it.client.create_template(template)
    assert (created.status, created.category) == ("PENDING", "MARKETING")
    await eventually(lambda: it.stage.receiver.values("message_template_status_update"))
    listed = list(await it.client.get_templates())
    assert {item.name for item in listed} == {"news", "reply_waiting", "spring_sale"}
    assert (await it.client.get_template(created.id)).status == "APPROVED"
    values = [
        t.HeaderText.params(name="Анна"),
        t.BodyText.params(percent="20 %"),
        t.CopyCodeButton.params(coupon_code="ANNA20", index=0),
        t.QuickReplyButton.params(callback_data="stop", index=1),
    ]
    for lite in (False, True):
        await it.client.send_template(
            ANNA.phone, template=template, params=values, use_mm_lite_api=lite
        )
    assert it.stage.screen()[-1].text == "Весна, Анна\nСкидка 20 % до пятницы\nМагазин"
    assert (await it.client.delete_template("spring_sale", template_id=created.id)).success


async def test_a_positional_template_is_sent_and_edited(it: Foreign) -> None:
    t = it.types.templates
    values = [t.BodyText.params("Скидки"), t.QuickReplyButton.params(callback_data="x", index=0)]
    await it.client.send_template(ANNA.phone, "news", t.TemplateLanguage.RUSSIAN, values)
    assert it.stage.screen()[-1].text.startswith("Здравствуйте! Скидки")
    [_, found] = await it.client.get_templates(name="news")
    body = t.BodyText("Hi {{1}}, hello", "Anna")
    assert (await it.client.update_template(found.id, new_components=[body])).success
    assert (await it.client.get_template(found.id)).status == "PENDING"


async def test_the_number_and_its_profile(it: Foreign) -> None:
    number = await it.client.get_business_phone_number()
    assert (number.id, number.quality_rating) == (PHONE_ID, "GREEN")
    assert number.whatsapp_business_manager_messaging_limit == "TIER_UNLIMITED"
    assert (await it.client.update_business_profile(about="Кофе", websites=["https://x.y"])).success
    profile = await it.client.get_business_profile()
    assert (profile.about, list(profile.websites or ())) == ("Кофе", ["https://x.y"])
    own = it.stage.receiver.url + "?own"
    await it.client.override_waba_callback_url(own, SETTINGS.verify_token, waba_id=WABA_ID)
    await it.client.override_phone_callback_url(own, SETTINGS.verify_token)
    await it.client.delete_phone_callback_url()
    await it.client.delete_waba_callback_url(waba_id=WABA_ID)
    assert (await it.stage.heard())["type"] == "text"


async def test_users_are_blocked_and_let_in_again(it: Foreign) -> None:
    await it.client.block_users([ANNA.wa_id])
    with pytest.raises(it.pywa.errors.WhatsAppError) as refused:
        await it.client.send_message(ANNA.phone, "Привет")
    assert refused.value.code == 130403
    _, listed = await it.stage.call("GET", f"{PHONE_ID}/block_users")
    assert [user["wa_id"] for user in listed["data"]] == [ANNA.wa_id]
    await it.client.unblock_users([ANNA.wa_id])
    await it.client.send_message(ANNA.phone, "Привет")


@pytest.mark.parametrize("code", ERRORS)
async def test_every_error_is_of_the_class_that_pywa_has_for_it(it: Foreign, code: int) -> None:
    await it.stage.fault(kind="error", code=code, **{"async": False}, details="Почему")
    with pytest.raises(it.pywa.errors.WhatsAppError) as refused:
        await it.client.send_message(ANNA.phone, "Привет")
    error, (status, _) = refused.value, ERRORS[code]
    assert (error.code, error.details, error.status_code) == (code, "Почему", status)
    assert type(error) is it.pywa.errors.WhatsAppError._get_exception(code)
    assert error.fbtrace_id
    assert not list(it.stage.world.accepted.find())
