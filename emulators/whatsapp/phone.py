"""What people do with WhatsApp on their phones."""

from collections.abc import Mapping
from dataclasses import replace

from emulators.picture import plain_picture
from emulators.screens import Bubble, Key
from emulators.told import Told, told_index, told_place, told_text
from emulators.whatsapp import payloads
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.bodies import PLACE, Answer
from emulators.whatsapp.lines import Line, Outgoing
from emulators.whatsapp.media import INBOUND_SECONDS
from emulators.whatsapp.payloads import Json, Update
from emulators.whatsapp.sender import Sender, new_id
from emulators.world import Gesture, Human, Refused

HELLO = "Привет"
PHOTO = plain_picture(320, 240, (37, 160, 90))


class Phone:
    """The gestures of everybody."""

    def __init__(self, account: Account, sender: Sender) -> None:
        self._account = account
        self._settings = account.settings
        self._clock = account.clock
        self._world = account.world
        self._lines = account.lines
        self._sender = sender

    def gestures(self) -> Mapping[str, Gesture]:
        """All gestures by name; each takes {"who": id, …} and raises Refused."""
        return {
            "start": self.start,
            "say": self.say,
            "press": self.press,
            "read": self.read,
            "contact": self.contact,
            "location": self.location,
            "photo": self.photo,
            "react": self.react,
            "poll": self.poll,
            "referral": self.referral,
            "block": self._switch("blocked", on=True),
            "unblock": self._switch("blocked", on=False),
            "offline": self._switch("offline", on=True),
            "online": self._switch("offline", on=False),
            "no_whatsapp": self._switch("no_whatsapp", on=True),
            "whatsapp": self._switch("no_whatsapp", on=False),
            "stop_marketing": self._marketing(stopped=True),
            "resume_marketing": self._marketing(stopped=False),
            "change_number": self.change_number,
        }

    async def start(self, told: Told) -> Told:
        """Write first, by a wa.me link: `payload` is its prefilled text."""
        return await self.say({**told, "text": told.get("payload") or HELLO})

    async def say(self, told: Told) -> Told:
        """Type a text; `reply_to` is the message it answers."""
        text = told_text(told, "text")
        content = {"type": "text", "text": {"body": text}}
        return self._write(self._active(told), content, text, reply_to=told.get("reply_to"))

    async def press(self, told: Told) -> Told:
        """Press a key of a message, or (`item`) a row of its list; old messages stay tappable."""
        human = self._active(told)
        message = self._account.sent.get(str(told.get("message")))
        if message is None or message.human is not human or not message.on_screen:
            raise Refused(f"there is no message {told.get('message')!r} on this phone")
        key, answer = _pressed(message, told)
        if key.kind == "link":
            return {"url": key.url}
        if key.kind == "contact":
            return self._write(human, payloads.own_contact(human), human.phone, message.id)
        text = "📍" if "location" in answer else key.label
        return self._write(human, answer, text, message.id)

    async def contact(self, told: Told) -> Told:
        """Share one's own number, as after a request for it."""
        human = self._active(told)
        return self._write(human, payloads.own_contact(human), human.phone)

    async def location(self, told: Told) -> Told:
        """Share where one is."""
        content = {"type": "location", "location": PLACE}
        return self._write(self._active(told), content, "📍")

    async def photo(self, told: Told) -> Told:
        """Send a picture, with a `caption` or without."""
        human = self._active(told)
        image = self._account.media.keep("image/jpeg", PHOTO, INBOUND_SECONDS).received
        caption = told.get("caption")
        content = {"type": "image", "image": image | ({"caption": caption} if caption else {})}
        return self._write(human, content, str(caption or "🖼"))

    async def react(self, told: Told) -> Told:
        """Put an `emoji` on a `message`; an empty one takes it off. Opens no window."""
        human = self._active(told)
        message, emoji = told_text(told, "message"), str(told.get("emoji", "👍"))
        reaction = {"message_id": message} | ({"emoji": emoji} if emoji else {})
        content = {"type": "reaction", "reaction": reaction}
        return self._write(human, content, emoji, reply_to=message, opens=False, quotes=False)

    async def poll(self, told: Told) -> Told:
        """Send a poll, which the API cannot pass on. Opens no window."""
        return self._write(self._active(told), payloads.UNSUPPORTED, "📊 Опрос", opens=False)

    async def referral(self, told: Told) -> Told:
        """Come from a Click-to-WhatsApp advertisement with its `text`."""
        human = self._active(told)
        text = str(told.get("text") or HELLO)
        self._lines.of(human).came_from_ad = self._clock.now()
        content = {
            "type": "text",
            "text": {"body": text},
            "referral": payloads.advertisement(self._settings.verified_name),
        }
        return self._write(human, content, text)

    async def read(self, told: Told) -> Told:
        """Look at everything that has arrived."""
        line = self._lines.of(self._world.human(told))
        messages = list(line.unread.values())
        for message in messages:
            self._sender.report(message, "read")
        return {"read": len(messages)}

    async def change_number(self, told: Told) -> Told:
        """Move to another `phone`: a new number and a new business-scoped id."""
        human = self._active(told)
        phone = told_text(told, "phone")
        if not phone.startswith("+") or self._world.who(PLATFORM, phone[1:]):
            raise Refused("name a free number with '+' in 'phone'")
        old = replace(human)
        self._lines.of(old).no_whatsapp = True
        human.phone, human.bsuid = phone, f"{human.bsuid}2"
        self._world.add(human)
        body = f"User {human.name} changed from {old.bsuid} to {human.bsuid}"
        number = {} if human.username_only else {"wa_id": human.wa_id}
        system = {"type": "user_changed_user_id", "body": body, **number, "user_id": human.bsuid}
        item = payloads.message(
            old, new_id(), self._clock.now(), {"type": "system", "system": system}
        )
        self._account.webhooks.tell(Update("messages", "messages", item))
        return {"wa_id": human.wa_id, "bsuid": human.bsuid}

    def _switch(self, state: str, *, on: bool) -> Gesture:
        async def gesture(told: Told) -> Told:
            human = self._world.human(told)
            line = self._lines.of(human)
            setattr(line, state, on)
            self._note(human, line)
            if state == "offline" and not on:
                waiting, line.waiting = line.waiting, []
                for message in waiting:
                    self._sender.arrive(line, message)
            return {state: on}

        return gesture

    def _marketing(self, *, stopped: bool) -> Gesture:
        async def gesture(told: Told) -> Told:
            human = self._active(told)
            line = self._lines.of(human)
            line.marketing_stopped = stopped
            self._note(human, line)
            item = payloads.preference(human, self._clock.now(), "stop" if stopped else "resume")
            update = Update("user_preferences", "user_preferences", item, payloads.contact(human))
            self._account.webhooks.tell(update)
            return {"marketing_stopped": stopped}

        return gesture

    def _active(self, told: Told) -> Human:
        """The person, who must be able to write now."""
        human = self._world.human(told)
        if why := self._lines.of(human).silent():
            raise Refused(f"{human.name} cannot do this now: {why}")
        return human

    def _note(self, human: Human, line: Line) -> None:
        self._world.screens.note(PLATFORM, human.wa_id, line.note())

    def _write(
        self,
        human: Human,
        content: Json,
        text: str,
        reply_to: str | None = None,
        *,
        opens: bool = True,
        quotes: bool = True,
    ) -> Told:
        """Send a message: on the screen, in the window, and to the business."""
        now, message_id = self._clock.now(), new_id()
        self._account.limits.heard(now)
        if opens:
            self._lines.of(human).open(now)
        bubble = Bubble(
            message_id,
            text,
            now,
            mine=True,
            author=human.name,
            author_id=human.wa_id,
            reply_to=reply_to,
            status="sent",
        )
        self._account.heard[message_id] = (human, bubble)
        self._world.screens.show(PLATFORM, human.wa_id, bubble)
        if reply_to and quotes:
            context = {"from": self._settings.display_phone_number, "id": reply_to}
            content = {**content, "context": context}
        item = payloads.message(human, message_id, now, content)
        self._account.webhooks.tell(Update("messages", "messages", item, payloads.contact(human)))
        return {"message": message_id}


def _pressed(message: Outgoing, told: Told) -> tuple[Key, Answer]:
    """The key that is meant, and the message that it sends; raises Refused."""
    button = told_place(told, [[button] for button in message.buttons])
    if button.key.kind == "list":
        row = told_index(told, "item", len(button.answers))
        return button.key.rows[row], button.answers[row]
    return button.key, button.answers[0] if button.answers else {}
