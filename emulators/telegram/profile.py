"""What the bot tells people of itself, by language: name, description, short description."""

from typing import Any

from emulators.telegram.errors import bad_request
from emulators.telegram.methods import Method, Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.settings import TelegramSettings

# https://core.telegram.org/bots/api#setmyname, #setmydescription, #setmyshortdescription:
# by method, its parameter, the most characters, the refusal.
TEXTS = {
    "MyName": ("name", 64, "BOT_TITLE_INVALID"),
    "MyDescription": ("description", 512, "BOT_DESCRIPTION_TOO_LONG"),
    "MyShortDescription": ("short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
}


class Profile:
    """A language without a text of its own shows the one that was told without a language."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._texts: dict[tuple[str, str], str] = {("name", ""): settings.first_name}

    def methods(self) -> Methods:
        """By name."""
        named: dict[str, Method] = {}
        for method, (name, most, refusal) in TEXTS.items():
            named[f"set{method}"] = self._sets(name, most, refusal)
            named[f"get{method}"] = self._gets(name)
        return named

    def _sets(self, name: str, most: int, refusal: str) -> Method:
        async def put(parameters: Parameters) -> bool:
            text = parameters.text(name).strip()
            if len(text) > most:
                raise bad_request(refusal)
            key = name, parameters.text("language_code")
            if text or key == ("name", ""):
                self._texts[key] = text or self._texts[key]
            else:
                self._texts.pop(key, None)
            return True

        return put

    def _gets(self, name: str) -> Method:
        async def get(parameters: Parameters) -> dict[str, Any]:
            plain = self._texts.get((name, ""), "")
            return {name: self._texts.get((name, parameters.text("language_code")), plain)}

        return get
