"""The shipped coffee shop: complete, and native in every messenger."""

from dataclasses import replace

import pytest

from dialogs.questions import Asking, question
from dialogs.session import Session
from dialogs.steps import Ask, Consent
from tests.dialogs.phone import COFFEE, TELEGRAM, VK, WHATSAPP, Phone
from vestnik.channel import Limits
from vestnik.consent import MESSENGERS
from vestnik.fit import fit
from vestnik.outbound import Button, Text

ASKING = [step.id for step in COFFEE.steps.values() if isinstance(step, Asking)]


def test_it_asks_for_the_two_consents_apart() -> None:
    personal, advertising = COFFEE.consent("personal_data"), COFFEE.consent("advertising")
    assert personal is not None
    assert advertising is not None
    assert personal.id != advertising.id
    assert advertising.covers == (MESSENGERS, "sms")
    for text in advertising.text.values():
        for name in ("Telegram", "WhatsApp", "SMS", "STOP" if "STOP" in text.text else "СТОП"):
            assert name in text.text


def test_it_needs_a_list_in_whatsapp() -> None:
    city = COFFEE.question("city")
    assert city is not None
    assert 8 <= len(city.choices) <= WHATSAPP.buttons
    assert city.choices["kzn"].value == "Казань"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("limits", [TELEGRAM, VK, WHATSAPP], ids=["telegram", "vk", "whatsapp"])
@pytest.mark.parametrize("name", ASKING)
def test_its_questions_fit_every_messenger_uncut(name: str, limits: Limits, language: str) -> None:
    phone = Phone(limits, language=language).starts()
    assert isinstance(phone.session, Session)
    step = COFFEE.steps[name]
    assert isinstance(step, Asking)
    for asked in (phone.session, _half_proven(phone.session)):
        text = question(step, asked, phone.context)
        fitted = fit(text, limits)
        assert isinstance(fitted, Text)
        assert [button.label for button in fitted.buttons] == [b.label for b in text.buttons]
        assert fitted.body == text.body
        presses = [button for button in text.buttons if isinstance(button, Button)]
        assert all(len(button.payload.encode()) <= 64 for button in presses)
        # WhatsApp shows up to three as buttons of up to 20 characters, more as a list.
        if len(presses) <= 3:
            assert all(len(button.label) <= 20 for button in presses)
            assert len(text.body.text) <= 1024


def _half_proven(session: Session) -> Session:
    return replace(session, phone="+79161234567")


def test_nothing_is_ticked_beforehand() -> None:
    for step in COFFEE.steps.values():
        if isinstance(step, Ask) and step.many:
            phone = Phone().starts()
            assert phone.session is not None
            labels = [
                button.label for button in question(step, phone.session, phone.context).buttons
            ]
            assert not any("☑" in label for label in labels)
        if isinstance(step, Consent):
            assert step.agree != step.decline
