"""What the menu of a private chat offers."""

from collections.abc import Iterator

from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

_COMMANDS = {
    None: {
        "start": "Начать сначала",
        "settings": "Настройки и согласия",
        "stop": "Отписаться от рассылки",
        "mydata": "Что о вас хранится",
        "help": "Помощь",
    },
    "en": {
        "start": "Start again",
        "settings": "Settings and consents",
        "stop": "Unsubscribe",
        "mydata": "What is stored about you",
        "help": "Help",
    },
}
"""By language; Russian where no other fits."""


def menus() -> Iterator[SetMyCommands]:
    """The requests that set it, one a language."""
    for language, commands in _COMMANDS.items():
        yield SetMyCommands(
            commands=[
                BotCommand(command=name, description=says) for name, says in commands.items()
            ],
            scope=BotCommandScopeAllPrivateChats(),
            language_code=language,
        )
