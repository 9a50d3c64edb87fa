"""Our VK channel against our emulator: batches, files, keyboards, read marks, over real HTTP."""

from dataclasses import replace

from bots.vk import LIMITS, NAME
from tests.emulators.vk_channel_stage import ours, says
from tests.emulators.vk_stage import ANNA, BORIS, standing
from vestnik.address import Address
from vestnik.outbound import Button, Card, File, LinkButton, Media, Recipient, Seen, Send, Text
from vestnik.outcome import Ambiguous, Rejected, Sent, Unreachable

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24


def to(peer: int, text: Text, handle: str, **more: object) -> Send:
    return replace(Send(Address(NAME, "main", str(peer)), text, handle), **more)  # type: ignore[arg-type]


async def test_a_script_tells_each_their_own_outcome() -> None:
    async with standing() as stand, ours(stand) as we:
        tricky = "</b> \u2028 \"'\\n 👋 {{ }}"
        batch = [
            to(ANNA.vk, says(tricky), "1"),
            to(BORIS.vk, says("Вам нельзя"), "2"),
            to(ANNA.vk, says("Второе", Button("Да", "y")), "3"),
            to(999, says("Никому"), "4"),
        ]
        first, refused, second, nobody = await we.vk.send(batch)
        assert isinstance(first, Sent)
        assert refused == Unreachable("not_allowed", "901")
        assert isinstance(second, Sent)
        assert isinstance(nobody, Unreachable)
        assert stand.accepted() == [tricky, "Второе"]
        assert [bubble.id for bubble in stand.screen().bubbles] == [
            first.reference,
            second.reference,
        ]


async def test_copies_of_a_lost_script_are_dropped_one_by_one() -> None:
    async with standing() as stand, ours(stand) as we:
        batch = [to(ANNA.vk, says("Анне"), "1"), to(BORIS.vk, says("Борису"), "2")]
        stand.vk.opened(BORIS.vk)
        await stand.fault(kind="reset", method="execute")
        lost = await we.vk.send(batch)
        assert [type(it) for it in lost] == [Ambiguous, Ambiguous]
        sent = await we.vk.send(batch)
        assert [type(it) for it in sent] == [Sent, Sent]
        assert (stand.accepted(), stand.accepted(BORIS)) == (["Анне"], ["Борису"])


async def test_planned_requests_are_those_that_are_made() -> None:
    async with standing() as stand, ours(stand) as we:
        stand.vk.opened(BORIS.vk)
        batch = [
            to(ANNA.vk, says("Акция"), "11"),
            to(BORIS.vk, says("Акция"), "12"),
            to(ANNA.vk, says("Только вам"), "13"),
        ]
        together, alone = we.vk.pack(batch)
        assert (together.places, together.one_handle) == ((0, 1), True)
        assert (alone.places, alone.one_handle) == ((2,), False)
        named = [batch[0], replace(batch[1], handle="11"), batch[2]]
        assert [type(it) for it in await we.vk.send(named)] == [Sent] * 3
        entries = stand.world.accepted.find(platform="vk")
        assert [entry.opaque for entry in entries] == ["11", "11", "13"]


async def test_forty_buttons_are_taken_and_answer() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        buttons = [Button("Ж" * LIMITS.label, f"{'p' * 15}{n:02}") for n in range(LIMITS.buttons)]
        await we.shows(says("?", *buttons))
        rows = stand.screen().keyboard
        assert (sum(map(len, rows)), len(rows)) == (40, 10)
        await stand.gesture("tap", row=9, column=3)
        *_, pressed = await we.heard(2)
        assert pressed.payload == f"{'p' * 15}39"
        assert stand.screen().keyboard == []


async def test_old_app_gets_what_it_shows() -> None:
    old = Recipient(shows=frozenset({"text", "open_link", "keyboard"}))
    async with standing() as stand, ours(stand) as we:
        question = says("?", Button("Да", "y", "positive"), LinkButton("Меню", "https://a.example"))
        (sent,) = await we.vk.send([to(ANNA.vk, question, "1", recipient=old)])
        assert isinstance(sent, Sent)
        (yes,), (menu,) = stand.screen().keyboard
        assert (yes.kind, yes.style, menu.kind) == ("text", "positive", "link")


async def test_carousel_is_taken_and_answers() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        cards = tuple(
            Card("Т" * 80, "о" * 80, buttons=tuple(Button(f"{n}", f"{card}:{n}") for n in range(3)))
            for card in range(10)
        )
        reference = await we.shows(Text(says("Меню").body, cards=cards))
        assert len(stand.screen().bubbles[-1].keys) == 10
        await stand.gesture("press", message=reference, row=9, column=2)
        *_, pressed = await we.heard(2)
        assert pressed.payload == "9:2"


async def test_picture_is_uploaded_once_and_known_from_then_on() -> None:
    async with standing() as stand, ours(stand) as we:
        menu = Text(says("Меню").body, media=(Media("image", file="m1"),))
        files = {"m1": File("меню.png", "image/png", PNG)}
        (sent,) = await we.vk.send([to(ANNA.vk, menu, "77", files=files)])
        assert isinstance(sent, Sent)
        known = sent.uploads["m1"].id
        assert known.startswith(f"photo-{stand.vk.settings.group_id}_")
        again = Text(says("Ещё раз").body, media=(Media("image", id=known),))
        await we.shows(again)
        assert [bool(bubble.image) for bubble in stand.screen().bubbles] == [True, True]


async def test_message_takes_an_earlier_one_s_place_or_is_said_anew() -> None:
    async with standing() as stand, ours(stand) as we:
        first = await we.shows(says("Кофе?", Button("Да", "y")))
        assert await we.shows(Text(says("Латте?").body, replaces=first)) == first
        assert [bubble.text for bubble in stand.screen().bubbles] == ["Латте?"]
        gone = await we.shows(Text(says("Чай?").body, replaces="987654"))
        assert [bubble.id for bubble in stand.screen().bubbles] == [first, gone]


async def test_read_marks_tell_how_far_people_have_read() -> None:
    async with standing() as stand, ours(stand) as we:
        people = [Address(NAME, "main", str(peer)) for peer in (ANNA.vk, BORIS.vk)]
        await we.shows(says("Раз"))
        assert await we.vk.read_marks(people) == []
        second = await we.shows(says("Два"))
        await stand.gesture("read")
        (report,) = await we.vk.read_marks(people)
        assert (report.address, report.reference) == (people[0], second)
        (again,) = await we.vk.read_marks(people)
        assert again.event_id == report.event_id


async def test_typing_is_shown() -> None:
    async with standing() as stand, ours(stand) as we:
        assert await we.says(Seen("1")) == [Sent("")]
        assert await we.says(Seen("1"), 999) != [Sent("")]


async def test_button_without_a_label_is_refused_and_holds_up_nobody() -> None:
    async with standing() as stand, ours(stand) as we:
        stand.vk.opened(BORIS.vk)
        mute = says("?", Button("", "y"))
        refused, sent = await we.vk.send([to(ANNA.vk, mute, "1"), to(BORIS.vk, says("Да"), "2")])
        assert isinstance(refused, Rejected)
        assert refused.code == "911"
        assert isinstance(sent, Sent)
