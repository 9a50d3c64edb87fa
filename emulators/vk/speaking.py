"""A person's message on its way to the community: it opens the dialog, permits, and is told."""

from emulators.told import Told
from emulators.vk.call import PLATFORM
from emulators.vk.history import Content, Dialog
from emulators.vk.objects import message_object
from emulators.vk.parts import Parts
from emulators.vk.reading import Reading
from emulators.vk.standing import Standing
from emulators.world import Refused


class Speaking:
    """What every gesture that writes something ends in."""

    def __init__(self, parts: Parts, reading: Reading, standing: Standing) -> None:
        self._world = parts.world
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._reading = reading
        self._standing = standing

    def say(self, dialog: Dialog, content: Content) -> Told:
        """Write to the community; raises Refused for somebody on its blacklist."""
        if dialog.blacklisted:
            raise Refused("the community has put this person on its blacklist")
        self._reading.read(dialog)
        self._standing.permit(dialog)
        message = self._community.write(dialog, content, out=False)
        self._phones.show(message)
        human = self._world.who(PLATFORM, dialog.user_id)
        client = self._phones.client(dialog.user_id).info(human.language if human else "ru")
        event = {"message": message_object(message), "client_info": client}
        self._events.tell("message_new", dialog.user_id, event)
        return {"message": str(message.id)}
