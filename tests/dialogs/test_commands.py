"""What customers type to steer the bot."""

import pytest

from dialogs.commands import Command, parse

SAID = {
    Command.START: [
        "/start",
        "/START",
        "/start promo",
        "/start@coffee_bot",
        "Старт",
        "начать",
        "Start!",
    ],
    Command.STOP: ["/stop", "/stop@coffee_bot", "СТОП", "stop.", "отписаться", "CTOП"],
    Command.SETTINGS: ["/settings", "Настройки", "settings", "/settings please"],
    Command.MYDATA: ["/mydata", "мои данные", "My data"],
    Command.FORGET: ["/forget", "забудьте меня", "Удалите мои данные!", "forget me"],
    Command.HELP: ["/help", "помощь", "Help", "INFO"],
    Command.PERSON: [
        "оператор",
        "Человек!",
        "позвать оператора",
        "human",
        "talk to a human",
        "/person",
    ],
}
NONE = [
    "",
    "/",
    "/unknown",
    "кофе",
    "не оператор",
    "start now",
    "какие настройки?",
    "да",
]


@pytest.mark.parametrize(
    ("command", "text"), [(c, text) for c, said in SAID.items() for text in said]
)
def test_understands(command: Command, text: str) -> None:
    assert parse(text) is command


@pytest.mark.parametrize("text", NONE)
def test_leaves_other_messages_alone(text: str) -> None:
    assert parse(text) is None


def test_every_command_has_its_table_row() -> None:
    assert set(SAID) == set(Command)
