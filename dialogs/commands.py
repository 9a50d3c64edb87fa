"""What customers type to steer the bot: commands and the plain words that mean the same."""

import re
from enum import StrEnum

from dialogs.optout import is_opt_out
from dialogs.wording import folded


class Command(StrEnum):
    """A wish that is understood at any time, also in the middle of a question."""

    START = "start"
    STOP = "stop"
    SETTINGS = "settings"
    MYDATA = "mydata"
    FORGET = "forget"
    HELP = "help"
    PERSON = "person"


# START, СТАРТ and UNSTOP open the dialog, which asks for the consent again: no word re-subscribes.
_SYNONYMS = {
    Command.START: "start, старт, начать, начать сначала, unstop, подписаться, subscribe",
    Command.SETTINGS: "settings, настройки, preferences, мои подписки, управление подпиской",
    Command.MYDATA: "mydata, my data, мои данные, что вы обо мне знаете",
    Command.FORGET: """forget, forget me, delete my data, забудь меня, забудьте меня,
        удалить мои данные, удалите мои данные, удали мои данные, отозвать согласие""",
    Command.HELP: "help, info, помощь, справка, что ты умеешь",
    Command.PERSON: """person, human, operator, agent, talk to a human, call a human,
        talk to a person, call a person, оператор, человек, живой человек, позвать оператора,
        позвать человека, позовите оператора, позовите человека, позови оператора, позови человека,
        нужен оператор, нужен человек, оператора, человека, соедините с оператором,
        связаться с оператором, хочу поговорить с человеком, хочу поговорить с оператором""",
}
_MEANING = {
    folded(word): command for command, words in _SYNONYMS.items() for word in words.split(",")
}
_SLASH = re.compile(r"\s*/(?P<name>\w+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)


def parse(text: str) -> Command | None:
    """The command that the whole message is, None for any other message.

    A slash command may name the bot and carry words ("/start@coffee_bot promo"); of plain words
    only the exact ones count.
    """
    slash = _SLASH.fullmatch(text)
    said = slash["name"] if slash else text
    return Command.STOP if is_opt_out(said) else _MEANING.get(folded(said))


def argument(text: str) -> str | None:
    """The words after a slash command ("/start promo"), None where there are none."""
    slash = _SLASH.fullmatch(text)
    return (slash["rest"] or "").strip() or None if slash else None
