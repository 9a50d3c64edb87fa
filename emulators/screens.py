"""What stands on the phones' screens, and the live feed of how it changes."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["sent", "delivered", "read", "failed"]

# A page that reads slower than this many events behind is told to load everything again.
FEED_BACKLOG = 5_000


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

    `mine` is true when the phone's owner wrote it. `spans` are {offset, length, style, url?} in
    UTF-16 units with style bold, italic, underline, strike, code, pre, link. `at`: Unix seconds.
    """

    id: str
    text: str
    at: float
    mine: bool = False
    author: str = ""
    author_id: str = ""
    spans: list[dict[str, Any]] = field(default_factory=list)
    keys: list[list[Key]] = field(default_factory=list)
    status: Status | None = None
    image: str | None = None
    reply_to: str | None = None
    edited: bool = False
    service: bool = False


@dataclass(slots=True)
class Screen:
    """One chat on one platform: its messages and the keyboard that stands below them."""

    bubbles: list[Bubble] = field(default_factory=list)
    keyboard: list[list[Key]] = field(default_factory=list)
    note: str = ""


class Feed:
    """Everything that happens, to everybody who listens."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()

    def tell(self, event: dict[str, Any]) -> None:
        """Pass an event on; a listener too far behind gets `{"type": "reload"}` instead."""
        for queue in self._listeners:
            if queue.qsize() >= FEED_BACKLOG:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"type": "reload"})
            queue.put_nowait(event)

    async def listen(self) -> AsyncIterator[dict[str, Any]]:
        """Events from now on, until the iterator is closed."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)


class Screens:
    """All screens, by platform and chat; each change is told to the feed."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._screens: defaultdict[tuple[str, str], Screen] = defaultdict(Screen)

    def of(self, platform: str, chat: str) -> Screen:
        """The screen of a chat, empty when nothing was written there yet."""
        return self._screens[platform, chat]

    def find(self, platform: str, chat: str, bubble_id: str) -> Bubble | None:
        """A message on a screen, or None."""
        bubbles = reversed(self.of(platform, chat).bubbles)
        return next((bubble for bubble in bubbles if bubble.id == bubble_id), None)

    def show(self, platform: str, chat: str, bubble: Bubble) -> None:
        """Put a new message on a screen."""
        self.of(platform, chat).bubbles.append(bubble)
        self._tell(platform, chat, "bubble", bubble=asdict(bubble))

    def change(self, platform: str, chat: str, bubble: Bubble) -> None:
        """Tell that a message, already changed in place, looks different now."""
        self._tell(platform, chat, "change", bubble=asdict(bubble))

    def remove(self, platform: str, chat: str, bubble_id: str) -> None:
        """Take a message off a screen."""
        screen = self.of(platform, chat)
        screen.bubbles = [bubble for bubble in screen.bubbles if bubble.id != bubble_id]
        self._tell(platform, chat, "remove", id=bubble_id)

    def keyboard(self, platform: str, chat: str, keys: Sequence[Sequence[Key]]) -> None:
        """Put a keyboard below the chat; an empty one takes it away."""
        screen = self.of(platform, chat)
        screen.keyboard = [list(row) for row in keys]
        rows = [[asdict(key) for key in row] for row in screen.keyboard]
        self._tell(platform, chat, "keyboard", keyboard=rows)

    def note(self, platform: str, chat: str, text: str) -> None:
        """A line about the chat's state: "blocked the bot", "offline", "window closed"."""
        self.of(platform, chat).note = text
        self._tell(platform, chat, "note", note=text)

    def toast(self, platform: str, chat: str, text: str) -> None:
        """A short notice that passes, such as the answer to a pressed button."""
        self._tell(platform, chat, "toast", text=text)

    def _tell(self, platform: str, chat: str, kind: str, **what: Any) -> None:
        self._feed.tell({"type": kind, "platform": platform, "chat": chat, **what})
