"""The phone step: a number vouched for, shared, or typed and proven by a code sent to it."""

from dataclasses import replace
from datetime import timedelta

from dialogs import phones, questions
from dialogs.facts import CodeWanted, PhoneConfirmed
from dialogs.session import Heard, Scene, Session
from dialogs.steps import Phone
from vestnik.inbound import ContactShared

CODE_LIFETIME = timedelta(minutes=10)
MOST_TRIES = 3
"""Wrong codes before the code is void."""
MOST_CODES = 3
"""Codes that a session may send: nobody floods a stranger's phone through us."""


def known(scene: Scene) -> tuple[PhoneConfirmed, ...] | None:
    """What is learnt without asking; None when the person must be asked.

    There is no asking for what is known, nor where no answer could be proven.
    """
    context = scene.context
    vouched = scene.event.author.phone if scene.event else None
    if context.phone is not None:
        return ()
    if vouched is not None:
        return (PhoneConfirmed(vouched, "provider"),)
    return None if context.limits.contact_button or context.sends_codes else ()


def pressed(scene: Scene, session: Session, step: Phone, choice: str) -> Heard | None:
    """A press on one of the step's buttons; None when it is none of those on show."""
    match choice:
        case questions.SKIP:
            return Heard(session=session.without_phone(), to=step.next)
        case questions.AGAIN if session.phone:
            return _send_code(scene, session, step, session.phone)
        case questions.OTHER if session.phone:
            return Heard(session=session.without_phone())
        case _:
            return None


def typed(scene: Scene, session: Session, step: Phone, text: str) -> Heard:
    """A typed text: a choice, the code that was sent, or a number."""
    choice = questions.chosen(text, questions.options(step, session, scene.context))
    heard = pressed(scene, session, step, choice) if choice else None
    if heard is not None:
        return heard
    code = phones.typed_code(text)
    if session.phone and code:
        return _check(scene, session, step, code)
    try:
        phone = phones.normalise(text, scene.context.region)
    except phones.Unusable as refusal:
        return Heard(session=session, hint=_refused(scene, refusal.why))
    return _send_code(scene, session, step, phone)


def shared(scene: Scene, session: Session, contact: ContactShared, to: str | None) -> Heard:
    """A contact: the person's own proves the number, and leads on; another's does not."""
    if not contact.own:
        text, language = scene.context.languages.text, scene.context.language
        hint = text(language, "This is somebody else's number. Please share your own.")
        return Heard(session=session, hint=hint)
    fact = PhoneConfirmed(phones.vouched(contact.phone), "contact")
    return Heard(session=session.without_phone(), facts=(fact,), to=to)


def _send_code(scene: Scene, session: Session, step: Phone, phone: str) -> Heard:
    text, language = scene.context.languages.text, scene.context.language
    if not scene.context.sends_codes:
        hint = text(language, "We cannot check a typed number here. Please press the button.")
        return Heard(session=session, hint=hint)
    if session.codes >= MOST_CODES:
        hint = text(language, "We have sent enough codes for today, so let us go on without it.")
        return Heard(session=session.without_phone(), to=step.next, hint=hint)
    waiting = replace(
        session.without_phone(),
        phone=phone,
        code_until=scene.now + CODE_LIFETIME,
        codes=session.codes + 1,
    )
    return Heard(session=waiting, facts=(CodeWanted(phone),))


def _check(scene: Scene, session: Session, step: Phone, code: str) -> Heard:
    text, language = scene.context.languages.text, scene.context.language
    until, sealed, phone = session.code_until, session.code, session.phone
    if phone is None or sealed is None or until is None or scene.now >= until:
        return Heard(session=session, hint=text(language, "This code is out of date."))
    if scene.context.verify(code, sealed):
        fact = PhoneConfirmed(phone, "code")
        return Heard(session=session.without_phone(), facts=(fact,), to=step.next)
    if session.tries + 1 >= MOST_TRIES:
        hint = text(language, "That was the wrong code again. Please check the number.")
        return Heard(session=session.without_phone(), hint=hint)
    hint = text(language, "That is not the code. Please try again.")
    return Heard(session=replace(session, tries=session.tries + 1), hint=hint)


def _refused(scene: Scene, why: phones.Refusal) -> str:
    text, language = scene.context.languages.text, scene.context.language
    match why:
        case "not_a_number":
            return text(language, "This does not look like a phone number.")
        case "landline":
            return text(language, "This is a landline, which takes no SMS. A mobile, please.")
        case "toll_free":
            return text(language, "This is a toll-free number. A mobile, please.")
        case "not_a_mobile":
            return text(language, "This number takes no SMS. A mobile, please.")
