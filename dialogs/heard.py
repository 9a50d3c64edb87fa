"""One message of one customer, as everybody who answers it is given it."""

from dataclasses import dataclass

from dialogs.talk import Talk
from storage.inbox import Event
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.inbound import Personal


@dataclass(frozen=True, slots=True)
class Hearing:
    """One message of one customer, and the talk in which it is heard."""

    event: Event
    inbound: Personal
    talk: Talk

    @property
    def work(self) -> UnitOfWork:
        """The transaction of the event."""
        return self.talk.work

    @property
    def known(self) -> KnownAddress:
        """Where the customer wrote from."""
        return self.talk.known

    @property
    def language(self) -> str:
        """The language the customer is spoken to in."""
        return self.talk.language
