"""The screens of the settings below the first, in one person's language. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dialogs import zones
from dialogs.choosing import NEW, NONE, USUAL, Choices
from dialogs.languages import Languages
from dialogs.lines import brand, joined
from dialogs.wishes import Screen, Setting, Wish, choose, see
from vestnik.outbound import Button, Text
from vestnik.preferences import Cap, QuietHours
from vestnik.richtext import RichText

CAPS = (Cap(1, 1), Cap(3, 7), Cap(1, 7), Cap(1, 30))
NIGHTS = (QuietHours(21 * 60, 9 * 60), QuietHours(22 * 60, 8 * 60), QuietHours(23 * 60, 7 * 60))
PAUSES = (7, 30, 90)
"""Days."""

Below = Literal["topics", "often", "quiet", "zone", "pause", "messenger"]

AFTER: Mapping[Setting, Screen] = {"topic": "topics", "zone": "quiet", "unlink": "messenger"}
"""Where somebody goes on who chose this; else back to the first screen."""


@dataclass(frozen=True, slots=True)
class Screens:
    """The screens for somebody who chose so far what `choices` tells."""

    languages: Languages
    language: str
    choices: Choices

    def lines(self) -> Iterator[RichText]:
        """What holds now, a line each, for the first screen."""
        rich, language, now = self.languages.rich, self.language, self.choices.present
        if self.choices.topics:
            yield rich(language, "Topics: **{topics}**", topics=self._topics_on())
        yield rich(language, "How often: **{often}**", often=self._often(now.cap))
        if now.quiet is None or now.quiet.begin == now.quiet.end:
            yield rich(language, "Quiet hours: **none**")
        else:
            yield rich(language, "Quiet hours: **{hours}**", hours=self._hours(now.quiet))
        if now.paused_until and now.paused(self.choices.now):
            day = self.languages.date(language, now.paused_until)
            yield rich(language, "Paused until **{date}**", date=day)
        if now.channel:
            yield rich(language, "First in: **{messenger}**", messenger=brand(now.channel))

    def ways(self) -> Iterator[Button]:
        """The buttons of the first screen that lead to the others."""
        text, language = self.languages.text, self.language
        if self.choices.topics:
            yield Button(text(language, "Topics"), see("topics"))
        yield Button(text(language, "How often"), see("often"))
        yield Button(text(language, "Quiet hours"), see("quiet"))
        if self.choices.present.paused(self.choices.now):
            yield Button(text(language, "End the pause"), choose("pause", "0"))
        else:
            yield Button(text(language, "Pause"), see("pause"))
        yield Button(text(language, "My messengers"), see("messenger"))

    def below(self, screen: Below) -> Text:
        """A screen with its buttons, and one that leads back."""
        match screen:
            case "topics":
                head, buttons = self._about_topics(), self._topics()
            case "often":
                head, buttons = self._about_often(), self._caps()
            case "quiet":
                head, buttons = self._about_quiet(), self._nights()
            case "zone":
                head, buttons = self._about_zone(), self._zones()
            case "pause":
                head, buttons = self._about_pause(), self._pauses()
            case "messenger":
                head, buttons = self._about_messenger(), self._messengers()
        back = see("quiet") if screen == "zone" else Wish.SETTINGS
        leave = Button(self.languages.text(self.language, "Back"), back)
        return Text(head, (*buttons, leave))

    def _about_topics(self) -> RichText:
        return self.languages.rich(
            self.language, "**Topics**: what may we write to you about? A press switches one."
        )

    def _topics(self) -> Iterator[Button]:
        for topic, name in self.choices.topics.items():
            off = topic in self.choices.own.topics_off
            box, turns = ("☐", "+") if off else ("☑", "-")
            yield Button(f"{box} {name}", choose("topic", turns + topic))

    def _topics_on(self) -> str:
        off = self.choices.own.topics_off & self.choices.topics.keys()
        if not off:
            return self.languages.text(self.language, "all")
        on = [name for topic, name in self.choices.topics.items() if topic not in off]
        return ", ".join(on) or self.languages.text(self.language, "none")

    def _about_often(self) -> RichText:
        return self.languages.rich(
            self.language,
            "**How often** may we write to you at most? Now: {often}.\n\n"
            "Press a button, or write your own, like “2 a week”.",
            often=self._often(self.choices.present.cap),
        )

    def _caps(self) -> Iterator[Button]:
        for cap in CAPS:
            label = self._marked(self._often(cap), now=self.choices.own.cap == cap)
            yield Button(label, choose("often", str(cap)))
        label = self._often(self.choices.house.cap)
        yield Button(self._marked(label, now=not self.choices.own.cap), choose("often", USUAL))

    def _often(self, cap: Cap | None) -> str:
        text, plural, language = self.languages.text, self.languages.plural, self.language
        match cap:
            case None:
                return text(language, "as there is news")
            case Cap(most, 1):
                return plural(language, "{count} a day", "{count} a day", most)
            case Cap(most, 7):
                return plural(language, "{count} a week", "{count} a week", most)
            case Cap(most, 30):
                return plural(language, "{count} a month", "{count} a month", most)
            case Cap(most, days):
                return text(language, "{most} in {days} days", most=most, days=days)

    def _about_quiet(self) -> RichText:
        rich, language, present = self.languages.rich, self.language, self.choices.present
        zone = present.zone or "UTC"
        local = self.choices.now.astimezone(zones.zone_of(zone))
        told = (
            rich(
                language,
                "**Quiet hours**: we write nothing then but answers to you. Now: {hours}.",
                hours=self._hours(present.quiet),
            ),
            rich(
                language,
                "Your time zone: {zone}; your clock shows {time}.",
                zone=zones.named(zone, language, self.choices.now),
                time=f"{local:%H:%M}",
            ),
            rich(language, "Press a button, or write your own hours, like “23-7”."),
        )
        return joined(told)

    def _nights(self) -> Iterator[Button]:
        text, own = self.languages.text, self.choices.own.quiet
        for night in NIGHTS:
            label = self._marked(self._hours(night), now=own == night)
            yield Button(label, choose("quiet", str(night)))
        never = QuietHours(0, 0)
        label = self._marked(self._hours(never), now=own == never)
        yield Button(label, choose("quiet", NONE))
        if self.choices.house.quiet:
            usual = text(self.language, "as usual")
            yield Button(self._marked(usual, now=own is None), choose("quiet", USUAL))
        yield Button(text(self.language, "Time zone"), see("zone"))

    def _hours(self, quiet: QuietHours | None) -> str:
        if quiet is None or quiet.begin == quiet.end:
            return self.languages.text(self.language, "no quiet hours")
        return str(quiet).replace("-", "–")

    def _about_zone(self) -> RichText:
        return self.languages.rich(
            self.language,
            "**Time zone**: press a city whose clock shows what yours does, or write yours, "
            "or the difference to UTC, like “+5”.",
        )

    def _zones(self) -> Iterator[Button]:
        for zone in zones.OFFERED:
            label = zones.named(zone, self.language, self.choices.now)
            now = self.choices.present.zone == zone
            yield Button(self._marked(label, now=now), choose("zone", zone))

    def _about_pause(self) -> RichText:
        return self.languages.rich(
            self.language,
            "**Pause**: for how long shall we send you no news? It ends by itself, and your "
            "settings stay.",
        )

    def _pauses(self) -> Iterator[Button]:
        for days in PAUSES:
            label = self.languages.plural(
                self.language, "for {count} day", "for {count} days", days
            )
            yield Button(label, choose("pause", str(days)))

    def _about_messenger(self) -> RichText:
        return self.languages.rich(
            self.language,
            "**My messengers**: where shall we write first? If it fails, we try the others.",
        )

    def _messengers(self) -> Iterator[Button]:
        text, language, own = self.languages.text, self.language, self.choices.own.channel
        messengers = self.choices.messengers
        if len(messengers) > 1:
            for name in messengers:
                label = self._marked(brand(name), now=own == name)
                yield Button(label, choose("messenger", name))
            last = text(language, "where I wrote last")
            yield Button(self._marked(last, now=own is None), choose("messenger", USUAL))
        yield Button(text(language, "Link another"), choose("link", NEW))
        for name in messengers:
            if name != self.choices.here:
                label = text(language, "Unlink {messenger}", messenger=brand(name))
                yield Button(label, choose("unlink", name))

    @staticmethod
    def _marked(label: str, *, now: bool) -> str:
        return f"● {label}" if now else label
