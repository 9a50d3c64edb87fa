"""What the owner of the business does in the phone's own app, beside the API (coexistence)."""

from collections.abc import Mapping

from emulators.screens import Bubble
from emulators.told import Told, told_text
from emulators.whatsapp import payloads
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.bundles import Json, Update
from emulators.whatsapp.sender import new_id
from emulators.world import Gesture, Human, Refused


class Owner:
    """The gestures; `who` is the person that is written to. Each raises Refused."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._echoed: dict[str, Human] = {}

    def gestures(self) -> Mapping[str, Gesture]:
        """All of them by name."""
        return {"echo": self.echo, "echo_edit": self.echo_edit, "echo_revoke": self.echo_revoke}

    async def echo(self, told: Told) -> Told:
        """Write a `text` to somebody; the business hears of it as of its own message."""
        human, text = self._account.world.human(told), told_text(told, "text")
        message_id = new_id()
        bubble = Bubble(
            message_id,
            text,
            self._account.clock.now(),
            author=self._account.settings.verified_name,
            author_id=self._account.settings.display_phone_number,
            status="delivered",
        )
        self._account.world.screens.show(PLATFORM, human.wa_id, bubble)
        self._echoed[message_id] = human
        return self._tell(human, {"type": "text", "text": {"body": text}}, message_id)

    async def echo_edit(self, told: Told) -> Told:
        """Put another `text` in the place of such a `message`."""
        human, message = self._find(told)
        bubble = self._account.world.screens.find(PLATFORM, human.wa_id, message)
        text = told_text(told, "text")
        if bubble is not None:
            bubble.text, bubble.edited = text, True
            self._account.world.screens.change(PLATFORM, human.wa_id, bubble)
        content = {"type": "text", "text": {"body": text}}
        return self._tell(human, payloads.edited(message, content), new_id())

    async def echo_revoke(self, told: Told) -> Told:
        """Take such a `message` back."""
        human, message = self._find(told)
        self._account.world.screens.remove(PLATFORM, human.wa_id, message)
        return self._tell(human, payloads.revoked(message), new_id())

    def _find(self, told: Told) -> tuple[Human, str]:
        message = str(told.get("message"))
        human = self._echoed.get(message)
        if human is None:
            raise Refused(f"the owner wrote no message {message!r}")
        return human, message

    def _tell(self, human: Human, content: Json, message_id: str) -> Told:
        now, business = self._account.clock.now(), self._account.settings.display_phone_number
        item = payloads.echo(human, message_id, now, content, business)
        who = payloads.contact(human, username=False)
        self._account.webhooks.tell(Update("smb_message_echoes", "message_echoes", item, who))
        return {"message": message_id}
