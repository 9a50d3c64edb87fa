"""Numbers as messages: bars, sums, reasons in words, routes, the cost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest

from broadcast.reasons import reason, state
from broadcast.reporting import MOST_REASONS, bar, final, overview, progress
from broadcast.wording import duration, route, snippet, standing
from delivery.gate import Refusal
from delivery.told import reason_of
from fallback.routes import DEFAULT, parse
from storage.broadcasts import Broadcast
from storage.reports import Report
from tests.broadcast.office import drawn
from tests.broadcast.post import LANGUAGES
from vestnik.outbound import Text
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)
from vestnik.richtext import RichText
from vestnik.segment import EVERYONE
from vestnik.states import DELIVERY_STATES, DeliveryState

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUNNING = Broadcast(
    id=12,
    state="running",
    segment=EVERYONE,
    content=Text(RichText("Завтра скидки")),
    templates={},
    route=parse(DEFAULT),
    content_hash="",
    created_by="telegram:2",
    created_at=AT,
    audience=300,
    started_at=AT,
)
FINISHED = replace(RUNNING, finished=True)
EMPTY = Report(
    audience=0,
    states={},
    channels={},
    reached={},
    skipped={},
    failed={},
    segments=0,
    cost=Decimal(0),
    twice=0,
)
WHOLE = Report(
    audience=300,
    states={
        "accepted": 60,
        "delivered": 80,
        "failed": 8,
        "read": 120,
        "skipped": 30,
        "unknown": 2,
    },
    channels={"sms": 34, "telegram": 110, "vk": 90, "whatsapp": 36},
    reached={"sms": 30, "telegram": 110, "vk": 90, "whatsapp": 30},
    skipped={"no_consent": 20, "opted_out": 7, "no_phone": 3},
    failed={"rejected:914": 5, "blocked": 3},
    segments=68,
    cost=Decimal("170.0000"),
    twice=2,
)


@pytest.mark.parametrize(
    ("done", "total", "drawing"),
    [
        (0, 10, "▱▱▱▱▱▱▱▱▱▱"),
        (5, 10, "▰▰▰▰▰▱▱▱▱▱"),
        (299, 300, "▰▰▰▰▰▰▰▰▰▱"),
        (300, 300, "▰▰▰▰▰▰▰▰▰▰"),
        (0, 0, "▰▰▰▰▰▰▰▰▰▰"),
    ],
)
def test_the_bar_is_full_only_at_the_end(done: int, total: int, drawing: str) -> None:
    assert bar(done, total) == drawing


def test_progress_counts_what_is_settled() -> None:
    report = replace(
        EMPTY, audience=300, states={"planned": 120, "sending": 10, "waiting": 20, "accepted": 150}
    )
    said = drawn(progress(LANGUAGES, "en", RUNNING, report))
    assert said == (
        "📣 Broadcast № 12: under way\n"
        "▰▰▰▰▰▱▱▱▱▱ 50 %, 150 of 300\n"
        "sent 150 · waiting for the delivery report 20 · being sent 10 · not sent yet 120\n"
        "[⏸ Pause]\n"
        "[⏹ Cancel]"
    )


@pytest.mark.parametrize(
    ("broadcast", "word", "labels"),
    [
        (RUNNING, "идёт", ["⏸ Пауза", "⏹ Отменить"]),
        (replace(RUNNING, state="paused"), "на паузе", ["▶️ Продолжить", "⏹ Отменить"]),
        (FINISHED, "завершена", ["📊 Отчёт"]),
        (replace(FINISHED, state="paused"), "завершена", ["📊 Отчёт"]),
        (replace(FINISHED, state="cancelled"), "отменена", ["📊 Отчёт"]),
        (replace(RUNNING, state="cancelled"), "отменена", ["📊 Отчёт"]),
    ],
)
def test_progress_offers_what_can_be_done(
    broadcast: Broadcast, word: str, labels: list[str]
) -> None:
    text = progress(LANGUAGES, None, broadcast, EMPTY)
    assert text.body.text.startswith(f"📣 Рассылка № 12: {word}\n")
    assert [button.label for button in text.buttons] == labels


def test_a_pause_says_why() -> None:
    paused = replace(RUNNING, state="paused", reason="слишком много отказов")
    assert progress(LANGUAGES, None, paused, EMPTY).body.text.endswith("слишком много отказов")


def test_the_report_tells_everything_and_adds_up() -> None:
    said = final(LANGUAGES, "en", FINISHED, WHOLE).body.text
    assert said == (
        "📊 Report, broadcast № 12: finished\n"
        "«Завтра скидки»\n"
        "\n"
        "Audience: 300\n"
        "• read: 120\n"
        "• delivered: 80\n"
        "• sent: 60\n"
        "• unknown whether it arrived: 2\n"
        "• failed: 8\n"
        "• skipped: 30\n"
        "✓ Adds up: 120 + 80 + 60 + 2 + 8 + 30 = 300\n"
        "\n"
        "People reached by: SMS 30 · Telegram 110 · VK 90 · WhatsApp 30\n"
        "Messages the channels took: SMS 34 · Telegram 110 · VK 90 · WhatsApp 36\n"
        "Reached twice, as an earlier step arrived late: 2 people\n"
        "\n"
        "Skipped, and why\n"
        "• no consent to advertising there: 20\n"
        "• unsubscribed: 7\n"
        "• no confirmed phone number: 3\n"
        "\n"
        "Failed, and why\n"
        "• the provider refused the message (914): 5\n"
        "• blocked us: 3\n"
        "\n"
        "SMS: 68 parts to pay for\n"
        "Cost: 170.00, in the gateway's currency"
    )


def test_a_report_that_does_not_add_up_says_so() -> None:
    said = final(LANGUAGES, "ru", replace(FINISHED, audience=301), WHOLE).body.text
    assert "Не сходится: 120 + 80 + 60 + 2 + 8 + 30 = 300, а аудитория была 301" in said
    assert "✓" not in said


def test_a_report_of_nobody() -> None:
    said = final(LANGUAGES, "en", replace(FINISHED, audience=0), EMPTY).body.text
    assert said.endswith("Audience: 0\n✓ Adds up: 0 = 0")


def test_many_reasons_are_gathered() -> None:
    codes = {f"rejected:{code}": 1 for code in range(MOST_REASONS)}
    report = replace(
        EMPTY, states={"failed": 99}, failed={"blocked": 50, "rejected:last": 37} | codes
    )
    lines = final(LANGUAGES, "en", FINISHED, report).body.text.splitlines()
    reasons = lines[lines.index("Failed, and why") + 1 :]
    assert len(reasons) == MOST_REASONS + 1
    assert reasons[0] == "• blocked us: 50"
    assert reasons[-1] == "• other reasons: 2"


def codes() -> Iterator[str]:
    """Every reason that the code can give."""
    yield from get_args(Refusal)
    whys = get_args(get_type_hints(Unreachable)["why"])
    yield from (reason_of(Unreachable(why)) for why in whys)
    yield reason_of(Throttled(1))
    yield reason_of(Temporary("503"))
    yield reason_of(Ambiguous("timeout"))
    yield reason_of(WindowClosed())
    yield reason_of(Rejected("914"))
    yield reason_of(ChannelDown("revoked"))
    # delivery.routing, delivery.decide, delivery.sending, storage: written out where they arise.
    yield from ("no_route", "channel_off", "timeout", "temporary", "cancelled", "failed")
    yield from ("forgotten", "unfit:the text is 11 long, the channel takes 10", "unknown")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("code", dict.fromkeys(codes()))
def test_every_reason_has_words(code: str, language: str) -> None:
    detail = code.partition(":")[2]
    said = reason(LANGUAGES, language, code)
    assert said != code
    assert said.endswith(f" ({detail})" if detail else said)


@pytest.mark.parametrize("code", ["solar_flare", "solar_flare:9", ""])
def test_unknown_reasons_are_shown_as_they_stand(code: str) -> None:
    assert reason(LANGUAGES, "ru", code) == code


@pytest.mark.parametrize("name", DELIVERY_STATES)
def test_every_state_has_words(name: DeliveryState) -> None:
    assert state(LANGUAGES, "ru", name).isascii() is False


def test_the_latest_campaigns_are_listed() -> None:
    said = overview(LANGUAGES, "en", [FINISHED, replace(RUNNING, id=11, audience=1)]).body.text
    assert "№ 12: finished, 300 people, «Завтра скидки»\n№ 11: under way, 1 person" in said
    assert "/broadcast" in overview(LANGUAGES, "en", []).body.text


def test_markup_in_what_people_wrote_stays_literal() -> None:
    odd = replace(FINISHED, content=Text(RichText("**<b>_*[ {count}")))
    assert "«**<b>_*[ {count}»" in final(LANGUAGES, "ru", odd, EMPTY).body.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("коротко", "коротко"),
        ("две\nстроки   и пробелы", "две строки и пробелы"),
        ("я" * 60, "я" * 60),
        ("я" * 61, "я" * 59 + "…"),
    ],
)
def test_snippets(text: str, expected: str) -> None:
    assert snippet(RichText(text)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(3, "3 seconds"), (60, "1 minute"), (90, "90 seconds"), (300, "5 minutes"), (3600, "1 hour")],
)
def test_durations(seconds: float, expected: str) -> None:
    assert duration(LANGUAGES, "en", seconds) == expected


def test_a_route_in_words() -> None:
    steps = parse("last 60s delivered > whatsapp 1h read > telegram 5s > sms")
    assert [line.text for line in route(LANGUAGES, "ru", steps)] == [
        "1. мессенджер, которым человек пользовался последним; до 1 мин ждём доставки",
        "2. WhatsApp; до 1 ч ждём прочтения",
        "3. Telegram",
        "4. SMS",
    ]


def test_a_draft_is_called_one() -> None:
    assert standing(LANGUAGES, "en", replace(RUNNING, state="draft")) == "a draft"
