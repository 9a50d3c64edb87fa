"""Methods that take messages away."""

from emulators.telegram.chats import Chat
from emulators.telegram.errors import bad_request
from emulators.telegram.identifiers import read_numbers
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State

# https://core.telegram.org/bots/api#deletemessage; an administrator of a supergroup has no limit.
DELETABLE_SECONDS = 48 * 3600


class Deleting:
    """In time the bot's own messages and those of others, as far as it may."""

    def __init__(self, state: State) -> None:
        self._state = state

    def methods(self) -> Methods:
        """By name."""
        return {"deleteMessage": self.delete, "deleteMessages": self.delete_several}

    async def delete(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#deletemessage"""
        if not parameters.text("chat_id"):
            raise bad_request("Chat identifier is not specified")
        if not (number := parameters.integer("message_id")):
            raise bad_request("Message identifier is not specified")
        chat = self._state.chats.writable(parameters.text("chat_id"))
        self._state.messages.find(chat, number, "message to delete")
        self._remove(chat, [number])
        return True

    async def delete_several(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#deletemessages; what is not there is left out."""
        numbers = read_numbers(parameters)
        chat = self._state.chats.writable(parameters.text("chat_id"))
        self._remove(chat, [number for number in numbers if number in chat.messages])
        return True

    def _remove(self, chat: Chat, numbers: list[int]) -> None:
        """All of them or none (MessagesManager.cpp, can_delete_message, can_revoke_message)."""
        now, everywhere = self._state.clock.now(), chat.card["type"] == "supergroup"
        for number in numbers:
            message = chat.messages[number]
            mine = message["from"]["id"] == self._state.settings.bot_id
            may = mine or chat.private or chat.role == "administrator"
            if everywhere and not may:
                raise bad_request("message can't be deleted")
            if not everywhere and (not may or now - message["date"] > DELETABLE_SECONDS):
                raise bad_request("message can't be deleted for everyone")
        for number in dict.fromkeys(numbers):
            self._state.messages.remove(chat, number)
