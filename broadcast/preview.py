"""The last look before a broadcast is sent: audience, route, dry run, SMS parts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from broadcast.campaign import TEMPLATE_TEXT, Plan
from broadcast.commands import payload
from broadcast.forecast import Forecast, sms_parts
from broadcast.plans import opening
from broadcast.reasons import reason
from broadcast.screens import Screens
from broadcast.wizard import Choice, Draft
from broadcast.wording import Line, brand, joined, people, route
from dialogs.entries import GO
from storage.audiences import Reach
from vestnik.address import ChannelName
from vestnik.channel import Limits
from vestnik.outbound import Button, Text

Lines = Iterator[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What is known of a plan before it is confirmed; `problems` are why it cannot be."""

    draft: Draft
    plan: Plan
    count: Reach
    forecast: Forecast
    problems: tuple[str, ...] = ()

    @property
    def sendable(self) -> bool:
        """Whether there is anything to confirm."""
        return not self.problems and self.count.total > 0


def shown(screens: Screens, preview: Preview, nonce: str) -> tuple[Text, Text]:
    """The text as people will see it, and all about it; `nonce` makes the button that sends."""
    text, language = screens.languages.text, screens.language
    lines: list[Line] = [
        screens.languages.rich(
            language,
            "👆 **Preview, broadcast № {number}**",
            number=preview.draft.broadcast_id,
        ),
        *preview.problems,
        *screens.conditions(preview.draft),
        screens.counted(preview.count),
        *_topic(screens, preview),
        *_dry_run(screens, preview),
        *_route(screens, preview),
        *_sms(screens, preview),
        *_plainer(screens, preview),
    ]
    serial = preview.draft.serial
    send = Button(_send_label(screens, preview.count), payload("send", nonce))
    # What may be chosen stands above what is done: a phone shows the end of a long list.
    buttons = (
        *_topics(screens, preview),
        *_openings(screens, preview.draft),
        *((send,) if preview.sendable else ()),
        Button(text(language, "✏️ Other text"), _choice(serial, Choice.NEW_TEXT)),
        Button(text(language, "👥 Other people"), _choice(serial, Choice.NEW_AUDIENCE)),
        Button(text(language, "✖️ Give up"), _choice(serial, Choice.DROP)),
    )
    return preview.plan.content, Text(joined(lines), buttons)


def problems(
    screens: Screens,
    plan: Plan,
    unfit: Mapping[ChannelName, str],
    limits: Mapping[ChannelName, Limits],
) -> tuple[str, ...]:
    """What does not fit where, in words; `unfit` is what campaign.unfit_for found."""
    return tuple(_problem(screens, plan, limits[name], name) for name in unfit)


def _problem(screens: Screens, plan: Plan, limits: Limits, channel: ChannelName) -> str:
    length, most = limits.measure(plan.content.body.text), limits.text
    if length <= most and channel in plan.templates:
        length = max(len(value) for value in plan.templates[channel].values)
        most = TEMPLATE_TEXT
    return screens.languages.text(
        screens.language,
        "⛔ {channel}: the text is too long, {length} of at most {most}. Please shorten it.",
        channel=brand(channel),
        length=length,
        most=most,
    )


def _send_label(screens: Screens, count: Reach) -> str:
    whom = people(screens.languages, screens.language, count.total)
    return screens.languages.text(screens.language, "🚀 Send: {people}", people=whom)


def _topic(screens: Screens, preview: Preview) -> Lines:
    if preview.draft.topic:
        name = screens.topic(preview.draft.topic)
        yield screens.languages.rich(screens.language, "🏷 Topic: **{topic}**", topic=name)


def _topics(screens: Screens, preview: Preview) -> Iterator[Button]:
    """What it may be about; a press on the chosen one takes it back."""
    for topic in screens.scenario.topics:
        now = topic == preview.draft.topic
        chosen = f"{preview.draft.serial}:{Choice.TOPIC}.{'' if now else topic}"
        yield Button(f"{'●' if now else '🏷'} {screens.topic(topic)}", payload("draft", chosen))


def _dry_run(screens: Screens, preview: Preview) -> Lines:
    text, rich, language = screens.languages.text, screens.languages.rich, screens.language
    forecast = preview.forecast
    if not forecast.looked_at:
        return
    yield ""
    yield rich(language, "🔎 **If it went out now**")
    for channel, count in sorted(forecast.first.items()):
        yield f"→ {brand(channel)}: {count}"
    if forecast.templates:
        yield text(language, "of them by a template: {count}", count=forecast.templates)
    if forecast.free:
        yield text(
            language,
            "of the templates free, soon after an advertisement: {count}",
            count=forecast.free,
        )
    if forecast.held:
        yield text(language, "an operator talks to them, they wait: {count}", count=forecast.held)
    if forecast.quiet:
        yield text(language, "it is their quiet hours, they wait: {count}", count=forecast.quiet)
    if forecast.skipped:
        total = forecast.skipped.total()
        yield text(language, "would be left out: {count}", count=total)
        for code, count in forecast.skipped.most_common():
            yield f"   • {reason(screens.languages, language, code)}: {count}"
    if forecast.looked_at < preview.count.total:
        looked = people(screens.languages, language, forecast.looked_at)
        yield text(language, "Tried on the first of them only: {people}.", people=looked)


def _route(screens: Screens, preview: Preview) -> Lines:
    yield ""
    yield screens.languages.rich(screens.language, "🧭 **Route**")
    yield from route(screens.languages, screens.language, preview.plan.route)


def _sms(screens: Screens, preview: Preview) -> Lines:
    parts = sms_parts(preview.plan, preview.forecast)
    if parts is None:
        return
    low, high = parts.least, parts.most
    yield ""
    yield screens.languages.plural(
        screens.language,
        "💬 SMS: {count} part a person, {total} in all",
        "💬 SMS: {count} parts a person, {total} in all",
        parts.a_person,
        total=str(low) if low == high else f"{low}–{high}",
    )


def _plainer(screens: Screens, preview: Preview) -> Lines:
    if preview.plan.content.buttons and preview.plan.templates:
        yield screens.languages.text(screens.language, "The template carries no button.")


def _openings(screens: Screens, draft: Draft) -> Iterator[Button]:
    """The buttons that the text may have, each with a tick; a press puts it on or takes it off."""
    for button in opening(screens.scenario, screens.scenario.buttons(), screens.languages):
        name = button.payload.removeprefix(GO)
        label = screens.languages.text(
            screens.language,
            "{tick} Button: {label}",
            tick="☑" if name in draft.opens else "☐",
            label=button.label,
        )
        yield Button(label, _choice(draft.serial, f"{Choice.OPEN}.{name}"))


def _choice(serial: str, choice: str) -> str:
    return payload("draft", f"{serial}:{choice}")
