"""A campaign's numbers as messages: the progress that is edited, the report, the list. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from broadcast.commands import payload
from broadcast.reasons import reason, state
from broadcast.wording import Line, brand, joined, listed, people, snippet, standing
from dialogs.languages import Languages
from storage.broadcasts import Broadcast
from storage.reports import Report
from vestnik.outbound import Button, Text
from vestnik.richtext import RichText
from vestnik.states import OPEN

_FULL, _EMPTY, _WIDTH = "▰", "▱", 10
MOST_REASONS = 12
"""Reasons that are listed; the rarer ones become one line."""

# Good ends first, what is still open last.
_ORDER = (
    "read",
    "delivered",
    "accepted",
    "unknown",
    "failed",
    "skipped",
    "expired",
    "cancelled",
    "waiting",
    "sending",
    "planned",
)


def bar(done: int, total: int) -> str:
    """How far it is, drawn; full only when nothing is left."""
    full = _WIDTH if done >= total else done * _WIDTH // total
    return _FULL * full + _EMPTY * (_WIDTH - full)


def progress(
    languages: Languages, language: str | None, broadcast: Broadcast, report: Report
) -> Text:
    """Where a campaign stands now, with the buttons that steer it."""
    total = report.audience
    done = total - sum(report.states.get(name, 0) for name in OPEN)
    percent = 100 if done >= total else done * 100 // total
    head = languages.rich(
        language,
        "📣 **Broadcast № {number}**: {state}",
        number=broadcast.id,
        state=standing(languages, language, broadcast),
    )
    drawn = languages.text(
        language,
        "{bar} {percent} %, {done} of {total}",
        bar=bar(done, total),
        percent=percent,
        done=done,
        total=total,
    )
    counted = " · ".join(
        f"{state(languages, language, name)} {count}" for name, count in _ordered(report.states)
    )
    why = [broadcast.reason] if broadcast.reason else []
    body = joined([head, drawn, *([counted] if counted else []), *why])
    return Text(body, tuple(_steering(languages, language, broadcast)))


def final(languages: Languages, language: str | None, broadcast: Broadcast, report: Report) -> Text:
    """The whole report; it says itself whether it adds up to the frozen audience."""
    head = languages.rich(
        language,
        "📊 **Report, broadcast № {number}**: {state}",
        number=broadcast.id,
        state=standing(languages, language, broadcast),
    )
    lines = [
        head,
        f"«{snippet(broadcast.content.body)}»",
        "",
        languages.rich(language, "**Audience: {count}**", count=report.audience),
        *(f"• {state(languages, language, name)}: {n}" for name, n in _ordered(report.states)),
        _sum(languages, language, broadcast, report),
        *_channels(languages, language, report),
        *_reasons(languages, language, report),
        *_price(languages, language, report),
    ]
    return Text(joined(lines))


def overview(languages: Languages, language: str | None, broadcasts: Sequence[Broadcast]) -> Text:
    """The latest campaigns, a line each, with buttons for their reports."""
    if not broadcasts:
        none = languages.text(language, "There were no broadcasts yet. /broadcast starts one.")
        return Text(RichText(none))
    lines: list[Line] = [languages.rich(language, "**The latest broadcasts**")]
    for it in broadcasts:
        size = people(languages, language, it.audience or 0)
        where = standing(languages, language, it)
        lines.append(f"№ {it.id}: {where}, {size}, «{snippet(it.content.body)}»")
    lines += ["", languages.text(language, "/report and a number tells more.")]
    return Text(joined(lines))


def _ordered(states: Mapping[str, int]) -> list[tuple[str, int]]:
    known = [(name, states[name]) for name in _ORDER if states.get(name)]
    return known + [(name, count) for name, count in states.items() if name not in _ORDER]


def _sum(
    languages: Languages, language: str | None, broadcast: Broadcast, report: Report
) -> RichText:
    total = sum(report.states.values())
    parts = " + ".join(str(count) for _, count in _ordered(report.states)) or "0"
    frozen = report.audience if broadcast.audience is None else broadcast.audience
    if total == frozen:
        return languages.rich(language, "✓ Adds up: {parts} = {total}", parts=parts, total=total)
    return languages.rich(
        language,
        "⚠️ **Does not add up**: {parts} = {total}, the audience was {audience}. See /audit",
        parts=parts,
        total=total,
        audience=frozen,
    )


def _channels(languages: Languages, language: str | None, report: Report) -> Iterator[str]:
    if report.reached:
        reached = listed(report.reached)
        yield ""
        yield languages.text(language, "People reached by: {channels}", channels=reached)
    if report.channels:
        taken = listed(report.channels)
        yield languages.text(language, "Messages the channels took: {channels}", channels=taken)
    if report.twice:
        twice = people(languages, language, report.twice)
        yield languages.text(
            language,
            "Reached twice, as an earlier step arrived late: {people}",
            people=twice,
        )


def _reasons(languages: Languages, language: str | None, report: Report) -> Iterator[Line]:
    if report.skipped:
        yield ""
        yield languages.rich(language, "**Skipped, and why**")
        yield from _why(languages, language, report.skipped)
    if report.failed:
        yield ""
        yield languages.rich(language, "**Failed, and why**")
        yield from _why(languages, language, report.failed)


def _why(languages: Languages, language: str | None, counts: Mapping[str, int]) -> Iterator[str]:
    frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for code, count in frequent[:MOST_REASONS]:
        yield f"• {reason(languages, language, code)}: {count}"
    rest = sum(count for _, count in frequent[MOST_REASONS:])
    if rest:
        yield "• " + languages.text(language, "other reasons: {count}", count=rest)


def _price(languages: Languages, language: str | None, report: Report) -> Iterator[str]:
    if not report.segments and not report.cost:
        return
    yield ""
    if report.segments:
        name = brand("sms")
        yield languages.plural(
            language,
            "{channel}: {count} part to pay for",
            "{channel}: {count} parts to pay for",
            report.segments,
            channel=name,
        )
    if report.cost:
        yield languages.text(
            language, "Cost: {cost}, in the gateway's currency", cost=f"{report.cost:.2f}"
        )


def _steering(languages: Languages, language: str | None, broadcast: Broadcast) -> Iterator[Button]:
    text = languages.text
    if broadcast.finished or broadcast.state == "cancelled":
        yield Button(text(language, "📊 Report"), payload("report", broadcast.id))
        return
    if broadcast.state == "paused":
        yield Button(text(language, "▶️ Resume"), payload("resume", broadcast.id))
    else:
        yield Button(text(language, "⏸ Pause"), payload("pause", broadcast.id))
    yield Button(text(language, "⏹ Cancel"), payload("cancel", broadcast.id))
