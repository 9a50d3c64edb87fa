"""VK goes out: what the API's answers mean, and their absence."""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from typing import Any

import pytest

from bots.vk.errors import REACTIONS, refusal
from tests.bots.tables import Answer, serving
from tests.bots.vk.speaking import (
    TAKEN,
    TOKEN,
    asked,
    channel,
    refused,
    says,
    speaking,
    taken,
    to,
)
from vestnik.outbound import Acknowledge, Edit
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


def beside(code: int, text: str = "no") -> Answer:
    """An error beside the recipient, in an answer that is none itself."""
    error = {"code": code, "description": text}
    return taken({"peer_id": 5001, "message_id": 0, "error": error})


MEANINGS: dict[str, tuple[Answer, SendResult]] = {
    "taken": (TAKEN, Sent("17")),
    "taken, a bare number": (Answer({"response": 17}), Sent("17")),
    "throttled": (refused(6), Throttled(1)),
    "throttled by a proxy": (Answer("<html>", 429, {"Retry-After": "30"}), Throttled(30)),
    "throttled by a proxy, garbage": (Answer("", 429, {"Retry-After": "soon"}), Throttled(1)),
    "throttled by a proxy, for years": (
        Answer("", 429, {"Retry-After": "9" * 400}),
        Throttled(3600),
    ),
    "flooded": (refused(9), Throttled(600, "address")),
    "quota": (refused(29), Throttled(3600)),
    "inside VK": (refused(10), Ambiguous("10")),
    "unknown error": (refused(1), Ambiguous("1")),
    "cannot now": (refused(43), Temporary("43")),
    "blacklisted": (refused(900), Unreachable("blocked", "900")),
    "not allowed": (refused(901), Unreachable("not_allowed", "901")),
    "privacy": (beside(902), Unreachable("not_allowed", "902")),
    "gone": (refused(18), Unreachable("no_account", "18")),
    "no such peer among several": (beside(100), Unreachable("no_account", "100")),
    "bad parameter": (refused(100, "keyboard is invalid"), Rejected("100", "keyboard is invalid")),
    "too long": (refused(914, "Message is too long"), Rejected("914", "Message is too long")),
    "keyboard": (refused(911, "Keyboard format"), Rejected("911", "Keyboard format")),
    "window": (refused(950), WindowClosed("950")),
    "token revoked": (
        refused(5, "User authorization"),
        ChannelDown("VK error 5: User authorization"),
    ),
    "captcha without its fields": (refused(14, "Captcha"), ChannelDown("VK error 14: Captcha")),
    "bots are off": (refused(912, "Chat bot"), ChannelDown("VK error 912: Chat bot")),
    "unheard of, of messages": (refused(979), Unreachable("not_allowed", "979")),
    "unheard of": (refused(4242), Temporary("4242")),
    "error without a code": (Answer({"error": {"error_msg": "?"}}), Ambiguous("unreadable")),
    "error without a code beside": (
        taken({"peer_id": 5001, "error": {}}),
        Ambiguous("unreadable"),
    ),
    "server error": (Answer({"error": "x"}, 500), Ambiguous("http_500")),
    "html": (Answer("<html>Bad Gateway</html>", 502), Ambiguous("http_502")),
    "html with success": (Answer("<html>Hello</html>"), Ambiguous("unreadable")),
    "empty": (Answer(""), Ambiguous("unreadable")),
    "depth bomb": (Answer("[" * 100_000), Ambiguous("unreadable")),
    "a list": (Answer([1]), Ambiguous("unreadable")),
    "not unicode": (Answer(b'{"response": "\xff"}'), Ambiguous("UnicodeDecodeError")),
    "not mentioned": (taken({"peer_id": 5002, "message_id": 1}), Ambiguous("not_mentioned")),
    "no number": (taken({"peer_id": 5001}), Ambiguous("unreadable")),
    "response of another kind": (Answer({"response": "ok"}), Ambiguous("not_mentioned")),
    "hangs": (Answer(fault="hang"), Ambiguous("TimeoutError")),
    "reset": (Answer(fault="reset"), Ambiguous("ClientOSError")),
    "closed": (Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
}


@pytest.mark.parametrize("label", MEANINGS)
async def test_meaning(label: str) -> None:
    answer, result = MEANINGS[label]
    async with speaking(answer) as (vk, community):
        assert await community.send([to("5001", says("Привет"))]) == [result]
        assert len(vk.requests) == 1


@pytest.mark.parametrize("code", sorted(REACTIONS))
def test_every_code_has_an_outcome_that_names_it(code: int) -> None:
    result = refusal(code, "text")
    assert isinstance(result, Throttled) or str(code) in repr(result)


async def test_errors_of_edits_and_presses_are_theirs() -> None:
    async with speaking(refused(909, "Too old"), refused(100, "event_id")) as (_, community):
        press = '{"event_id":"4f","user_id":5001,"peer_id":5001}'
        assert await community.send([to("5001", Edit("11", says("?")))]) == [
            Rejected("909", "Too old")
        ]
        assert await community.send([to("5001", Acknowledge(press))]) == [
            Rejected("100", "event_id")
        ]


async def sends_to(url: str) -> SendResult:
    async with channel(url) as community:
        (result,) = await community.send([to("5001", says("Привет"))])
    return result


async def test_unreachable_server_got_nothing() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert await sends_to(url) == Temporary("ClientConnectorError")


async def test_failed_handshake_sends_nothing() -> None:
    async with serving(TAKEN) as vk:
        url = vk.url.replace("http:", "https:")
        assert await sends_to(url) == Temporary("ClientConnectorSSLError")
        assert vk.requests == []


async def test_what_is_no_address_stops_the_channel() -> None:
    assert await sends_to("http://") == ChannelDown("VK_API_URL is not an address")


async def test_one_peer_s_error_is_not_the_others() -> None:
    items: list[dict[str, Any]] = [
        {"peer_id": 1, "message_id": 71},
        {"peer_id": 2, "message_id": 0, "error": {"code": 901, "description": "no"}},
    ]
    batch = [to(f"{peer}", says("Акция")) for peer in (1, 2, 3)]
    async with speaking(taken(*items)) as (_, community):
        assert await community.send(batch) == [
            Sent("71"),
            Unreachable("not_allowed", "901"),
            Ambiguous("not_mentioned"),
        ]


async def test_request_refused_for_one_of_several_is_made_for_each() -> None:
    gone = refused(113, "Invalid user id")
    one, three = ({"peer_id": peer, "message_id": 70 + peer} for peer in (1, 3))
    batch = [to(f"{peer}", says("Акция")) for peer in (1, 2, 3)]
    async with speaking(gone, taken(one), gone, taken(three)) as (vk, community):
        assert await community.send(batch) == [
            Sent("71"),
            Unreachable("no_account", "113"),
            Sent("73"),
        ]
        assert [asked(it)["peer_ids"] for it in vk.requests] == ["1,2,3", "1", "2", "3"]
        assert {asked(it)["random_id"] for it in vk.requests} == {"7"}


async def test_a_pause_holds_what_has_not_gone() -> None:
    batch = [to(f"{n}", says("Привет"), f"{n}") for n in range(1, 101)]
    async with speaking(refused(6)) as (vk, community):
        assert await community.send(batch) == [Throttled(1)] * 100
        assert len(vk.requests) <= 20


async def test_what_failed_for_now_holds_its_own_address() -> None:
    first, second = to("5001", says("1"), "1"), to("5001", says("2"), "2")
    async with speaking(refused(43), TAKEN) as (vk, community):
        assert await community.send([first, second]) == [Temporary("43")] * 2
        assert await community.send([first, second]) == [Sent("17")] * 2
        assert [asked(request)["message"] for request in vk.requests] == ["1", "1", "2"]


async def test_cancelling_passes_through() -> None:
    async with speaking(Answer(fault="hang"), timeout=9) as (vk, community):
        sending = asyncio.ensure_future(community.send([to("5001", says("1"))]))
        await vk.arrived.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


UNDISTURBED = """
import logging, warnings
before = warnings.showwarning
from bots.vk import Settings, build
build(Settings(token="t", group_id=1))
import vkbottle
assert warnings.showwarning is before
logger = logging.getLogger("vkbottle")
assert not logger.handlers, logger.handlers
assert not logger.isEnabledFor(logging.INFO)
"""


async def test_vkbottle_leaves_logs_and_warnings_alone() -> None:
    assert await python(UNDISTURBED) == (0, "")


async def test_build_alone_brings_the_library() -> None:
    assert await python("import bots.vk, sys; assert 'vkbottle' not in sys.modules") == (0, "")


async def python(program: str) -> tuple[int | None, str]:
    """Exit code and complaints of a process of its own, where nothing is imported yet."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stderr=PIPE)
    _, complaints = await process.communicate()
    return process.returncode, complaints.decode()
