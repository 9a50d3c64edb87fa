"""VK goes out: what the API's answers mean, and their absence."""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator

import pytest

from bots.vk.api import LONGEST_ANSWER
from bots.vk.errors import REACTIONS, refusal
from tests.bots.tables import Answer, serving
from tests.bots.vk.rows import ANSWERS
from tests.bots.vk.speaking import TAKEN, TOKEN, asked, channel, refused, says, speaking, to
from vestnik.outbound import Acknowledge, Edit
from vestnik.outcome import Ambiguous, ChannelDown, Rejected, SendResult, Sent, Temporary, Throttled


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("name", ANSWERS)
async def test_meaning(name: str) -> None:
    answer, result = ANSWERS[name]
    # Half of the time is for the connection: it must do on a busy machine too.
    patience = {"timeout": 4} if answer.fault == "hang" else {}
    async with speaking(answer, **patience) as (vk, community):
        assert await community.send([to("5001", says("Привет"))]) == [result]
        assert len(vk.requests) == 1
    assert TOKEN not in repr(result)


@pytest.mark.parametrize("code", sorted(REACTIONS))
def test_every_code_has_an_outcome_that_names_it(code: int) -> None:
    result = refusal(code, "text")
    assert isinstance(result, Throttled) or str(code) in repr(result)


async def test_errors_of_edits_and_presses_are_theirs() -> None:
    answers = refused(909, "Too old"), refused(100, "event_id"), refused(15)
    async with speaking(*answers) as (_, community):
        press = '{"event_id":"4f","user_id":5001,"peer_id":5001}'
        assert await community.send([to("5001", Edit("11", says("?")))]) == [
            Rejected("909", "Too old")
        ]
        assert await community.send([to("5001", Acknowledge(press))]) == [
            Rejected("100", "event_id")
        ]
        assert await community.send([to("5001", Edit("11", says("?")))]) == [
            Rejected("15", "messages.edit: VK error 15: no")
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


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_a_redirect_carries_the_token_nowhere(status: int) -> None:
    async with serving(TAKEN) as elsewhere:
        away = Answer("", status, {"Location": f"{elsewhere.url}/method/messages.send"})
        async with speaking(away) as (vk, community):
            (result,) = await community.send([to("5001", says("Привет"))])
            assert result == Ambiguous("unreadable")
            assert len(vk.requests) == 1
        assert elsewhere.requests == []


async def test_an_answer_without_an_end_is_given_up() -> None:
    async with speaking(Answer(b" " * LONGEST_ANSWER + b'{"response":17}')) as (_, community):
        assert await community.send([to("5001", says("Привет"))]) == [Ambiguous("ValueError")]


async def test_a_pause_holds_what_has_not_gone() -> None:
    batch = [to(f"{n}", says("Привет"), f"{n}") for n in range(1, 101)]
    async with speaking(refused(6)) as (vk, community):
        assert await community.send(batch) == [Throttled(1)] * 100
        assert len(vk.requests) <= 4


async def test_what_failed_for_now_holds_its_own_address() -> None:
    first, second = to("5001", says("1"), "1"), to("5001", says("2"), "2")
    async with speaking(refused(43), TAKEN) as (vk, community):
        assert await community.send([first, second]) == [Temporary("43")] * 2
        assert await community.send([first, second]) == [Sent("17")] * 2
        assert [asked(request)["message"] for request in vk.requests] == ["1", "1", "2"]


async def test_cancelling_passes_through() -> None:
    async with speaking(Answer(fault="hang"), timeout=60) as (vk, community):
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
