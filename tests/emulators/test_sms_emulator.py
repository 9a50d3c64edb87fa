"""The emulated SMS gateway: segments, prices, answers and refusals."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from emulators.sms import segments
from tests.emulators.sms_stage import ANNA, BORIS, LOGIN, SETTINGS, Stage, on_stage
from tests.emulators.stagehand import eventually, seen_by_caller

# sms.md section 2.1
COUNTS = [
    ("latin at its limit", "a" * 160, 1),
    ("latin above it", "a" * 161, 2),
    ("two full parts", "a" * 306, 2),
    ("three parts", "a" * 307, 3),
    ("cyrillic at its limit", "ж" * 70, 1),
    ("cyrillic above it", "ж" * 71, 2),
    ("two full cyrillic parts", "ж" * 134, 2),
    ("three cyrillic parts", "ж" * 135, 3),
    ("150 cyrillic characters", "ж" * 150, 3),
    ("euro counts twice", "€" * 80, 1),
    ("81 euro", "€" * 81, 2),
    ("35 emoji", "😀" * 35, 1),
    ("36 emoji", "😀" * 36, 2),
    ("capital cedilla is latin", "Ç" * 160, 1),
    ("section sign is latin", "§" * 160, 1),
    ("small cedilla is not", "ç" * 71, 2),
    ("backtick is not", "`" * 71, 2),
    ("tab is not", "\t" * 71, 2),
    ("no-break space is not", "\u00a0" * 71, 2),
    ("form feed counts twice", "\f" * 80, 1),
]


@pytest.mark.parametrize(("text", "count"), [row[1:] for row in COUNTS], ids=[r[0] for r in COUNTS])
def test_segments_are_counted_as_operators_do(text: str, count: int) -> None:
    assert segments.count(text) == count
    assert "".join(segments.split(text)) == text


def test_pairs_are_not_cut_in_two() -> None:
    assert [len(part) for part in segments.split("a" * 152 + "€" + "a" * 100)] == [152, 101]
    assert [len(part) for part in segments.split("ж" * 66 + "😀" + "ж" * 10)] == [66, 11]


def test_the_basic_alphabet_is_complete() -> None:
    assert len(segments.BASIC) == 127
    assert len(segments.EXTENSION) == 10
    assert not segments.BASIC & segments.EXTENSION


async def test_a_text_is_logged_billed_delivered_and_shown() -> None:
    async with on_stage() as stage:
        text = "ж" * 71
        answer = await stage.send(text, id=42, cost=3)
        assert answer == {"id": 42, "cnt": 2, "cost": "4.00", "balance": "999996.00"}
        [entry] = stage.accepted()
        assert (entry.to, entry.kind, entry.text, entry.reference, entry.opaque) == (
            ANNA,
            "sms",
            text,
            "42",
            "42",
        )
        assert entry.detail == {"segments": 2, "cost": "4.00", "sender": "VESTNIK"}
        report = await stage.report(42)
        assert (report["phone"], report["status"], report["err"]) == ("79990001122", "1", "0")
        assert (report["cnt"], report["cost"]) == ("2", "4.00")
        [bubble] = stage.screen()
        assert (bubble.text, bubble.author, bubble.mine) == (text, "VESTNIK", False)
        assert await stage.ask("balance") == {"balance": "999996.00"}
        assert await stage.text("balance", cur=1) == "999996.00 RUR"


async def test_ids_are_given_where_the_client_gives_none() -> None:
    async with on_stage() as stage:
        first, second = await stage.send("раз"), await stage.send("два")
        assert (first["id"], second["id"]) == (1, 2)
        assert stage.accepted()[0].opaque is None
        word = await stage.send("три", id="att-1.x_y")
        assert word["id"] == "att-1.x_y"


async def test_plain_formats() -> None:
    async with on_stage() as stage:
        assert await stage.text("send", phones=ANNA, mes="раз") == "OK - 1 SMS, ID - 1"
        assert (
            await stage.text("send", phones=ANNA, mes="два", fmt=1, cost=3) == "2,1,2.00,999996.00"
        )
        assert (
            await stage.text("send", phones="123", mes="x") == "ERROR = 7 (invalid number), ID - 3"
        )
        assert await stage.text("send", phones="123", mes="x", fmt=1) == "4,-7"
        assert await stage.text("send", mes="x") == "ERROR = 1 (parameters error)"
        assert await stage.text("send", mes="x", fmt=1) == "0,-1"


async def test_json_may_be_posted() -> None:
    async with on_stage() as stage:
        url = f"{stage.base}/sms/rest/send/"
        body = {"apikey": SETTINGS.apikey, "phones": ANNA, "mes": "Привет", "id": 7}
        async with stage.session.post(url, json=body) as response:
            assert await response.json() == {"id": 7, "cnt": 1}
        assert stage.accepted()[0].text == "Привет"
        for bad in (b"[1]", b"{", b'{"mes": "\\ud800"}', b"[" * 100_000):
            async with stage.session.post(url, data=bad) as response:
                assert (await response.json())["error_code"] == 1


async def test_without_a_charset_the_text_is_read_as_windows_1251() -> None:
    async with on_stage() as stage:
        url = f"{stage.base}/sms/sys/send.php"
        query = f"login={LOGIN['login']}&psw={LOGIN['psw']}&phones=79990001122&fmt=3&mes="
        for mes in ("%CF%F0%E8%E2%E5%F2", "%D0%9F%D1%80"):
            async with stage.session.post(
                url, data=query + mes, headers={"Content-Type": "application/x-www-form-urlencoded"}
            ) as response:
                assert "id" in await response.json()
        assert [entry.text for entry in stage.accepted()] == ["Привет", "РџСЂ"]


async def test_cost_alone_sends_nothing() -> None:
    async with on_stage() as stage:
        answer = await stage.ask("send", phones=f"{ANNA},{BORIS}", mes="ж" * 71, cost=1)
        assert answer == {"cost": "8.00", "cnt": 4}
        assert await stage.text("send", phones=ANNA, mes="x", cost=1) == "2.00 (1 SMS)"
        assert not stage.accepted()
        assert await stage.ask("balance") == {"balance": "1000000.00"}


async def test_one_request_may_go_to_several_phones() -> None:
    async with on_stage() as stage:
        answer = await stage.send("Привет", phones=f"{ANNA};8 (999) 000-33-44,12", op=1, cost=2)
        assert answer == {
            "id": 1,
            "cnt": 1,
            "cost": "4.00",
            "phones": [
                {"phone": "79990001122", "cost": "2.00"},
                {"phone": "79990003344", "cost": "2.00"},
                {"phone": "12", "error": "7"},
            ],
        }
        assert [entry.to for entry in stage.accepted()] == [ANNA, BORIS]
        await eventually(lambda: len(stage.receiver.reports(1)) == 2)


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("no phones", {"phones": ""}, 1, "parameters error"),
    ("no text", {"mes": ""}, 1, "parameters error"),
    ("text of 1001", {"mes": "ж" * 1001}, 1, "parameters error"),
    ("misspelt", {"messages": "x"}, 1, "parameters error"),
    ("bad format", {"fmt": 3, "cost": 7}, 1, "parameters error"),
    ("bad own id", {"id": "id with spaces"}, 1, "parameters error"),
    ("bad charset", {"charset": "utf-7"}, 1, "parameters error"),
    ("bad validity", {"valid": "25"}, 1, "parameters error"),
    ("wrong password", {"psw": "wrong"}, 2, "authorise error"),
    ("wrong key", {"apikey": "wrong"}, 2, "authorise error"),
    ("no funds", {"mes": "дорого" * 20}, 3, "no money"),
    ("bad time", {"time": "tomorrow"}, 5, "invalid date format"),
    ("impossible hours", {"time": "21-9"}, 5, "invalid date format"),
    ("forbidden word", {"mes": "лучшее КАЗИНО"}, 6, "message is denied"),
    ("unregistered sender", {"sender": "OTHER"}, 6, "message is denied"),
    ("no number", {"phones": "12345"}, 7, "invalid number"),
]


@pytest.mark.parametrize(
    ("params", "code", "text"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_refusals(params: dict[str, Any], code: int, text: str) -> None:
    settings = replace(SETTINGS, balance=Decimal("3.00"), forbidden=("казино",))
    async with on_stage(settings) as stage:
        answer = await stage.ask("send", **{"phones": ANNA, "mes": "Привет"} | params)
        assert (answer["error_code"], answer["error"]) == (code, text)
        assert ("id" in answer) is (code in (3, 6, 7))
        assert not stage.accepted()


async def test_the_money_ends() -> None:
    async with on_stage(replace(SETTINGS, balance=Decimal("4.00"))) as stage:
        await stage.send("раз")
        await stage.send("два")
        assert (await stage.ask("send", phones=ANNA, mes="три"))["error_code"] == 3
        assert await stage.ask("balance") == {"balance": "0.00"}
        assert len(stage.accepted()) == 2


async def test_the_same_request_twice_a_minute_is_refused() -> None:
    async with on_stage() as stage:
        await stage.send("раз")
        answer = await stage.ask("send", phones=ANNA, mes="раз")
        assert answer == {"error": "duplicate request, wait a minute", "error_code": 9}
        await stage.send("раз", phones=BORIS)
        stage.world.clock.advance(60)
        await stage.send("раз")
    async with on_stage(replace(SETTINGS, duplicate_seconds=0)) as stage:
        await stage.send("раз")
        await stage.send("раз")


async def test_too_many_requests_are_refused() -> None:
    async with on_stage(replace(SETTINGS, requests_per_second=2)) as stage:
        await stage.send("раз")
        await stage.send("два")
        answer = await stage.ask("send", phones=ANNA, mes="три")
        assert answer == {"error": "too many concurrent requests", "error_code": 9}
        stage.world.clock.advance(1)
        await stage.send("три")


async def test_an_error_on_demand_speaks_the_gateways_language() -> None:
    async with on_stage() as stage:
        await stage.fault(kind="error", code=8, to=ANNA)
        await stage.send("раз", phones=BORIS)
        answer = await stage.ask("send", phones=ANNA, mes="раз")
        assert (answer["error_code"], answer["error"]) == (8, "can't to deliver")
        await stage.fault(kind="error", code=9, text="too many concurrent requests")
        assert (await stage.ask("balance"))["error"] == "too many concurrent requests"
        await stage.send("раз")


async def lost(stage: Stage) -> None:
    """A send whose answer never comes."""
    asking = stage.ask("send", phones=ANNA, mes="раз")
    assert isinstance(await seen_by_caller(asking, stage.accepted, 0.3), Exception)


@pytest.mark.parametrize(("kind", "accepted"), [("hang", 1), ("reset", 1), ("drop", 0)])
async def test_answers_get_lost(kind: str, accepted: int) -> None:
    async with on_stage() as stage:
        await stage.fault(kind=kind, method="send")
        await lost(stage)
        assert len(stage.accepted()) == accepted


async def test_a_proxys_page_comes_instead_of_an_answer() -> None:
    async with on_stage() as stage:
        for number, accepted in enumerate((False, True)):
            await stage.fault(kind="html", status=502, accepted=accepted)
            data = {**LOGIN, "phones": ANNA, "mes": "x"}
            async with stage.session.post(f"{stage.base}/sms/sys/send.php", data=data) as response:
                assert (response.status, response.content_type) == (502, "text/html")
            assert len(stage.accepted()) == number
