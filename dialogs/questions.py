"""How a step's question looks: its words, its buttons, and what may be typed instead of a press."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dialogs import phones
from dialogs.parts import said_in
from dialogs.session import Context, Session
from dialogs.steps import Ask, Consent, Phone, Speaking
from dialogs.variables import Values, Words, nothing
from dialogs.wording import folded
from vestnik.clusters import shorten
from vestnik.consent import fingerprint
from vestnik.outbound import AnyButton, Button, ContactButton, Template, Text
from vestnik.richtext import RichText

Asking = Ask | Consent | Phone
"""A step that waits for the person."""

# Choices of ours; a scenario's own cannot begin with "_".
DONE, SKIP, AGAIN, OTHER = "_done", "_skip", "_again", "_other"
AGREE, DECLINE = "agree", "decline"
TICK, UNTICK = "+", "-"
"""Before a choice in a button's payload: what a press makes of it."""
MARK = "."
"""Before the mark of the words above the button, in the payload of one that agrees to them."""
MARK_LENGTH = 10
"""Hexadecimal digits; they tell a step's few wordings apart, the ledger holds the whole hash."""

# "2", "2.", "(2)", "№ 2", a keycap; or a whole line of the list: "2. Чай".
_NUMBERED = re.compile(r"[(#№]?\s*([0-9]{1,3})\ufe0f?\u20e3?(?:\s*[.):]+\s*(.*)|)", re.DOTALL)

_YES = ("да", "yes", "согласен", "согласна", "i agree", "agree")
_NO = ("нет", "no", "не согласен", "не согласна")


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: what the button says, and the words that mean the same.

    `payload` is what a press brings back where that is more than the id: a button that ticks, or
    takes the tick away, does so once, however often the press comes in.
    """

    id: str
    label: str
    words: frozenset[str]
    payload: str = ""


def spoken(step: Speaking, said: Words, language: str, values: Values) -> Text:
    """What a step says, with its files and its buttons that need no answer."""
    return Text(
        said.said(values),
        tuple(button.button(language) for button in step.buttons),
        tuple(it.media() for it in step.media),
    )


def approved(step: Speaking, text: Text, language: str, values: Values) -> Template | None:
    """The template that says the same as `text` where plain messages are not allowed."""
    if step.template is None:
        return None
    told = (said_in(language, texts).said(values).text for texts in step.template.values)
    presses = (it.payload for it in text.buttons if isinstance(it, Button))
    return Template(
        step.template.name,
        language,
        values=tuple(" ".join(value.split()) for value in told),
        payloads=tuple(presses),
        text=text.body.text,
    )


def question(step: Asking, session: Session, context: Context, values: Values = nothing) -> Text:
    """The step's question as it stands now, its ticks and its half-proven number included."""
    press = tuple(_button(step, option) for option in options(step, session, context))
    match step:
        case Ask():
            text = spoken(step, said_in(context.language, step.ask), context.language, values)
            return replace(text, buttons=(*press, *text.buttons))
        case Consent():
            return Text(words(step, context.language), press)
        case Phone():
            body = _about_phone(step, session, context, values)
            return Text(body, (*_contact(session, context), *press))


def _button(step: Asking, option: "Option") -> Button:
    return Button(option.label, f"{step.id}:{option.payload or option.id}")


def words(step: Consent, language: str) -> RichText:
    """The exact words of a consent in a language."""
    return said_in(language, step.text)


def mark(said: RichText) -> str:
    """What tells the words of a consent from others."""
    return fingerprint(said.text)[:MARK_LENGTH]


def options(step: Asking, session: Session, context: Context) -> tuple[Option, ...]:
    """What can be chosen, in the order in which numbered lines would count it."""
    most = context.limits.label
    offered = _offered(step, session, context)
    return tuple(_as_shown(option, most) for option in offered) if most else offered


def _offered(step: Asking, session: Session, context: Context) -> tuple[Option, ...]:
    match step:
        case Ask():
            return tuple(_choices(step, session, context))
        case Consent():
            yes = said_in(context.language, step.agree)
            no = said_in(context.language, step.decline)
            agreeing = _option(AGREE, yes, *step.agree.values(), *_YES)
            marked = AGREE + MARK + mark(words(step, context.language))
            return (
                replace(agreeing, payload=marked),
                _option(DECLINE, no, *step.decline.values(), *_NO),
            )
        case Phone():
            return tuple(_about_number(session, context))


def chosen(text: str, offered: tuple[Option, ...]) -> str | None:
    """The choice that a typed text means: its label, its number in the list, or its whole line."""
    hits = {option.id for option in offered if folded(text) in option.words}
    if len(hits) == 1:
        return hits.pop()
    line = _NUMBERED.fullmatch(text.strip())
    if line is None or not 1 <= int(line[1]) <= len(offered):
        return None
    meant = offered[int(line[1]) - 1]
    label = folded(line[2] or "")
    return meant.id if not label or any(it.startswith(label) for it in meant.words) else None


def several(text: str, offered: tuple[Option, ...]) -> tuple[str, ...]:
    """The choices that a typed list means ("1, 3", "кофе, чай"); none if one is unknown."""
    whole = chosen(text, offered)
    if whole:
        return (whole,)
    separators = r"[\s,;]+" if re.fullmatch(r"[0-9\s,;.)]+", text) else r"[,;\n]+"
    parts = [chosen(part, offered) for part in re.split(separators, text) if part.strip()]
    known = [part for part in parts if part is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(parts) else ()


def _option(name: str, label: str, *said: str) -> Option:
    return Option(name, label, frozenset(map(folded, (label, *said))))


def _as_shown(option: Option, most: int) -> Option:
    """A label may come back as the button showed it: cut to the channel's length."""
    return replace(option, words=option.words | {folded(shorten(option.label, most))})


def _choices(step: Ask, session: Session, context: Context) -> Iterator[Option]:
    picked = session.picked.get(step.id, ())
    for name, choice in step.choices.items():
        label = said_in(context.language, choice.labels)
        if not step.many:
            yield _option(name, label, *choice.labels.values())
            continue
        box, sign = ("☑", UNTICK) if name in picked else ("☐", TICK)
        ticking = _option(name, f"{box} {label}", *choice.labels.values())
        yield replace(ticking, payload=sign + name)
    if step.many:
        yield _option(DONE, context.languages.text(context.language, "Done"))


def _about_number(session: Session, context: Context) -> Iterator[Option]:
    text, language = context.languages.text, context.language
    if session.phone:
        yield _option(AGAIN, text(language, "Send the code again"))
        yield _option(OTHER, text(language, "Another number"))
    yield _option(SKIP, text(language, "Skip"))


def _contact(session: Session, context: Context) -> tuple[AnyButton, ...]:
    if session.phone or not context.limits.contact_button:
        return ()
    return (ContactButton(context.languages.text(context.language, "Share my number")),)


def _about_phone(step: Phone, session: Session, context: Context, values: Values) -> RichText:
    rich, language = context.languages.rich, context.language
    if session.phone:
        number = phones.spaced(session.phone)
        return rich(language, "We sent a code to **{phone}**. Write it here.", phone=number)
    if not context.limits.contact_button:
        how = rich(language, "Write the number here, and we will send a code to it by SMS.")
    else:
        how = rich(language, "Press the button below, or write “skip”.")
    return said_in(language, step.phone).said(values) + RichText("\n\n") + how
