"""What staff look up, as messages: answers and their counts, people, the audit, the help. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from broadcast.reasons import reason
from broadcast.screens import Screens
from broadcast.staff import COMMANDS, Command, Role, may
from broadcast.wording import Line, brand, joined
from dialogs.countdown import countdown
from dialogs.languages import Languages
from dialogs.phones import spaced
from dialogs.query.reading import EXAMPLE
from dialogs.steps import Ask
from storage.audiences import Reach
from storage.directory import Card, Present
from storage.evidence import Evidence
from storage.invariants import Finding
from storage.known import KnownAddress
from vestnik.address import SMS, Lane
from vestnik.channel import Limits
from vestnik.consent import MESSENGERS
from vestnik.outbound import Text


def answers(
    screens: Screens, count: Reach, given: Sequence[tuple[Ask, Sequence[tuple[str, int]]]]
) -> Text:
    """Everybody there is, and what they answered to each question."""
    tag = screens.languages.closest(screens.language)
    lines: list[Line] = [
        screens.languages.rich(screens.language, "**Answers by which people are chosen**"),
        screens.counted(count),
    ]
    for step, values in given:
        told = " · ".join(f"{step.shown(value, tag)} {number}" for value, number in values)
        lines += ["", f"{step.named(tag)}: {told or '—'}"]
    hint = screens.languages.text(
        screens.language,
        "Count people by a query: /segments {example}",
        example=EXAMPLE,
    )
    lines += ["", hint]
    return Text(joined(lines))


def card(
    screens: Screens,
    found: Card,
    limits: Mapping[Lane, Limits],
    now: datetime,
    columns: Sequence[Line] = (),
) -> Text:
    """Who somebody is, where and how long they are reached, what they agreed to and answered.

    `columns` are the lines about what was imported.
    """
    text, rich, language = screens.languages.text, screens.languages.rich, screens.language
    nameless = text(language, "no name")
    lines: list[Line] = [
        rich(
            language,
            "**{name}**, № {number}",
            name=found.person.name or nameless,
            number=found.person.id,
        )
    ]
    for known in found.addresses:
        lines.append(_address(screens.languages, language, known))
        on = limits.get(known.address.lane)
        left = on and countdown(screens.languages, language, known, on, now)
        lines += [f"⏳ {left}"] if left else []
    lines.append(_consents(screens.languages, language, found.consents))
    lines += [*screens.answered(found.answers), *columns]
    return Text(joined(lines))


def proof(screens: Screens, found: Sequence[Evidence]) -> Text:
    """The ledger of somebody's consents, with the words and the message of each entry."""
    rich, text, language = screens.languages.rich, screens.languages.text, screens.language
    lines: list[Line] = [rich(language, "**What proves the consents**")]
    for it in found:
        entry, sign = it.entry, "✓" if it.entry.action == "grant" else "✗"
        when = entry.at.isoformat(sep=" ", timespec="seconds")
        lines += ["", f"{sign} № {it.id}, {when}: {entry.purpose}, {entry.action}"]
        if it.message is not None:
            said = f"{brand(it.message.channel)}, {it.message.external_id}"
            lines.append(text(language, "by the message: {message}", message=said))
        if entry.text_hash:
            lines.append(f"SHA-256 {entry.text_hash}")
            lines.append(
                text(language, "the words are those that were agreed to ✓")
                if it.intact
                else text(language, "⚠️ the words are NOT those that were agreed to")
            )
            lines.append(f"«{it.text or ''}»")
    return Text(joined(lines))


def audit(languages: Languages, language: str | None, findings: Sequence[Finding]) -> Text:
    """The findings in short: what is broken, else that all is well."""
    broken = [finding for finding in findings if finding.broken]
    rows = sum(finding.checked for finding in findings)
    if broken:
        head = languages.rich(language, "⚠️ **Audit: something is broken**")
    else:
        head = languages.rich(language, "✅ **Audit: clean**")
    lines: list[Line] = [
        head,
        languages.text(
            language, "Checks: {checks}, rows looked at: {rows}", checks=len(findings), rows=rows
        ),
        " ".join(dict.fromkeys(it.guarantee for it in findings if it not in broken)) + " ✓",
        *(f"✗ {it.guarantee}: {it.what} ({it.broken} / {it.checked})" for it in broken),
    ]
    return Text(joined(lines))


def staff_help(languages: Languages, language: str | None, role: Role) -> Text:
    """The commands that the role may use."""
    told = _commands(languages, language)
    lines: list[Line] = [languages.rich(language, "**Commands for staff**")]
    lines += [f"/{command}: {told[command]}" for command in COMMANDS if may(role, command)]
    return Text(joined(lines))


def _commands(languages: Languages, language: str | None) -> Mapping[Command, str]:
    text = languages.text
    return {
        "broadcast": text(language, "write to many people"),
        "broadcasts": text(language, "the latest broadcasts"),
        "report": text(language, "what became of a broadcast; the latest, or the one of a number"),
        "segments": text(language, "what people answered; with a query: how many it means"),
        "pause": text(language, "pause a broadcast"),
        "resume": text(language, "go on with a paused broadcast"),
        "cancel": text(language, "give a draft up, or cancel a broadcast for good"),
        "find": text(language, "who somebody is, by number, name or phone"),
        "proof": text(language, "what proves somebody's consents, by number"),
        "audit": text(language, "check that the ledger keeps its promises"),
        "help": text(language, "this list"),
    }


def _address(languages: Languages, language: str | None, known: KnownAddress) -> str:
    handle = known.address.handle
    shown = spaced(handle) if known.address.channel == SMS else handle
    line = f"{brand(known.address.channel)}: {shown}"
    if known.reachable:
        return line
    return f"{line} ({reason(languages, language, known.closed_reason or 'closed')})"


def _consents(languages: Languages, language: str | None, present: Sequence[Present]) -> str:
    granted = {it.purpose: it.channels for it in present if it.granted}
    yes, no = languages.text(language, "yes"), languages.text(language, "no")
    where = _channels(languages, language, granted.get("advertising", ()))
    return languages.text(
        language,
        "Personal data: {data}. Advertising: {advertising}",
        data=yes if "personal_data" in granted else no,
        advertising=", ".join(where) or no,
    )


def _channels(languages: Languages, language: str | None, channels: Sequence[str]) -> Iterator[str]:
    for channel in sorted(channels):
        if channel == MESSENGERS:
            yield languages.text(language, "messengers")
        else:
            yield brand(channel)
