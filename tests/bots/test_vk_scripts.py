"""VK goes out by scripts: several messages in one call, each with an outcome of its own."""

from collections.abc import Iterator

import pytest

from tests.bots.tables import Answer
from tests.bots.vk.speaking import (
    SALE,
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
from vestnik.outcome import (
    Ambiguous,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
)


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


async def test_others_share_a_script_each_with_a_handle_of_its_own() -> None:
    tricky = "</script>\u2028\u2029\"'\\n 👋 %s\n"
    batch = [to("1", says(tricky), "11"), to("2", SALE, "12"), to("3", SALE, "")]
    answer = scripted([item_of(1)], [item_of(2)], 17)
    async with speaking(answer) as (vk, community):
        assert await community.send(batch) == [Sent("901"), Sent("902"), Sent("17")]
    (request,) = vk.requests
    code = asked(request)["code"]
    assert not {"</", "\u2028", "\u2029", "\n"} & set(code) | ({"</"} if "</" in code else set())
    first, second, third = calls(request)
    assert (first["peer_ids"], first["random_id"], first["message"]) == ("1", 11, tricky)
    assert (second["peer_ids"], second["random_id"]) == ("2", 12)
    assert third["random_id"] not in (0, 11, 12)


SCRIPTS: dict[str, tuple[Answer, list[SendResult]]] = {
    "each_its_own": (
        scripted([item_of(1)], False, False, errors=[(901, "no"), (914, "long")]),
        [Sent("901"), Unreachable("not_allowed", "901"), Rejected("914", "long")],
    ),
    "error_beside_the_peer": (
        scripted(
            [{"peer_id": 1, "message_id": 0, "error": {"code": 902}}], [item_of(2)], [item_of(3)]
        ),
        [Unreachable("not_allowed", "902"), Sent("902"), Sent("903")],
    ),
    "errors_that_are_not_told": (
        scripted(False, [item_of(2)], False, errors=[(901, "no")]),
        [Ambiguous("no_reason"), Sent("902"), Ambiguous("no_reason")],
    ),
    "errors_of_another_kind": (
        Answer({"response": [False, 1, 2], "execute_errors": [{"method": "messages.send"}]}),
        [Ambiguous("unreadable"), Sent("1"), Sent("2")],
    ),
    "no_errors_at_all": (
        Answer({"response": [False, 1, 2], "execute_errors": "?"}),
        [Ambiguous("no_reason"), Sent("1"), Sent("2")],
    ),
    "too_few": (scripted([item_of(1)]), [Ambiguous("unreadable")] * 3),
    "no_list": (Answer({"response": None}), [Ambiguous("unreadable")] * 3),
    "throttled": (refused(6), [Throttled(1)] * 3),
    "inside_vk": (refused(10), [Ambiguous("10")] * 3),
    "broke_off": (refused(13), [Ambiguous("13")] * 3),
    "for_now": (refused(43), [Temporary("43")] * 3),
    "server_error": (Answer("<html>", 502), [Ambiguous("http_502")] * 3),
}


@pytest.mark.parametrize("label", SCRIPTS)
async def test_script(label: str) -> None:
    answer, results = SCRIPTS[label]
    batch = [to(f"{n}", says(f"{n}"), f"{n}") for n in (1, 2, 3)]
    async with speaking(answer) as (vk, community):
        assert await community.send(batch) == results
    assert len(vk.requests) == 1


async def test_script_that_vk_cannot_read_is_called_piece_by_piece() -> None:
    one, two = taken(item_of(1)), taken(item_of(2))
    batch = [to(f"{n}", says(f"{n}"), f"{n}") for n in (1, 2)]
    async with speaking(refused(12), one, two) as (vk, community):
        assert await community.send(batch) == [Sent("901"), Sent("902")]
    assert [asked(it)["random_id"] for it in vk.requests[1:]] == ["1", "2"]


async def test_half_a_character_is_its_own_trouble_only() -> None:
    batch = [to("1", says("\ud83d"), "1"), to("2", says("Да"), "2"), to("3", says("?"), "3")]
    async with speaking(scripted([item_of(2)], [item_of(3)])) as (_, community):
        broken, *whole = await community.send(batch)
    assert isinstance(broken, Rejected)
    assert whole == [Sent("902"), Sent("903")]
