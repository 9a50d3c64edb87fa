"""Where somebody can be written to."""

from dataclasses import dataclass
from typing import NewType

ChannelName = NewType("ChannelName", str)
"""An open name ("telegram", "sms", …): a channel is added by a module, not by an enum."""

SMS = ChannelName("sms")
"""The channel that is addressed by a phone number; its handles are E.164 with "+"."""


@dataclass(frozen=True, slots=True, order=True)
class Lane:
    """A sender of ours on a channel: what has one rate, one pause and one breaker."""

    channel: ChannelName
    account: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.account}"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A handle as the provider knows it: a chat id, a peer id, a number, a business-scoped id."""

    channel: ChannelName
    account: str
    handle: str

    @property
    def lane(self) -> Lane:
        """The lane that writes to this address."""
        return Lane(self.channel, self.account)
