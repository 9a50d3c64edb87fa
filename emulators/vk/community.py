"""The community's own state: its dialogs and messages, and who may be written to."""

from bisect import bisect_right
from typing import Any

from emulators.clock import Clock
from emulators.recent import Recent
from emulators.vk.errors import VkError
from emulators.vk.history import Content, Dialog, Message
from emulators.vk.settings import VkSettings
from emulators.world import Refused, World

# Peers from here on are group chats (dev.vk.com/method/messages.send, peer_id).
FIRST_CHAT = 2_000_000_000
HOUR = 3_600.0


class Community:
    """All that one community knows; `bots` are the capabilities that keyboards need."""

    def __init__(self, world: World, clock: Clock, settings: VkSettings) -> None:
        self.settings = settings
        self.bots = True
        self._world = world
        self._clock = clock
        self._dialogs: dict[int, Dialog] = {}
        self._messages: dict[int, Message] = {}
        self._last_id = 0
        self._version = 10_000_000
        self._seen: Recent[tuple[int, int], Message] = Recent(settings.dedupe_seconds)

    def dialog(self, user_id: int) -> Dialog:
        """The conversation with a person, begun when there was none."""
        dialog = self._dialogs.get(user_id)
        if dialog is None:
            dialog = self._dialogs[user_id] = Dialog(user_id)
        return dialog

    def peek(self, user_id: int) -> Dialog | None:
        """The conversation with a person, if there is one."""
        return self._dialogs.get(user_id)

    def find(self, peer_id: int) -> Dialog:
        """The conversation with a peer named by a caller; raises 917, 932 or 936."""
        if peer_id < 0:
            raise VkError(932)
        if peer_id >= FIRST_CHAT:
            raise VkError(917)
        if peer_id in self._dialogs or self._world.who("vk", peer_id):
            return self.dialog(peer_id)
        raise VkError(936)

    def write(self, dialog: Dialog, content: Content, *, out: bool, random_id: int = 0) -> Message:
        """Add a message to a dialog; a person's first one after a deep link carries its ref."""
        self._last_id += 1
        message = Message(
            id=self._last_id,
            cmid=len(dialog.message_ids) + 1,
            peer_id=dialog.user_id,
            from_id=-self.settings.group_id if out else dialog.user_id,
            out=out,
            at=self._clock.now(),
            version=self._next_version(),
            content=content,
            random_id=random_id,
        )
        if not out:
            message.ref, dialog.ref = dialog.ref, None
            message.ref_source, dialog.ref_source = dialog.ref_source, None
        self._messages[message.id] = message
        dialog.message_ids.append(message.id)
        if random_id:
            self._seen.put((dialog.user_id, random_id), message, message.at)
        return message

    def rewrite(self, message: Message, content: Content) -> None:
        """Change a message that was written."""
        message.content = content
        message.edited_at = self._clock.now()
        message.version = self._next_version()

    def forget(self, message: Message) -> None:
        """Delete a message."""
        del self._messages[message.id]

    def message(self, message_id: int) -> Message | None:
        """A message by its id in the community."""
        return self._messages.get(message_id)

    def numbered(self, peer_id: int, cmid: int) -> Message | None:
        """A message by its number in a dialog."""
        dialog = self._dialogs.get(peer_id)
        if dialog is None or not 0 < cmid <= len(dialog.message_ids):
            return None
        return self._messages.get(dialog.message_ids[cmid - 1])

    def shown(self, dialog: Dialog, told: Any) -> Message:
        """A message of a dialog by the id that a gesture tells; raises Refused."""
        found = self._messages.get(int(told)) if str(told).isdecimal() else None
        if found is None or found.peer_id != dialog.user_id:
            raise Refused(f"there is no message {told!r} in this dialog")
        return found

    def sent_before(self, peer_id: int, random_id: int) -> Message | None:
        """The message that this `random_id` already became, while it is remembered."""
        return self._seen.get((peer_id, random_id), self._clock.now())

    def count(self, dialog: Dialog) -> None:
        """Count a message to a person; raises 9 over so many an hour (vk.com/faq11583)."""
        now = self._clock.now()
        del dialog.recent[: bisect_right(dialog.recent, now - HOUR)]
        if len(dialog.recent) >= self.settings.flood_per_hour:
            raise VkError(9, "too much messages sent to user")
        dialog.recent.append(now)

    def unread(self, dialog: Dialog, *, out: bool) -> list[Message]:
        """Messages of one side that the other has not read, oldest first."""
        read = dialog.out_read if out else dialog.in_read
        found: list[Message] = []
        for message_id in reversed(dialog.message_ids):
            if message_id <= read:
                break
            message = self._messages.get(message_id)
            if message is not None and message.out is out:
                found.append(message)
        return found[::-1]

    def _next_version(self) -> int:
        self._version += 1
        return self._version
