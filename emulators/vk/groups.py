"""groups.* and users.get: the community, its settings, its people."""

from collections.abc import Callable
from typing import Any

from emulators.vk.call import PLATFORM, Call
from emulators.vk.callbacks import Callbacks
from emulators.vk.community import Community
from emulators.vk.errors import VkError
from emulators.vk.longpoll import LongPoll
from emulators.vk.objects import group_object, user_object
from emulators.vk.scopes import SCOPES
from emulators.world import Human, World

# dev.vk.com/method/users.get and groups.isMember.
USERS = 1_000
MEMBERS = 500


class Groups:
    """Methods about the community itself."""

    def __init__(
        self, world: World, community: Community, callbacks: Callbacks, long_poll: LongPoll
    ) -> None:
        self._world = world
        self._community = community
        self._settings = community.settings
        self._callbacks = callbacks
        self._long_poll = long_poll

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """By their names in the API; those about one's own community see that it is that one."""
        own = {
            "groups.getCallbackConfirmationCode": self.confirmation,
            "groups.addCallbackServer": self.add_server,
            "groups.editCallbackServer": self.edit_server,
            "groups.deleteCallbackServer": self.delete_server,
            "groups.getCallbackServers": self.servers,
            "groups.setCallbackSettings": self.set_callback_settings,
            "groups.getCallbackSettings": self.callback_settings,
            "groups.getLongPollServer": self.long_poll_server,
            "groups.setLongPollSettings": self.set_long_poll_settings,
            "groups.getLongPollSettings": self.long_poll_settings,
            "groups.isMember": self.is_member,
        }
        guarded = {name: self._own(method) for name, method in own.items()}
        return {
            "groups.getById": self.get_by_id,
            "groups.getTokenPermissions": self.permissions,
            "users.get": self.users,
            **guarded,
        }

    def get_by_id(self, call: Call) -> dict[str, Any]:
        """The community, unless another one is asked for."""
        asked = call.text("group_ids", call.text("group_id", str(self._settings.group_id)))
        mine = {str(self._settings.group_id), self._settings.screen_name}
        found = [group_object(self._settings) for each in asked.split(",") if each in mine]
        return {"groups": found, "profiles": []}

    def permissions(self, _call: Call) -> dict[str, Any]:
        """What the token may do."""
        found = {name: SCOPES[name] for name in sorted(self._settings.scopes)}
        items = [{"name": name, "setting": bit} for name, bit in found.items()]
        return {"mask": sum(found.values()), "permissions": items}

    def users(self, call: Call) -> list[dict[str, Any]]:
        """People by their numbers or short names; unknown ones are passed over."""
        asked = [part for part in call.text("user_ids", "").split(",") if part]
        if len(asked) > USERS:
            raise VkError(113)
        people = filter(None, (self._person(each.strip()) for each in asked))
        return [user_object(human, deleted=self._is_deleted(human)) for human in people]

    def is_member(self, call: Call) -> Any:
        """Whether people follow the community."""
        several = call.integers("user_ids", MEMBERS)
        if not several:
            member = self._follows(call.integer("user_id"))
            return {"member": member} if call.flag("extended") else member
        return [{"user_id": user_id, "member": self._follows(user_id)} for user_id in several]

    def confirmation(self, _call: Call) -> dict[str, str]:
        """The string that a callback server must answer the handshake with."""
        return {"code": self._settings.confirmation}

    async def add_server(self, call: Call) -> dict[str, int]:
        """Add a callback server; the handshake is made at once."""
        return {"server_id": await self._callbacks.add(call)}

    async def edit_server(self, call: Call) -> int:
        """Change a callback server; the handshake is made again."""
        await self._callbacks.edit(self._callbacks.find(call.integer("server_id")), call)
        return 1

    def delete_server(self, call: Call) -> int:
        """Take a callback server away."""
        self._callbacks.delete(self._callbacks.find(call.integer("server_id")))
        return 1

    def servers(self, call: Call) -> dict[str, Any]:
        """The callback servers and how their handshakes went."""
        asked = call.integers("server_ids", USERS)
        items = [each.told() for each in self._callbacks.all() if not asked or each.id in asked]
        return {"count": len(items), "items": items}

    def set_callback_settings(self, call: Call) -> int:
        """Choose the events of a callback server."""
        self._callbacks.find(call.integer("server_id", 0)).wishes.change(call)
        return 1

    def callback_settings(self, call: Call) -> dict[str, Any]:
        """The events of a callback server."""
        wishes = self._callbacks.find(call.integer("server_id", 0)).wishes
        return {"api_version": wishes.version, "events": wishes.ticks()}

    def long_poll_server(self, call: Call) -> dict[str, str]:
        """Where to ask for events, reachable from where the call came."""
        return self._long_poll.server(f"{call.visit.base}/wh{self._settings.group_id}")

    def set_long_poll_settings(self, call: Call) -> int:
        """Switch Bots Long Poll, and choose its events."""
        self._long_poll.change(call)
        return 1

    def long_poll_settings(self, _call: Call) -> dict[str, Any]:
        """Whether Bots Long Poll is on, and its events."""
        wishes = self._long_poll.wishes
        return {
            "is_enabled": self._long_poll.enabled,
            "api_version": wishes.version,
            "events": wishes.ticks(),
        }

    def _own(self, method: Callable[[Call], Any]) -> Callable[[Call], Any]:
        def checked(call: Call) -> Any:
            if call.integer("group_id", least=1) != self._settings.group_id:
                raise VkError(203)
            return method(call)

        return checked

    def _follows(self, user_id: int) -> int:
        dialog = self._community.peek(user_id)
        return int(dialog is not None and dialog.member)

    def _is_deleted(self, human: Human) -> bool:
        dialog = self._community.peek(human.vk)
        return dialog is not None and dialog.deleted

    def _person(self, told: str) -> Human | None:
        number = told.removeprefix("id")
        return self._world.who(PLATFORM, number) if number.isdecimal() else None
