"""What the community remembers: contents, messages, and its dialogs with people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulators.vk.carousel import Carousel
from emulators.vk.keyboard import Keyboard

# dev.vk.com/method/messages.edit and messages.delete: a day.
CHANGEABLE_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Content:
    """The body of a message; `format_data` marks its text up, `payload` is a JSON string."""

    text: str = ""
    attachments: Sequence[Mapping[str, Any]] = ()
    keyboard: Keyboard | None = None
    carousel: Carousel | None = None
    payload: str | None = None
    format_data: Mapping[str, Any] | None = None
    reply: "Message | None" = None
    forwarded: Sequence["Message"] = ()
    geo: Mapping[str, Any] | None = None

    @property
    def read(self) -> str:
        """All that the recipient reads: the text and the cards of a carousel."""
        cards = self.carousel.texts if self.carousel else ()
        return "\n".join([*([self.text] if self.text else []), *cards])

    @property
    def kind(self) -> str:
        """One word for what it is: text, carousel, or what is attached."""
        if self.carousel is not None:
            return "carousel"
        return str(self.attachments[0]["type"]) if self.attachments else "text"


@dataclass(slots=True)
class Message:
    """A message of the community's history; `out` when the community wrote it.

    `admin_id` is the administrator who wrote it by hand, in VK's own interface. `reactions` are
    the numbers of reactions by who put them.
    """

    id: int
    cmid: int
    peer_id: int
    from_id: int
    out: bool
    at: float
    version: int
    content: Content
    random_id: int = 0
    ref: str | None = None
    ref_source: str | None = None
    admin_id: int | None = None
    edited_at: float | None = None
    reactions: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Dialog:
    """The conversation with one person; its messages by their place in it.

    `ref` waits for the first message after a deep link. `recent` holds when messages were sent
    in the last hour.
    """

    user_id: int
    allowed: bool = False
    blacklisted: bool = False
    private: bool = False
    deleted: bool = False
    member: bool = False
    message_ids: list[int] = field(default_factory=list)
    in_read: int = 0
    out_read: int = 0
    keyboard: Keyboard | None = None
    ref: str | None = None
    ref_source: str | None = None
    recent: list[float] = field(default_factory=list)

    @property
    def last_id(self) -> int:
        """The newest message's id, 0 when there is none."""
        return self.message_ids[-1] if self.message_ids else 0

    @property
    def obstacle(self) -> int | None:
        """The error that stands in the way of a message, or None."""
        if self.deleted:
            return 18
        if self.blacklisted:
            return 900
        if self.private:
            return 902
        return None if self.allowed else 901
