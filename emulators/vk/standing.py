"""How people stand to the community: who lets it write, who is barred, who follows it."""

from typing import Any

from emulators.told import Told
from emulators.vk.history import Dialog
from emulators.vk.parts import Parts
from emulators.world import Gesture


class Standing:
    """The gestures that change whether a person can be written to."""

    def __init__(self, parts: Parts) -> None:
        self._dialog_of = parts.dialog_of
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path; block and unblock are those of every platform."""
        return {
            "allow": self.allow,
            "unblock": self.allow,
            "deny": self.deny,
            "block": self.deny,
            "blacklist": self.blacklist,
            "pardon": self.pardon,
            "privacy": self.privacy,
            "join": self.join,
            "leave": self.leave,
            "delete_account": self.delete_account,
        }

    def permit(self, dialog: Dialog, key: str = "") -> None:
        """A person lets the community write: by a widget (its `key`) or by writing first."""
        if not dialog.allowed:
            dialog.allowed = True
            self._tell("message_allow", dialog, key=key)
            self._phones.note(dialog)

    async def allow(self, told: Told) -> Told:
        """Allow the community's messages, as a widget does, perhaps with its `key`."""
        self.permit(self._dialog_of(told), str(told.get("key", "")))
        return {"allowed": True}

    async def deny(self, told: Told) -> Told:
        """Forbid the community's messages."""
        dialog = self._dialog_of(told)
        if dialog.allowed:
            dialog.allowed = False
            self._tell("message_deny", dialog)
            self._phones.note(dialog)
        return {"allowed": False}

    async def blacklist(self, told: Told) -> Told:
        """The community puts the person on its blacklist."""
        dialog = self._dialog_of(told)
        dialog.blacklisted = True
        self._phones.note(dialog)
        admin = self._community.settings.admin_id
        self._tell("user_block", dialog, admin_id=admin, unblock_date=0, reason=0, comment="")
        return {"blacklisted": True}

    async def pardon(self, told: Told) -> Told:
        """The community takes the person off its blacklist."""
        dialog = self._dialog_of(told)
        dialog.blacklisted = False
        self._phones.note(dialog)
        self._tell(
            "user_unblock", dialog, admin_id=self._community.settings.admin_id, by_end_date=0
        )
        return {"blacklisted": False}

    async def privacy(self, told: Told) -> Told:
        """Close the page for messages of communities; `closed: false` opens it."""
        dialog = self._dialog_of(told)
        dialog.private = bool(told.get("closed", True))
        self._phones.note(dialog)
        return {"closed": dialog.private}

    async def join(self, told: Told) -> Told:
        """Follow the community."""
        dialog = self._dialog_of(told)
        dialog.member = True
        self._tell("group_join", dialog, join_type="join")
        return {"member": True}

    async def leave(self, told: Told) -> Told:
        """Stop following; the permission to write stays as it is."""
        dialog = self._dialog_of(told)
        dialog.member = False
        self._tell("group_leave", dialog, self=1)
        return {"member": False}

    async def delete_account(self, told: Told) -> Told:
        """Delete the page, of which VK tells nobody; `deleted: false` brings it back."""
        dialog = self._dialog_of(told)
        dialog.deleted = bool(told.get("deleted", True))
        self._phones.note(dialog)
        return {"deleted": dialog.deleted}

    def _tell(self, kind: str, dialog: Dialog, /, **beside: Any) -> None:
        self._events.tell(kind, dialog.user_id, {"user_id": dialog.user_id, **beside})
