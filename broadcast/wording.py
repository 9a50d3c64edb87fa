"""The campaigns' vocabulary: channels, states, reasons, routes and times in plain words. Pure."""

from collections.abc import Iterable, Mapping
from functools import reduce

from dialogs.languages import Languages
from storage.broadcasts import Broadcast
from vestnik.address import SMS
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.route import LAST, Route, Step

_BRANDS = {"telegram": "Telegram", "vk": "VK", "whatsapp": "WhatsApp", SMS: "SMS"}
_SNIPPET = 60

Line = RichText | str


def brand(channel: str) -> str:
    """What a channel is called."""
    return _BRANDS.get(channel, channel.title())


def plain(text: str) -> Text:
    """A text without any style."""
    return Text(RichText(text))


def joined(lines: Iterable[Line]) -> RichText:
    """Lines below each other."""
    rich = (RichText(line) if isinstance(line, str) else line for line in lines)
    return reduce(lambda text, line: text + RichText("\n") + line, rich)


def snippet(body: RichText) -> str:
    """The beginning of a text, on one line."""
    words = " ".join(body.text.split())
    return words if len(words) <= _SNIPPET else words[: _SNIPPET - 1].rstrip() + "…"


def listed(counts: Mapping[str, int]) -> str:
    """Channels and their numbers on one line."""
    return " · ".join(f"{brand(name)} {count}" for name, count in counts.items())


def standing(languages: Languages, language: str | None, broadcast: Broadcast) -> str:
    """Where a campaign stands, in a word."""
    match broadcast.state:
        case "draft":
            return languages.text(language, "a draft")
        case "cancelled":
            return languages.text(language, "cancelled")
        case _ if broadcast.finished:
            return languages.text(language, "finished")
        case "paused":
            return languages.text(language, "paused")
        case "running":
            return languages.text(language, "under way")


def route(languages: Languages, language: str | None, steps: Route) -> list[RichText]:
    """The steps of a route as numbered lines."""
    return [
        RichText(f"{place}. {_step(languages, language, step)}")
        for place, step in enumerate(steps, 1)
    ]


def _step(languages: Languages, language: str | None, step: Step) -> str:
    where = brand(step.channel)
    if step.channel == LAST:
        where = languages.text(language, "the messenger the person used last")
    if step.wait_for == "accepted" or not step.seconds:
        return where
    time = duration(languages, language, step.seconds)
    if step.wait_for == "read":
        return languages.text(
            language, "{where}; up to {time} until it is read", where=where, time=time
        )
    return languages.text(
        language, "{where}; up to {time} until it is delivered", where=where, time=time
    )


def duration(languages: Languages, language: str | None, seconds: float) -> str:
    """A time in the largest unit in which it is a whole number."""
    whole = max(1, round(seconds))
    if whole % 3600 == 0:
        return languages.plural(language, "{count} hour", "{count} hours", whole // 3600)
    if whole % 60 == 0:
        return languages.plural(language, "{count} minute", "{count} minutes", whole // 60)
    return languages.plural(language, "{count} second", "{count} seconds", whole)


def people(languages: Languages, language: str | None, count: int) -> str:
    """So many people."""
    return languages.plural(language, "{count} person", "{count} people", count)
