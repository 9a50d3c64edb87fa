from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

from tests.app.api_caller import Caller
from tests.app.api_people import arrives, at, replied, said, taken
from vestnik.inbound import Author, ButtonPressed, MediaReceived, Started, TextReceived

WHEN = datetime(2026, 10, 1, 9, tzinfo=UTC)
ANYA = Author("501", "Аня")


def text(number: int, words: str) -> TextReceived:
    return TextReceived(
        event_id=f"u{number}",
        address=at("501"),
        author=ANYA,
        at=WHEN,
        reference=str(number),
        text=words,
    )


async def test_both_sides_of_a_talk(both: Caller) -> None:
    database = both.house.database
    person = await arrives(database, "501", agrees=True)
    press = ButtonPressed(
        event_id="u11",
        address=at("501"),
        author=ANYA,
        at=WHEN,
        reference="9000",
        payload="yes",
        press="4382bfdwdsb323b2d9",
    )
    await said(database, person, text(10, "Привет"))
    await taken(database, await replied(database, person, "501", "Здравствуйте!"), "9000")
    await said(database, person, press)
    drafted = await both.post("/broadcasts", {"segment": {}, "text": "**Скидки**"})
    await both.post(f"/broadcasts/{drafted.body['id']}/start")
    receipt = {"person": person, "text": "Заказ готов", "ground": "order 1017"}
    await both.post("/messages", receipt, Idempotency_Key="1017")

    found = (await both.get(f"/people/{person}/messages")).items
    told = [
        (it["direction"], it["kind"], it["state"], it["channel"], it["text"], it["external_id"])
        for it in found
    ]
    assert told == [
        ("out", "transactional", "planned", None, "Заказ готов", None),
        ("out", "broadcast", "planned", None, "Скидки", None),
        ("in", None, "received", "telegram", "yes", "u11"),
        ("out", "reply", "accepted", "telegram", "Здравствуйте!", "9000"),
        ("in", None, "received", "telegram", "Привет", "10"),
    ]
    assert [it["at"] for it in found] == sorted((it["at"] for it in found), reverse=True)


async def test_pages_cross_from_one_side_to_the_other(both: Caller) -> None:
    database = both.house.database
    person = await arrives(database, "501")
    stranger = await arrives(database, "502")
    for number in range(3):
        await said(database, person, text(number, f"вопрос {number}"))
        await replied(database, person, "501", f"ответ {number}")
        await replied(database, stranger, "502", "не сюда")
    found = await both.everything(f"/people/{person}/messages", limit=2)
    assert [it["text"] for it in found] == [
        f"{side} {number}" for number in (2, 1, 0) for side in ("ответ", "вопрос")
    ]
    assert len({it["id"] for it in found}) == 6


async def test_messages_of_one_moment_are_all_shown_once(both: Caller) -> None:
    database = both.house.database
    person = await arrives(database, "501")
    await said(database, person, *(text(number, str(number)) for number in range(5)))
    found = await both.everything(f"/people/{person}/messages", limit=2)
    assert len({it["at"] for it in found}) == 1
    assert [it["text"] for it in found] == ["4", "3", "2", "1", "0"]


async def test_what_is_no_text_has_words_too(both: Caller) -> None:
    person = await arrives(both.house.database, "501")
    happened: dict[str, Any] = {"address": at("501"), "author": ANYA, "at": WHEN}
    await said(
        both.house.database,
        person,
        Started(event_id="u1", payload="friend", **happened),
        MediaReceived(event_id="u2", kind="voice", **happened),
        ButtonPressed(
            event_id="u3", payload="city:1", label="Казань", reference="wamid.3", **happened
        ),
    )
    found = (await both.get(f"/people/{person}/messages")).items
    assert [it["text"] for it in found] == ["Казань", "[voice]", "/start friend"]
    # Where a press is a message of its own (WhatsApp), it goes by that message's id.
    assert [it["external_id"] for it in found] == ["wamid.3", "u2", "u1"]


async def test_a_cursor_of_another_list_is_garbage(api: Caller) -> None:
    for number in (501, 502):
        person = await arrives(api.house.database, str(number))
    foreign = (await api.get("/people", limit=1)).body["next"]
    answer = await api.get(f"/people/{person}/messages", cursor=foreign)
    assert answer.status == 400


async def test_a_cursor_at_the_end_of_time_is_garbage(api: Caller) -> None:
    person = await arrives(api.house.database, "501")
    position = b'["0001-01-01T00:00:00+14:00","in",1]'
    cursor = urlsafe_b64encode(position).decode()
    assert (await api.get(f"/people/{person}/messages", cursor=cursor)).status == 400
