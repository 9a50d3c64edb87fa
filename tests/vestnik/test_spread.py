"""A batch: order at an address, nothing sent into a pause."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from vestnik.address import Address, ChannelName
from vestnik.outbound import Send, Text
from vestnik.outcome import Ambiguous, ChannelDown, Rejected, SendResult, Sent, Temporary, Throttled
from vestnik.richtext import RichText, Span
from vestnik.spread import spread


def batch(*whom: str) -> list[Send]:
    """Messages numbered from 0, to these handles."""
    places = (Address(ChannelName("any"), "main", handle) for handle in whom)
    return [Send(address, Text(RichText(str(number)))) for number, address in enumerate(places)]


async def sent(items: Sequence[Send], first: SendResult) -> list[str]:
    """Which messages left when the first one's result is `first`; all others are taken."""
    left: list[str] = []

    async def send(item: Send) -> SendResult:
        assert isinstance(item.outbound, Text)
        words = item.outbound.body.text
        left.append(words)
        return first if words == "0" else Sent(words)

    results = await spread(items, send)
    assert [results[int(words)] for words in left[1:]] == [Sent(words) for words in left[1:]]
    held = [result for place, result in enumerate(results) if str(place) not in left]
    assert held == [first] * len(held)
    return left


@pytest.mark.parametrize(
    ("first", "left"),
    [
        (Sent("0"), ["0", "2", "1"]),
        (Rejected("bad"), ["0", "2", "1"]),
        (Ambiguous("lost"), ["0", "2", "1"]),
        (Temporary("later"), ["0", "1"]),
        (Throttled(1.0, "address"), ["0", "1"]),
        (Throttled(1.0), ["0"]),
        (ChannelDown("no funds"), ["0"]),
    ],
)
async def test_what_a_result_holds_up(first: SendResult, left: list[str]) -> None:
    assert sorted(await sent(batch("anna", "boris", "anna"), first)) == sorted(left)


async def test_what_holds_back_broadcasts_holds_up_no_answer() -> None:
    restricted = ChannelDown("too many complaints", bulk=True)
    broadcast, answers = batch("anna", "boris"), batch("anna", "boris", "vera")
    items = [*(replace(item, bulk=True) for item in broadcast), *answers]

    async def send(item: Send) -> SendResult:
        return restricted if item.bulk else Sent("taken")

    results = await spread(items, send)
    assert results == [restricted] * 2 + [Sent("taken")] * 3


async def test_two_addresses_of_one_place_keep_their_order() -> None:
    async def send(item: Send) -> SendResult:
        return Temporary("later") if item.address.handle == "-4321" else Sent("taken")

    items = batch("-4321", "-1009", "5001")
    results = await spread(items, send, lambda address: address.handle[0] == "-")
    assert results == [Temporary("later"), Temporary("later"), Sent("taken")]


async def test_one_address_keeps_its_order_and_others_go_at_once() -> None:
    under_way: list[int] = []
    seen: list[str] = []

    async def send(item: Send) -> SendResult:
        under_way.append(len(under_way))
        await asyncio.sleep(0.01)
        most = len(under_way)
        under_way.pop()
        assert isinstance(item.outbound, Text)
        seen.append(f"{item.address.handle}{item.outbound.body.text}")
        return Sent(str(most))

    results = await spread(batch(*"abcabcabc"), send)
    assert [words for words in seen if words[0] == "a"] == ["a0", "a3", "a6"]
    assert max(int(it.reference) for it in results if isinstance(it, Sent)) == 3
    assert len(results) == 9


@pytest.mark.parametrize(
    ("rich", "spelled"),
    [
        (RichText("plain"), RichText("plain")),
        (
            RichText("see here!", (Span(4, 8, "link", "https://x.y"),)),
            RichText("see here (https://x.y)!"),
        ),
        (RichText("https://x.y", (Span(0, 11, "link", "https://x.y"),)), RichText("https://x.y")),
        (
            RichText(
                "a b c", (Span(0, 1, "link", "u"), Span(2, 3, "bold"), Span(4, 5, "link", "v"))
            ),
            RichText("a (u) b c (v)", (Span(6, 7, "bold"),)),
        ),
    ],
)
def test_links_spelled_out(rich: RichText, spelled: RichText) -> None:
    assert rich.spelled() == spelled
