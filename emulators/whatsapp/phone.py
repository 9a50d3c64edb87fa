"""What people do with WhatsApp on their phones: write, press, read, react, block."""

from collections.abc import Mapping

from emulators.told import Told, told_index, told_place, told_text
from emulators.whatsapp import payloads
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.bodies import Answer, Button
from emulators.whatsapp.bundles import Update
from emulators.whatsapp.lines import Outgoing
from emulators.whatsapp.sender import Sender
from emulators.whatsapp.statuses import progress
from emulators.whatsapp.writing import Writing
from emulators.world import Gesture, Human, Refused

HELLO = "Привет"
SOURCES = ("ad", "post")


class Phone:
    """The gestures of everybody; files and moves are in modules of their own."""

    def __init__(self, account: Account, sender: Sender, writing: Writing) -> None:
        self._account = account
        self._world = account.world
        self._lines = account.lines
        self._sender = sender
        self._writing = writing

    def gestures(self) -> Mapping[str, Gesture]:
        """All gestures by name; each takes {"who": id, …} and raises Refused."""
        return {
            "start": self.start,
            "say": self.say,
            "press": self.press,
            "read": self.read,
            "play": self.play,
            "react": self.react,
            "poll": self.poll,
            "glitch": self.glitch,
            "referral": self.referral,
            "block": self._switch("blocked", on=True),
            "unblock": self._switch("blocked", on=False),
            "offline": self._switch("offline", on=True),
            "online": self._switch("offline", on=False),
            "no_whatsapp": self._switch("no_whatsapp", on=True),
            "whatsapp": self._switch("no_whatsapp", on=False),
            "stop_marketing": self._marketing(stopped=True),
            "resume_marketing": self._marketing(stopped=False),
        }

    async def start(self, told: Told) -> Told:
        """Write first, by a wa.me link: `payload` is its prefilled text."""
        return await self.say({**told, "text": told.get("payload") or HELLO})

    async def say(self, told: Told) -> Told:
        """Type a text; `reply_to` is the message it answers, `forwarded` tells it is passed on."""
        text = told_text(told, "text")
        content: dict[str, object] = {"type": "text", "text": {"body": text}}
        if told.get("forwarded"):
            content["context"] = {"forwarded": True}
        human = self._writing.active(told)
        return self._writing.write(human, content, text, reply_to=told.get("reply_to"))

    async def press(self, told: Told) -> Told:
        """Press a key of a message, or (`item`) a row of its list; old messages stay tappable."""
        human = self._writing.active(told)
        message = self._account.sent.get(str(told.get("message")))
        if message is None or message.human is not human or not message.on_screen:
            raise Refused(f"there is no message {told.get('message')!r} on this phone")
        button, label, answer = _pressed(message, told)
        if button.copies is not None:
            self._world.screens.toast(PLATFORM, human.wa_id, f"Скопировано: {button.copies}")
            return {"copied": button.copies}
        if button.key.kind == "link":
            return {"url": button.key.url}
        if button.key.kind == "contact":
            card = payloads.card(human, asked=True)
            return self._writing.write(human, card, human.phone, message.id)
        text = "📍" if "location" in answer else label
        return self._writing.write(human, answer, text, message.id)

    async def react(self, told: Told) -> Told:
        """Put an `emoji` on a `message` (the newest); an empty one takes it off. No window."""
        human = self._writing.active(told)
        message = str(told.get("message") or self._newest(human))
        emoji = str(told.get("emoji", "👍"))
        reaction = {"message_id": message} | ({"emoji": emoji} if emoji else {})
        content = {"type": "reaction", "reaction": reaction}
        return self._writing.write(human, content, emoji, message, opens=False, quotes=False)

    async def poll(self, told: Told) -> Told:
        """Send a poll, which the API cannot pass on. Opens no window."""
        human = self._writing.active(told)
        return self._writing.write(human, payloads.UNSUPPORTED, "📊 Опрос", opens=False)

    async def glitch(self, told: Told) -> Told:
        """Press something whose webhook Meta cannot put together: an error instead of a body.

        `alone`: nothing is left of it but the error.
        """
        human = self._writing.active(told)
        if told.get("alone"):
            self._account.webhooks.tell(Update("messages", "errors", payloads.GLITCH))
            return {}
        lost = {"type": "interactive"}
        return self._writing.write(human, lost, "…", errors=(payloads.GLITCH,))

    async def referral(self, told: Told) -> Told:
        """Come by a Click-to-WhatsApp `source` ("ad", "post") with its `text`.

        Without `clicked` it has no click id, as an advertisement in Status.
        """
        human = self._writing.active(told)
        text, source = str(told.get("text") or HELLO), str(told.get("source", "ad"))
        if source not in SOURCES:
            raise Refused(f"there is no source {source!r}; there are {', '.join(SOURCES)}")
        self._lines.of(human).came_from_ad = self._account.clock.now()
        headline, clicked = self._account.settings.verified_name, bool(told.get("clicked", True))
        content = {
            "referral": payloads.referral(headline, source, clicked=clicked),
            "type": "text",
            "text": {"body": text},
        }
        return self._writing.write(human, content, text)

    async def read(self, told: Told) -> Told:
        """Look at everything that has arrived."""
        line = self._lines.of(self._world.human(told))
        messages = list(line.unread.values())
        for message in messages:
            self._sender.report(message, "read")
        return {"read": len(messages)}

    async def play(self, told: Told) -> Told:
        """Listen to a voice `message`; raises Refused when there is none."""
        human = self._writing.active(told)
        message = self._account.sent.get(str(told.get("message")))
        if message is None or message.human is not human or not message.voice:
            raise Refused(f"there is no voice message {told.get('message')!r} on this phone")
        self._sender.report(message, "read")
        self._account.webhooks.tell(progress(message, "played", self._account.clock.now()))
        return {"played": message.id}

    def _newest(self, human: Human) -> str:
        bubbles = reversed(self._world.screens.of(PLATFORM, human.wa_id).bubbles)
        newest = next((bubble.id for bubble in bubbles if not bubble.mine), None)
        if newest is None:
            raise Refused(f"{human.name} has got no message yet")
        return newest

    def _switch(self, state: str, *, on: bool) -> Gesture:
        async def gesture(told: Told) -> Told:
            human = self._world.human(told)
            line = self._lines.of(human)
            setattr(line, state, on)
            self._writing.note(human)
            if state == "offline" and not on:
                waiting, line.waiting = line.waiting, []
                for message in waiting:
                    self._sender.arrive(line, message)
            return {state: on}

        return gesture

    def _marketing(self, *, stopped: bool) -> Gesture:
        async def gesture(told: Told) -> Told:
            human = self._writing.active(told)
            self._lines.of(human).marketing_stopped = stopped
            self._writing.note(human)
            value, now = "stop" if stopped else "resume", self._account.clock.now()
            item, who = payloads.preference(human, now, value), payloads.contact(human)
            self._account.webhooks.tell(Update("user_preferences", "user_preferences", item, who))
            return {"marketing_stopped": stopped}

        return gesture


def _pressed(message: Outgoing, told: Told) -> tuple[Button, str, Answer]:
    """The key that is meant, what stands on it, and the message that it sends; raises Refused."""
    button = told_place(told, [[button] for button in message.buttons])
    if button.key.kind == "list":
        row = told_index(told, "item", len(button.answers))
        return button, button.key.rows[row].label, button.answers[row]
    return button, button.key.label, button.answers[0] if button.answers else {}
