"""What our WhatsApp channel can do beside messages, against the emulated Cloud API."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from emulators.whatsapp.settings import TEMPLATES
from emulators.whatsapp.settings import Template as Approved
from tests.emulators.whatsapp_rehearsal import Rehearsal, greeted, rehearsing, text
from tests.emulators.whatsapp_stage import SETTINGS
from vestnik.abilities import FileMissing
from vestnik.inbound import DeliveryReported, MediaReceived, Started, TextReceived
from vestnik.outbound import File, Media, Seen, Template
from vestnik.outcome import Rejected, Sent, Throttled

PNG = File("a.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100))


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with greeted() as ready:
        yield ready


async def test_a_read_mark_is_shown_and_typing_too(rehearsal: Rehearsal) -> None:
    message = (await rehearsal.does("say", text="Вы тут?"))["message"]
    assert await rehearsal.says(Seen(message)) == Sent("")
    assert [bubble.status for bubble in rehearsal.screen() if bubble.mine] == ["read"] * 2
    assert isinstance(await rehearsal.says(Seen("wamid.unknown")), Rejected)


async def test_a_file_goes_up_and_is_shown_again_by_its_id(rehearsal: Rehearsal) -> None:
    said = text("Вот", media=(Media("image", file="k1"),))
    result = await rehearsal.says(said, files={"k1": PNG})
    assert isinstance(result, Sent)
    known = result.uploads["k1"].id
    assert (await rehearsal.channel.fetch(known)).content == PNG.content
    again = await rehearsal.says(text("И снова", media=(Media("image", id=known),)))
    assert isinstance(again, Sent)
    await rehearsal.door.hears(DeliveryReported, lambda it: it.reference == again.reference)


async def test_a_file_of_no_kind_that_meta_takes_is_refused_before_the_message(
    rehearsal: Rehearsal,
) -> None:
    before = len(rehearsal.screen())
    gif = replace(PNG, type="image/gif")
    said = text("", media=(Media("image", file="k1"),))
    assert isinstance(await rehearsal.says(said, files={"k1": gif}), Rejected)
    assert len(rehearsal.screen()) == before


async def test_a_picture_that_somebody_sent_is_fetched(rehearsal: Rehearsal) -> None:
    await rehearsal.does("photo", caption="Вот")
    heard = await rehearsal.door.hears(MediaReceived)
    assert heard.media_id
    file = await rehearsal.channel.fetch(heard.media_id)
    assert (file.type, bool(file.content)) == ("image/jpeg", True)
    rehearsal.world.clock.advance(8 * 24 * 3600)
    with pytest.raises(FileMissing, match="Meta refuses"):
        await rehearsal.channel.fetch(heard.media_id)


async def test_a_template_with_named_variables_is_found_and_filled() -> None:
    named = Approved(
        name="invitation",
        language="ru",
        category="MARKETING",
        body="{{first_name}}, ждём вас {{day}}!",
        parameter_format="NAMED",
    )
    async with greeted(emulated=replace(SETTINGS, templates=(*TEMPLATES, named))) as rehearsal:
        found = await rehearsal.channel.templates()
        told = next(it for it in found if it.name == "invitation")
        assert (told.status, told.variables, told.names) == ("APPROVED", 2, ("first_name", "day"))
        await rehearsal.sent(Template("invitation", "ru", ("Анна", "завтра"), names=told.names))
        assert rehearsal.screen()[-1].text == "Анна, ждём вас завтра!"


async def test_the_tier_and_the_link(rehearsal: Rehearsal) -> None:
    tier = await rehearsal.channel.tier()
    assert (tier.people_a_day, tier.rate) == (None, 70.0)
    assert tier.note.endswith("quality GREEN")
    link = await rehearsal.channel.link("promo_7")
    assert link == f"https://wa.me/{SETTINGS.display_phone_number}?text=%2Fstart%20promo_7"


async def test_a_number_of_few_people_says_so() -> None:
    async with rehearsing(replace(SETTINGS, messaging_limit=250)) as rehearsal:
        assert (await rehearsal.channel.tier()).people_a_day == 250


async def test_what_the_link_writes_starts_the_dialog(rehearsal: Rehearsal) -> None:
    await rehearsal.does("say", text="/start promo_7")
    assert (await rehearsal.door.hears(Started)).payload == "promo_7"


async def test_an_answer_to_an_advertisement_opens_three_free_days(rehearsal: Rehearsal) -> None:
    await rehearsal.does("referral", text="Хочу кофе")
    await rehearsal.door.hears(TextReceived, lambda it: it.source is not None)
    reference = await rehearsal.sent(text("Ждём вас"))
    free = await rehearsal.door.hears(
        DeliveryReported, lambda it: it.reference == reference and it.free_until is not None
    )
    assert free.free_until is not None
    assert timedelta(hours=71) < free.free_until - free.at <= timedelta(hours=72)


async def test_we_hold_back_before_meta_has_to(rehearsal: Rehearsal) -> None:
    results = [await rehearsal.says(text(f"{number}")) for number in range(46)]
    assert all(isinstance(result, Sent) for result in results[:45])
    assert isinstance(results[45], Throttled)
    assert results[45].scope == "address"
