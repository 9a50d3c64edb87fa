"""`people`: who there is, where each is reached, what they agreed to and answered."""

from typing import Annotated

from aiohttp_pydantic.oas.typing import r200
from pydantic import AwareDatetime, BaseModel, Field

from app.api.cursors import BY_ID
from app.api.problems import Problem, wrong
from app.api.view import After, Limit, Name, View, Words, shown
from storage.directory import Card
from vestnik.address import Address as InLedger
from vestnik.address import ChannelName
from vestnik.consent import Purpose


class Address(BaseModel):
    """Where a person is reached; `handle` is the channel's: a chat id, a number with "+"."""

    channel: str
    account: str
    handle: str
    reachable: bool = Field(description="false: blocked, denied or gone")
    window_until: AwareDatetime | None = Field(
        description="until when free-form may be sent; null: no window is open or there is none"
    )
    free_until: AwareDatetime | None = Field(
        description="until when messages cost nothing, for a person who came by an advertisement"
    )
    source: str | None = Field(
        description="what brought the person here: an advertisement, a link's `ref_source`"
    )


class Consent(BaseModel):
    """How things stand for one purpose: the ledger's last entry."""

    purpose: Purpose
    granted: bool
    channels: list[str] = Field(description="`messengers` covers every channel but `sms`")
    text_version: str = Field(description="of the words agreed to; empty for a withdrawal")
    at: AwareDatetime


class Person(BaseModel):
    """Somebody we talk to; the address used last comes first."""

    id: int
    name: str
    language: str | None
    created_at: AwareDatetime
    seen_at: AwareDatetime | None = Field(description="when they wrote last")
    addresses: list[Address]
    consents: list[Consent]
    answers: dict[str, list[str]] = Field(description="by question of the scenario")
    profile: dict[str, list[str]] = Field(
        description="what was imported, by column; segments call it `profile`"
    )


class People(BaseModel):
    """A page of people, by id."""

    items: list[Person]
    next: str | None


class PeopleView(View):
    """`GET people`."""

    async def get(
        self,
        channel: Name | None = None,
        handle: Annotated[Words, Field(min_length=1, max_length=255)] | None = None,
        account: Name = "main",
        limit: Limit = 50,
        cursor: After = None,
    ) -> r200[People]:
        """Those who have an address, or one on a channel; with a handle, whoever is there.

        `?channel=sms&handle=%2B79161234567`; `account` is ours, where there are several.

        Tags: people
        Status Codes:
            200: A page of people.
        """
        if handle is not None:
            return shown(await self._at(channel, account, _unescaped(handle)))
        after = BY_ID.read(cursor) or 0
        async with self.house.database.read() as work:
            found = await work.directory.page(after=after, limit=limit + 1, channel=channel)
        cards, following = BY_ID.cut(found, limit, lambda card: card.person.id)
        return shown(People(items=[_person(card) for card in cards], next=following))

    async def _at(self, channel: str | None, account: str, handle: str) -> People:
        if channel is None:
            raise wrong("channel", "A handle is one of a channel: say which.", within="query")
        address = InLedger(ChannelName(channel), account, handle)
        async with self.house.database.read() as work:
            known = await work.people.address(address)
            card = await work.directory.card(known.person_id) if known else None
        return People(items=[_person(card)] if card else [], next=None)


class PersonView(View):
    """`GET people/{person_id}`."""

    async def get(self, person_id: int, /) -> r200[Person]:
        """One person.

        Tags: people
        Status Codes:
            200: The person.
        """
        async with self.house.database.read() as work:
            card = await work.directory.card(person_id)
        if card is None:
            raise unknown_person(person_id)
        return shown(_person(card))


def unknown_person(person_id: int) -> Problem:
    """Nobody has this id."""
    return Problem(404, f"There is no person {person_id}.")


def _unescaped(handle: str) -> str:
    """A "+" that nobody escaped arrives as a space, and no handle begins with one."""
    return f"+{handle[1:]}" if handle.startswith(" ") else handle


def _person(card: Card) -> Person:
    return Person(
        id=card.person.id,
        name=card.person.name,
        language=card.person.language,
        created_at=card.person.created_at,
        seen_at=card.person.seen_at,
        addresses=[
            Address(
                channel=known.address.channel,
                account=known.address.account,
                handle=known.address.handle,
                reachable=known.reachable,
                window_until=known.window_until,
                free_until=known.free_until,
                source=known.source,
            )
            for known in card.addresses
        ],
        consents=[Consent.model_validate(it, from_attributes=True) for it in card.consents],
        answers=card.answers,
        profile=card.columns,
    )
