"""What stands on the phones' screens; every change is told to the feed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from emulators.bell import Bell
from emulators.feed import Feed

Status = Literal["sent", "delivered", "read", "failed"]


@dataclass(slots=True)
class Key:
    """A button under a message or a row of a list.

    `kind`: press (answers the bot), text (types its label), link, contact (shares the phone),
    list (opens the rows that follow it: `rows`).
    """

    label: str
    kind: Literal["press", "text", "link", "contact", "list"] = "press"
    url: str | None = None
    style: str | None = None
    description: str | None = None
    rows: list["Key"] = field(default_factory=list)


@dataclass(slots=True)
class Bubble:
    """One message on a screen.

    `reactions` are the emoji that people and the business left, each as often as it was left.
    `mine` is true when the phone's owner wrote it. `thread` is the name of a forum's topic,
    `forwarded_from` whoever wrote it first. `spans` are {offset, length, style, url?} in
    UTF-16 units with style bold, italic, underline, strike, code, pre, link. `at`: Unix seconds.
    `said_in` is the screen's version in which the text was new, or last another one.
    """

    id: str
    text: str
    at: float
    mine: bool = False
    author: str = ""
    author_id: str = ""
    thread: str | None = None
    forwarded_from: str | None = None
    spans: list[dict[str, Any]] = field(default_factory=list)
    keys: list[list[Key]] = field(default_factory=list)
    status: Status | None = None
    image: str | None = None
    reply_to: str | None = None
    edited: bool = False
    reactions: list[str] = field(default_factory=list)
    service: bool = False
    said_in: int = 0


@dataclass(slots=True)
class Screen:
    """One chat on one platform: its messages and the keyboard that stands below them.

    `version` counts the changes.
    """

    bubbles: list[Bubble] = field(default_factory=list)
    keyboard: list[list[Key]] = field(default_factory=list)
    note: str = ""
    version: int = 0


class Screens:
    """All screens, by platform and chat."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._screens: defaultdict[tuple[str, str], Screen] = defaultdict(Screen)
        self._watched: dict[tuple[str, str], Bell] = {}
        self._said: dict[tuple[str, str, str], int] = {}

    def of(self, platform: str, chat: str) -> Screen:
        """The screen of a chat, empty when nothing was written there yet."""
        return self._screens[platform, chat]

    async def after(self, platform: str, chat: str, version: int, seconds: float) -> Screen:
        """The screen once it is another than this version, or as it is after so many seconds."""
        screen = self.of(platform, chat)
        if screen.version == version:
            await self._watched.setdefault((platform, chat), Bell()).wait(seconds)
        return screen

    def find(self, platform: str, chat: str, bubble_id: str) -> Bubble | None:
        """A message on a screen, or None."""
        bubbles = reversed(self.of(platform, chat).bubbles)
        return next((bubble for bubble in bubbles if bubble.id == bubble_id), None)

    def show(self, platform: str, chat: str, bubble: Bubble) -> None:
        """Put a new message on a screen."""
        self.of(platform, chat).bubbles.append(bubble)
        self._said.pop((platform, chat, bubble.id), None)
        self._note_words(platform, chat, bubble)
        self._changed(platform, chat, "bubble", lambda: {"bubble": asdict(bubble)})

    def change(self, platform: str, chat: str, bubble: Bubble) -> None:
        """Tell that a message, already changed in place, looks different now."""
        self._note_words(platform, chat, bubble)
        self._changed(platform, chat, "change", lambda: {"bubble": asdict(bubble)})

    def remove(self, platform: str, chat: str, bubble_id: str) -> None:
        """Take a message off a screen."""
        screen = self.of(platform, chat)
        screen.bubbles = [bubble for bubble in screen.bubbles if bubble.id != bubble_id]
        self._said.pop((platform, chat, bubble_id), None)
        self._changed(platform, chat, "remove", lambda: {"id": bubble_id})

    def keyboard(self, platform: str, chat: str, keys: Sequence[Sequence[Key]]) -> None:
        """Put a keyboard below the chat; an empty one takes it away."""
        screen = self.of(platform, chat)
        screen.keyboard = [list(row) for row in keys]
        self._changed(
            platform,
            chat,
            "keyboard",
            lambda: {"keyboard": [[asdict(key) for key in row] for row in screen.keyboard]},
        )

    def note(self, platform: str, chat: str, text: str) -> None:
        """A line about the chat's state: "blocked the bot", "offline", "window closed"."""
        self.of(platform, chat).note = text
        self._changed(platform, chat, "note", lambda: {"note": text})

    def toast(self, platform: str, chat: str, text: str) -> None:
        """A short notice that passes, such as the answer to a pressed button."""
        self._tell(platform, chat, "toast", lambda: {"text": text})

    def _note_words(self, platform: str, chat: str, bubble: Bubble) -> None:
        place, words = (platform, chat, bubble.id), hash(bubble.text)
        if self._said.get(place) != words:
            self._said[place] = words
            bubble.said_in = self.of(platform, chat).version + 1

    def _changed(
        self, platform: str, chat: str, kind: str, what: Callable[[], dict[str, Any]]
    ) -> None:
        self.of(platform, chat).version += 1
        if watched := self._watched.pop((platform, chat), None):
            watched.ring()
        self._tell(platform, chat, kind, what)

    def _tell(
        self, platform: str, chat: str, kind: str, what: Callable[[], dict[str, Any]]
    ) -> None:
        self._feed.tell(lambda: {"type": kind, "platform": platform, "chat": chat, **what()})
