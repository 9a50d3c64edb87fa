"""A transaction with its repositories, its moment, and what is to follow its commit."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audiences import Audiences
from storage.auditing import AuditLog
from storage.broadcasts import Broadcasts
from storage.calls import Calls
from storage.choices import Choices
from storage.claims import Claims
from storage.consents import Consents
from storage.continuations import Continuations
from storage.conversations import Conversations
from storage.dead import Letters
from storage.deliveries import Deliveries
from storage.directory import Directory
from storage.drafts import Drafts
from storage.erasing import Erasing
from storage.evidence import EvidenceOfConsents
from storage.files import Files
from storage.frequency import Frequency
from storage.history import History
from storage.inbox import Inbox
from storage.initiations import Initiations
from storage.lanes import Lanes
from storage.leases import Leases
from storage.ledger import Ledger
from storage.moved_chats import MovedChats
from storage.people import People
from storage.placing import Placing
from storage.profiles import Profiles
from storage.proofs import Proofs
from storage.reachability import Reachability
from storage.receipts import Receipts
from storage.reports import Reports
from storage.scenarios import Scenarios
from storage.search import Search
from storage.standing import Standings
from storage.templates import Templates
from storage.unknowns import Unknowns
from storage.waking import Waking
from vestnik.outbound import Send
from vestnik.preferences import NOTHING_CHOSEN, Preferences


@dataclass
class UnitOfWork:
    """Everything done through it is committed together.

    `now` is the database's time (with the demo's shift), the same for the whole transaction;
    `zone` is where the house is: its days begin there.
    `hints` name the chores that have something to do after the commit, `courtesies` are the
    sends that are no deliveries (acknowledgements, edits): tried once, after the commit.
    `house` are the preferences of people who chose nothing themselves.
    """

    connection: AsyncConnection
    now: datetime
    zone: tzinfo = UTC
    house: Preferences = NOTHING_CHOSEN
    hints: set[str] = field(default_factory=set)
    courtesies: list[Send] = field(default_factory=list)

    @cached_property
    def people(self) -> People:
        """People and their addresses."""
        return People(self.connection, self.now)

    @cached_property
    def reachability(self) -> Reachability:
        """Where people cannot be reached, in bulk."""
        return Reachability(self.connection, self.now)

    @cached_property
    def search(self) -> Search:
        """People by what staff know of them."""
        return Search(self.connection, self.now)

    @cached_property
    def directory(self) -> Directory:
        """People's cards, page by page."""
        return Directory(self.connection, self.now)

    @cached_property
    def history(self) -> History:
        """A person's messages."""
        return History(self.connection, self.now)

    @cached_property
    def consents(self) -> Consents:
        """The consent ledger."""
        return Consents(self.connection, self.now)

    @cached_property
    def evidence(self) -> EvidenceOfConsents:
        """What proves the consents."""
        return EvidenceOfConsents(self.connection, self.now)

    @cached_property
    def conversations(self) -> Conversations:
        """Dialog sessions and who holds them."""
        return Conversations(self.connection, self.now)

    @cached_property
    def scenarios(self) -> Scenarios:
        """Published scenarios."""
        return Scenarios(self.connection, self.now)

    @cached_property
    def continuations(self) -> Continuations:
        """Dialogs that go on at some time."""
        return Continuations(self.connection, self.now)

    @cached_property
    def calls(self) -> Calls:
        """Questions to other programs."""
        return Calls(self.connection, self.now)

    @cached_property
    def inbox(self) -> Inbox:
        """Raw bytes, events and quarantine."""
        return Inbox(self.connection, self.now)

    @cached_property
    def letters(self) -> Letters:
        """What came in and took no effect."""
        return Letters(self.connection, self.now)

    @cached_property
    def deliveries(self) -> Deliveries:
        """The outbox: planning deliveries, and finding them."""
        return Deliveries(self.connection, self.now)

    @cached_property
    def placing(self) -> Placing:
        """Addresses for deliveries that have none yet."""
        return Placing(self.connection, self.now)

    @cached_property
    def ledger(self) -> Ledger:
        """Writes what became of deliveries."""
        return Ledger(self.connection, self.now)

    @cached_property
    def claims(self) -> Claims:
        """Taking deliveries on, with a lease and a fence."""
        return Claims(self.connection, self.now)

    @cached_property
    def waking(self) -> Waking:
        """Which lanes have something due."""
        return Waking(self.connection, self.now)

    @cached_property
    def leases(self) -> Leases:
        """Which process leads."""
        return Leases(self.connection, self.now)

    @cached_property
    def proofs(self) -> Proofs:
        """What was tried at an address, to tell unknown messages by."""
        return Proofs(self.connection, self.now)

    @cached_property
    def unknowns(self) -> Unknowns:
        """Messages nobody can account for."""
        return Unknowns(self.connection, self.now)

    @cached_property
    def standings(self) -> Standings:
        """What the gate needs, in bulk."""
        return Standings(self.connection, self.now, self.house)

    @cached_property
    def choices(self) -> Choices:
        """People's preferences."""
        return Choices(self.connection, self.now)

    @cached_property
    def erasing(self) -> Erasing:
        """Forgetting who people were."""
        return Erasing(self.connection, self.now)

    @cached_property
    def frequency(self) -> Frequency:
        """How many broadcasts people got lately."""
        return Frequency(self.connection, self.now)

    @cached_property
    def receipts(self) -> Receipts:
        """Finding what a report is about."""
        return Receipts(self.connection, self.now)

    @cached_property
    def files(self) -> Files:
        """Files, and the ids by which the providers know them."""
        return Files(self.connection, self.now)

    @cached_property
    def templates(self) -> Templates:
        """The providers' templates."""
        return Templates(self.connection, self.now)

    @cached_property
    def moved_chats(self) -> MovedChats:
        """Groups that got another id."""
        return MovedChats(self.connection, self.now)

    @cached_property
    def initiations(self) -> Initiations:
        """Whom we wrote to first within a day."""
        return Initiations(self.connection, self.now)

    @cached_property
    def lanes(self) -> Lanes:
        """Pauses of lanes, and what their accounts are allowed."""
        return Lanes(self.connection, self.now)

    @cached_property
    def audiences(self) -> Audiences:
        """Segments in SQL."""
        return Audiences(self.connection, self.now, self.zone)

    @cached_property
    def profiles(self) -> Profiles:
        """What the company's own systems know of people."""
        return Profiles(self.connection, self.now)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        """Campaigns."""
        return Broadcasts(self.connection, self.now)

    @cached_property
    def reports(self) -> Reports:
        """What became of campaigns."""
        return Reports(self.connection, self.now)

    @cached_property
    def drafts(self) -> Drafts:
        """What staff are typing, and single-use nonces."""
        return Drafts(self.connection, self.now)

    @cached_property
    def audit(self) -> AuditLog:
        """The log of what staff did."""
        return AuditLog(self.connection, self.now)
