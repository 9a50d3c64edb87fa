"""How what people do reaches the business: on their screen, in their window, by webhook."""

from emulators.screens import Bubble
from emulators.told import Told
from emulators.whatsapp import payloads
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.bundles import Json, Update
from emulators.whatsapp.sender import new_id
from emulators.world import Human, Refused


class Writing:
    """The pen of everybody."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def active(self, told: Told) -> Human:
        """The person of a gesture, who must be able to write now; raises Refused."""
        human = self._account.world.human(told)
        if why := self._account.lines.of(human).silent():
            raise Refused(f"{human.name} cannot do this now: {why}")
        return human

    def own(self, human: Human, message_id: object) -> Bubble:
        """A message that this person wrote; raises Refused."""
        author, bubble = self._account.heard.get(str(message_id), (None, None))
        if author is not human or bubble is None:
            raise Refused(f"{human.name} wrote no message {message_id!r}")
        return bubble

    def write(
        self,
        human: Human,
        content: Json,
        text: str,
        reply_to: str | None = None,
        *,
        opens: bool = True,
        quotes: bool = True,
        image: str | None = None,
        errors: tuple[Json, ...] = (),
    ) -> Told:
        """A message that stands on the screen; `opens` the 24-hour window. Gives its id.

        `quotes`: the webhook tells which message it answers.
        """
        now, message_id = self._account.clock.now(), new_id()
        bubble = Bubble(
            message_id,
            text,
            now,
            mine=True,
            author=human.name,
            author_id=human.wa_id,
            reply_to=reply_to,
            status="sent",
            image=image,
        )
        self._account.heard[message_id] = (human, bubble)
        self._account.world.screens.show(PLATFORM, human.wa_id, bubble)
        if opens:
            self._account.lines.of(human).open(now)
        if reply_to and quotes:
            business = self._account.settings.display_phone_number
            content = {"context": {"from": business, "id": reply_to}, **content}
        return self.tell(human, content, message_id, errors=errors)

    def tell(
        self,
        human: Human,
        content: Json,
        message_id: str | None = None,
        *,
        errors: tuple[Json, ...] = (),
    ) -> Told:
        """A message to the business that leaves no mark of its own on the screen; gives its id.

        Whoever is blocked by the business writes in vain.
        """
        now, message_id = self._account.clock.now(), message_id or new_id()
        self._account.limits.heard(now)
        if human.wa_id not in self._account.standing.blocked:
            item = payloads.message(human, message_id, now, content)
            who = payloads.contact(human)
            self._account.webhooks.tell(Update("messages", "messages", item, who, errors=errors))
        return {"message": message_id}

    def note(self, human: Human) -> None:
        """Show the state of somebody's chat."""
        line = self._account.lines.of(human)
        self._account.world.screens.note(PLATFORM, human.wa_id, line.note())
