"""Reading on the phones: at once when a dialog is opened, by itself where people are set to."""

from functools import partial

from emulators.timeline import Timeline
from emulators.vk.call import PLATFORM
from emulators.vk.history import Dialog
from emulators.vk.parts import Parts


class Reading:
    """Knows what was read, and who will read when."""

    def __init__(self, parts: Parts, timeline: Timeline) -> None:
        self._world = parts.world
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._after = parts.community.settings.reads_after
        self._timeline = timeline

    def read(self, dialog: Dialog) -> int:
        """A person opens the dialog; gives how many messages were read now."""
        unread = self._community.unread(dialog, out=True)
        if not unread:
            return 0
        last = unread[-1]
        dialog.out_read = last.id
        for message in unread:
            self._phones.read(message)
            self._world.report(
                platform=PLATFORM, reference=str(message.id), status="read", to=str(dialog.user_id)
            )
        event = {
            "from_id": dialog.user_id,
            "peer_id": dialog.user_id,
            "read_message_id": last.id,
            "conversation_message_id": last.cmid,
        }
        self._events.tell("message_read", dialog.user_id, event)
        return len(unread)

    def plan(self, dialog: Dialog) -> None:
        """A message came: the person reads it after a while, if people are set to."""
        if self._after is not None:
            self._timeline.after(self._after, partial(self.read, dialog))
