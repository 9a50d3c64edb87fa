"""What people do to messages that stand in a chat already: edit, take back, react."""

from collections.abc import Mapping
from typing import Any

from emulators.telegram import objects
from emulators.telegram.media import kind_of
from emulators.telegram.people import acting
from emulators.telegram.reactions import Reactions, reaction
from emulators.telegram.state import State
from emulators.telegram.writing import Writing, captioned, typed
from emulators.told import Told, told_text
from emulators.world import Gesture, Refused

Object = dict[str, Any]

# https://telegram.org/faq: people may change their messages for two days.
EDITABLE_SECONDS = 48 * 3600


class Afterthoughts:
    """`message` is the number of the message."""

    def __init__(self, state: State, writing: Writing, reactions: Reactions) -> None:
        self._state = state
        self._writing = writing
        self._reactions = reactions

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {"edit": self.edit, "unsend": self.unsend, "react": self.react}

    async def edit(self, told: Told) -> Object:
        """`{who, message, text, chat?}`: change one's text, or the caption of one's file."""
        human, chat = acting(self._state, told)
        message = self._writing.find_own(chat, human, told.get("message"))
        text, now = told_text(told), self._state.clock.now()
        if now - message["date"] > EDITABLE_SECONDS:
            raise Refused("this message is too old to be changed")
        if kind_of(message):
            changes = {"caption_entities": None} | captioned({"caption": text})
        elif "text" in message:
            changes = {"entities": None} | typed(text)
        else:
            raise Refused("this message has no text to change")
        self._state.messages.edit(chat, message, changes | {"edit_date": int(now)})
        self._writing.tell("edited_message", chat, message)
        return {"message": str(message["message_id"])}

    async def unsend(self, told: Told) -> Object:
        """`{who, message, chat?}`: delete one's message for everybody; the bot is not told."""
        human, chat = acting(self._state, told)
        message = self._writing.find_own(chat, human, told.get("message"))
        self._state.messages.remove(chat, message["message_id"])
        return {}

    async def react(self, told: Told) -> Object:
        """`{who, message, emoji?, chat?}`: react to a message, or take the reaction back."""
        human, chat = acting(self._state, told)
        message = self._writing.find(chat, told.get("message"))
        emoji = str(told.get("emoji") or "")
        left = reaction(emoji)
        if emoji and left is None:
            raise Refused(f"nobody can react with {emoji!r}")
        now = [left] if left else []
        before = self._reactions.leave(chat, message, human.telegram, now)
        # Only administrators hear of reactions (https://core.telegram.org/bots/api#update).
        if before != now and chat.role == "administrator":
            change = {
                "chat": chat.card,
                "message_id": message["message_id"],
                "user": objects.user(human),
                "date": int(self._state.clock.now()),
                "old_reaction": before,
                "new_reaction": now,
            }
            self._state.updates.add("message_reaction", chat.id, change)
        return {"message": str(message["message_id"])}
