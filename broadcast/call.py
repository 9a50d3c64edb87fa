"""One message of one member of staff, and the way to answer it."""

from dataclasses import dataclass
from typing import Any

from broadcast.staff import Staff
from delivery.outbox import post
from storage.inbox import Event
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.inbound import Personal
from vestnik.outbound import Edit, Send, Text


@dataclass(frozen=True, slots=True)
class Call:
    """What was said, by whom, and where; `limits` are those of the chat it was said in."""

    work: UnitOfWork
    event: Event
    inbound: Personal
    staff: Staff
    limits: Limits

    @property
    def chat(self) -> Address:
        """Where it was said and is answered."""
        return self.inbound.address

    @property
    def owner(self) -> str:
        """Whose draft is meant: that of this person in this chat."""
        return f"{self.event.lane}:{self.chat.handle}:{self.inbound.author.user_id}"

    async def tell(self, *texts: Text) -> int:
        """Answer; a long text goes as several messages. Gives the id of the last one."""
        ground: dict[str, Any] = {"role": self.staff.role, "event": self.event.id}
        last = 0
        for text in texts:
            for part in split(text, self.limits):
                last = await post(self.work, self.chat, part, ground=ground)
        return last

    async def show_instead(self, text: Text) -> None:
        """Put a text in the place of the message whose button was pressed, where that works."""
        if self.limits.edits and self.inbound.reference:
            self.work.courtesies.append(Send(self.chat, Edit(self.inbound.reference, text)))
        else:
            await self.tell(text)
