"""VK goes out in few requests: what people are told alike, what each is told, in whose order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bots.vk import Settings, build
from bots.vk.batch import random_id
from tests.bots.tables import Answer
from tests.bots.vk.speaking import (
    GROUP,
    SALE,
    TAKEN,
    TOKEN,
    asked,
    calls,
    item_of,
    refused,
    says,
    scripted,
    speaking,
    taken,
    to,
)
from vestnik.abilities import Pack
from vestnik.outbound import Edit, Recipient, Seen, Send
from vestnik.outcome import (
    Ambiguous,
    Declined,
    Sent,
    Throttled,
    Unreachable,
)


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


def pack(batch: list[Send]) -> list[Pack]:
    community = build(Settings(group_id=GROUP))
    return list(community.pack(batch))


def named(batch: list[Send], packs: list[Pack]) -> list[Send]:
    """The batch as it is called for: who shares a handle has that of the first."""
    given = {at: batch[it.places[0]].handle for it in packs if it.one_handle for at in it.places}
    return [replace(item, handle=given.get(at, item.handle)) for at, item in enumerate(batch)]


def sale(count: int, first: int = 1, **more: Any) -> list[Send]:
    return [to(f"{n}", SALE, f"{n}", **more) for n in range(first, first + count)]


def test_same_words_are_proposed_to_go_together() -> None:
    assert pack(sale(150)) == [
        Pack(tuple(range(100)), one_handle=True),
        Pack(tuple(range(100, 150)), one_handle=True),
    ]


def test_what_is_told_to_one_only_is_proposed_as_a_script() -> None:
    batch = [to(f"{n}", says(f"Здравствуйте, {n}"), f"{n}") for n in range(1, 61)]
    assert pack(batch) == [
        Pack(tuple(range(25))),
        Pack(tuple(range(25, 50))),
        Pack(tuple(range(50, 60))),
    ]


def test_words_that_look_alike_but_go_differently_are_not_together() -> None:
    old_app = Recipient(shows=frozenset({"text", "keyboard"}))
    batch = [
        to("1", SALE, "1"),
        to("2", SALE, "2", recipient=old_app),
        to("3", SALE, "3", bulk=True),
        to("4", replace(SALE, reply_to="11"), "4"),
        to("5", replace(SALE, replaces="11"), "5"),
        to("6", Edit("11", SALE), "6"),
        to("7", Seen("11"), "7"),
        to("+7916", SALE, "8"),
    ]
    assert pack(batch) == [Pack((4,)), Pack((5,)), Pack((6,)), Pack((7,)), Pack((0, 1, 2, 3))]


def test_apps_that_show_the_same_do_not_part_people() -> None:
    apps = [frozenset({"text", "callback", "inline_keyboard"}), None]
    batch = [
        to(f"{n}", SALE, f"{n}", recipient=Recipient(shows=shows))
        for n, shows in enumerate(apps, 1)
    ]
    assert pack(batch) == [Pack((0, 1), one_handle=True)]


def test_an_earlier_try_keeps_its_handle_and_its_company() -> None:
    earlier = [to("1", SALE, "7"), to("2", SALE, "7")]
    alone = to("3", SALE, "9", again=True)
    batch = [*earlier, alone, *sale(2, 4)]
    assert pack(batch) == [
        Pack((0, 1), one_handle=True),
        Pack((3, 4), one_handle=True),
        Pack((2,)),
    ]


def test_an_address_has_one_place_in_a_request() -> None:
    batch = [to("1", SALE, "1"), to("1", SALE, "2"), to("2", SALE, "3")]
    assert pack(batch) == [Pack((0, 2), one_handle=True), Pack((1,))]


@pytest.mark.parametrize("whole", [True, False])
async def test_what_was_planned_is_what_is_called(whole: bool) -> None:
    personal = [to(f"{n}", says(f"Здравствуйте, {n}"), f"{n}") for n in range(201, 231)]
    batch = [*sale(120), *personal, to("1", says("Ещё"), "300")]
    packs = pack(batch)
    batch = named(batch, packs)
    given = [batch] if whole else [[batch[at] for at in it.places] for it in packs]
    async with speaking(Answer({"response": "?"})) as (vk, community):
        for part in given:
            await community.send(part)
    assert len(vk.requests) == len(packs) == 5
    together = [asked(it) for it in vk.requests if it.path == "/method/messages.send"]
    assert sorted(len(it["peer_ids"].split(",")) for it in together) == [1, 20, 100]
    scripts = [calls(it) for it in vk.requests if it.path == "/method/execute"]
    assert sorted(map(len, scripts)) == [5, 25]
    assert {each["random_id"] for it in scripts for each in it} == set(range(201, 231))


async def test_same_words_under_one_handle_share_a_request() -> None:
    batch = [to(str(peer), SALE) for peer in range(1, 151)]
    async with speaking(taken(*map(item_of, range(1, 151)))) as (vk, community):
        assert await community.send(batch) == [Sent(str(900 + peer)) for peer in range(1, 151)]
    sizes = [len(asked(request)["peer_ids"].split(",")) for request in vk.requests]
    assert sorted(sizes) == [50, 100]
    assert {asked(request)["random_id"] for request in vk.requests} == {"7"}


async def test_one_peer_s_error_is_not_the_others() -> None:
    error = {"code": 901, "description": "no"}
    answer = taken(item_of(1), {"peer_id": 2, "message_id": 0, "error": error})
    async with speaking(answer) as (_, community):
        assert await community.send([to(f"{peer}", SALE) for peer in (1, 2, 3)]) == [
            Sent("901"),
            Unreachable("not_allowed", "901"),
            Ambiguous("not_mentioned"),
        ]


async def test_request_refused_for_one_of_several_is_made_for_each() -> None:
    gone = refused(113, "Invalid user id")
    each = scripted([item_of(1)], False, [item_of(3)], errors=[(113, "Invalid user id")])
    async with speaking(gone, each) as (vk, community):
        assert await community.send([to(f"{peer}", SALE) for peer in (1, 2, 3)]) == [
            Sent("901"),
            Unreachable("no_account", "113"),
            Sent("903"),
        ]
    assert asked(vk.requests[0])["peer_ids"] == "1,2,3"
    assert [(it["peer_ids"], it["random_id"]) for it in calls(vk.requests[1])] == [
        ("1", 7),
        ("2", 7),
        ("3", 7),
    ]


async def test_person_gets_messages_in_their_order() -> None:
    batch = [to(f"{n % 3 + 1}", says(f"{n}"), f"{n + 1}") for n in range(9)]
    async with speaking(scripted(17, 18, 19)) as (vk, community):
        assert await community.send(batch) == [Sent(f"{17 + n % 3}") for n in range(9)]
    said = [[(it["peer_ids"], it["message"]) for it in calls(request)] for request in vk.requests]
    assert said == [
        [("1", "0"), ("2", "1"), ("3", "2")],
        [("1", "3"), ("2", "4"), ("3", "5")],
        [("1", "6"), ("2", "7"), ("3", "8")],
    ]


async def test_refused_intent_is_left_out_in_the_same_call() -> None:
    declined = {"code": 943, "description": "Cannot use this intent"}
    first = taken(item_of(1), {"peer_id": 2, "message_id": 0, "error": declined})
    batch = [to(f"{peer}", SALE, bulk=True) for peer in (1, 2)]
    again = taken(item_of(2))
    async with speaking(first, again, intent="promo_newsletter") as (vk, community):
        assert await community.send(batch) == [Sent("901"), Sent("902")]
    with_intent, without = map(asked, vk.requests)
    assert (with_intent["peer_ids"], with_intent["intent"]) == ("1,2", "promo_newsletter")
    assert without["peer_ids"] == "2"
    assert "intent" not in without
    # Another request to VK, yet the same one whenever it is made again.
    assert without["random_id"] == str(random_id("7:default")) != with_intent["random_id"]


@pytest.mark.parametrize("code", [943, 944])
async def test_intent_that_is_refused_whole_is_left_out(code: int) -> None:
    batch = [to("1", says("1"), "1", bulk=True), to("2", says("2"), "2", bulk=True)]
    refusals = scripted(False, False, errors=[(code, "no"), (code, "no")])
    answers = refusals, scripted([item_of(1)], [item_of(2)])
    async with speaking(*answers, intent="customer_support") as (vk, community):
        assert await community.send(batch) == [Sent("901"), Sent("902")]
    assert ["intent" in it for it in calls(vk.requests[0]) + calls(vk.requests[1])] == [
        True,
        True,
        False,
        False,
    ]


async def test_intent_is_left_out_once() -> None:
    async with speaking(refused(943), intent="customer_support") as (vk, community):
        (result,) = await community.send([to("1", SALE, bulk=True)])
    assert result == Declined("943")
    assert len(vk.requests) == 2


async def test_pause_ends_a_request_that_is_made_for_each() -> None:
    batch = [to(f"{peer}", SALE) for peer in range(1, 61)]
    async with speaking(refused(113), refused(6)) as (vk, community):
        assert await community.send(batch) == [Throttled(1)] * 60
    assert len(vk.requests) == 2


async def test_single_message_needs_no_script() -> None:
    async with speaking(TAKEN) as (vk, community):
        await community.send([to("5001", SALE)])
    assert vk.requests[0].path == "/method/messages.send"
