"""What /settings, /mydata, /forget, /help and /stop answer: texts and their buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs import phones
from dialogs.languages import Languages
from dialogs.lines import brand, joined
from dialogs.scenario import Scenario
from dialogs.screens import Screens
from dialogs.wishes import Wish, forget_now, speak, undo
from vestnik.address import Address, ChannelName
from vestnik.consent import MESSENGERS, ConsentEntry, Standing
from vestnik.outbound import Button, Text
from vestnik.richtext import RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a person agreed to; `joined` tells whether their data may be kept at all."""

    joined: bool
    advertising: Standing
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is kept about a person. `consents` is the last entry of each purpose.

    `columns` are the lines about what was imported, `chosen` those of their preferences.
    """

    name: str = ""
    since: datetime | None = None
    phone: str | None = None
    addresses: Sequence[Address] = ()
    answers: Mapping[str, Sequence[str]]
    columns: Sequence[RichText] = ()
    consents: Sequence[ConsentEntry] = ()
    chosen: Sequence[RichText] = ()


def settings(screens: Screens, agreed: Agreed) -> Text:
    """What is on and off, and buttons to change it; as many as a list of WhatsApp has rows."""
    languages, language = screens.languages, screens.language
    text, rich = languages.text, languages.rich
    lines = [rich(language, "**Settings**"), RichText("")]
    buttons = [
        Button(languages.name(tag), speak(tag))
        for tag in languages.offered
        if tag != languages.closest(language)
    ]
    if agreed.joined:
        lines += [_advertising(languages, language, agreed.advertising), *screens.lines()]
        lines += [_phone(languages, language, agreed.phone)]
        buttons = [
            _switch(languages, language, agreed.advertising),
            *screens.ways(),
            *buttons,
            Button(text(language, "My data"), Wish.MYDATA),
            Button(text(language, "Forget me"), Wish.FORGET),
        ]
    else:
        lines += [rich(language, "You have not joined us yet, so nothing is sent to you.")]
        buttons = [Button(text(language, "Join"), Wish.START), *buttons]
    lines += [rich(language, "Language: {language}", language=languages.name(language))]
    return Text(joined(lines), (*buttons, _human(languages, language)))


def my_data(languages: Languages, language: str, stored: Stored, scenario: Scenario) -> Text:
    """Everything that is kept about the person, in words; `scenario` names the questions."""
    rich, nothing = languages.rich, languages.text(language, "not given")
    lines = [rich(language, "**What we keep about you**"), RichText("")]
    lines += [rich(language, "Name: {name}", name=stored.name or nothing)]
    lines += [_phone(languages, language, stored.phone)]
    if stored.since:
        lines += [
            rich(language, "With us since {date}", date=languages.date(language, stored.since))
        ]
    lines += [RichText(f"{brand(at.channel)}: {at.handle}") for at in stored.addresses]
    for name, values in stored.answers.items():
        question = scenario.question(name)
        title = question.named(language) if question else name
        shown = [question.shown(value, language) if question else value for value in values]
        lines += [RichText(f"{title}: {', '.join(shown) or nothing}")]
    lines += [*stored.columns, *stored.chosen]
    lines += [_entry(languages, language, entry) for entry in stored.consents]
    buttons = (
        Button(languages.text(language, "Settings"), Wish.SETTINGS),
        Button(languages.text(language, "Forget me"), Wish.FORGET),
    )
    return Text(joined(lines), buttons)


def stopped(languages: Languages, language: str, now: datetime, *, was_subscribed: bool) -> Text:
    """The one confirmation of an opt-out, without any advertising, and the way back for a day."""
    if not was_subscribed:
        note = languages.text(
            language, "You are not subscribed to our advertising; none will come."
        )
        return Text(RichText(note))
    done = languages.rich(language, "Done: **no more advertising** from us, on any channel.")
    return Text(done, (Button(languages.text(language, "Undo"), undo(now)),))


def undone(languages: Languages, language: str, given: ConsentEntry) -> Text:
    """After a stop was undone: which consent holds again."""
    body = languages.rich(
        language,
        "Your consent to advertising holds again ({channels}, wording {version}). "
        "/stop ends it at any time.",
        channels=_channels(languages, language, given.channels),
        version=given.text_version,
    )
    return Text(body, (Button(languages.text(language, "Settings"), Wish.SETTINGS),))


def forget_question(languages: Languages, language: str, now: datetime) -> Text:
    """Asks before everything is erased; the confirming button works for a quarter of an hour."""
    body = languages.rich(
        language,
        "Erase **everything** we know about you: name, phone, answers and consents? "
        "This cannot be undone.",
    )
    buttons = (
        Button(languages.text(language, "Yes, erase"), forget_now(now)),
        Button(languages.text(language, "No, keep it"), Wish.KEEP),
    )
    return Text(body, buttons)


def forgotten(languages: Languages, language: str) -> Text:
    """After the erasure."""
    note = languages.text(language, "Done, your data is erased. To come back one day, send /start")
    return Text(RichText(note))


def kept(languages: Languages, language: str) -> Text:
    """After the erasure was not confirmed."""
    return Text(RichText(languages.text(language, "All right, everything stays as it is.")))


def spoken(languages: Languages, language: str) -> Text:
    """After the language was changed, in the new one."""
    name = languages.name(language)
    return Text(RichText(languages.text(language, "Now we speak: {language}", language=name)))


def help_text(languages: Languages, language: str) -> Text:
    """What the bot understands at any time."""
    body = languages.rich(
        language,
        "**What I understand at any time**\n\n"
        "/settings: subscriptions and language\n"
        "/mydata: what we keep about you\n"
        "/forget: erase your data\n"
        "/stop: no more advertising\n"
        "/start: from the beginning\n\n"
        "To talk to a human, write “human”.",
    )
    buttons = (
        Button(languages.text(language, "Settings"), Wish.SETTINGS),
        Button(languages.text(language, "My data"), Wish.MYDATA),
        _human(languages, language),
    )
    return Text(body, buttons)


def _human(languages: Languages, language: str) -> Button:
    return Button(languages.text(language, "Talk to a human"), Wish.PERSON)


def _switch(languages: Languages, language: str, advertising: Standing) -> Button:
    if advertising.granted:
        return Button(languages.text(language, "Advertising off"), Wish.UNSUBSCRIBE)
    return Button(languages.text(language, "Advertising on"), Wish.SUBSCRIBE)


def _advertising(languages: Languages, language: str, standing: Standing) -> RichText:
    if not standing.granted:
        return languages.rich(language, "Advertising: **off**")
    where = _channels(languages, language, sorted(standing.channels))
    return languages.rich(language, "Advertising: **on** ({channels})", channels=where)


def _phone(languages: Languages, language: str, phone: str | None) -> RichText:
    shown = phones.spaced(phone) if phone else languages.text(language, "not given")
    return languages.rich(language, "Phone: {phone}", phone=shown)


def _entry(languages: Languages, language: str, entry: ConsentEntry) -> RichText:
    date = languages.date(language, entry.at)
    purpose = _purpose(languages, language, entry)
    if entry.action == "withdraw":
        return languages.rich(
            language, "{purpose}: withdrawn on {date}", purpose=purpose, date=date
        )
    return languages.rich(
        language,
        "{purpose}: given on {date}, wording {version}",
        purpose=purpose,
        date=date,
        version=entry.text_version,
    )


def _purpose(languages: Languages, language: str, entry: ConsentEntry) -> str:
    match entry.purpose:
        case "personal_data":
            return languages.text(language, "Consent to personal data")
        case "advertising" if entry.channels:
            where = _channels(languages, language, entry.channels)
            return languages.text(language, "Consent to advertising ({channels})", channels=where)
        case "advertising":
            return languages.text(language, "Consent to advertising")
        case "calls":
            return languages.text(language, "Consent to calls")
        case "service":
            return languages.text(language, "Consent to service messages")


def _channels(languages: Languages, language: str, channels: Sequence[ChannelName]) -> str:
    messengers = languages.text(language, "messengers")
    return ", ".join(messengers if name == MESSENGERS else brand(name) for name in channels)
