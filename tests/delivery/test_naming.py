"""Who wrote and is not named by the channel's events is asked for."""

from collections.abc import Mapping, Sequence

from delivery.naming import FRESH, Names
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import ALL_LIMITS, VK, at
from tests.delivery.post import Post
from vestnik.address import Lane
from vestnik.inbound import Author

LANE = Lane(VK, "main")


class Register(Post):
    """Knows everybody, and what was asked."""

    def __init__(self) -> None:
        super().__init__(LANE, ALL_LIMITS[LANE])
        self.asked: list[str] = []

    async def names(self, handles: Sequence[str]) -> Mapping[str, str]:
        self.asked += handles
        return {it: f"Анна {it}" for it in handles if it != "nobody"}


async def writes(ledger: Ledger, number: str, name: str = "") -> int:
    async with ledger.database.begin() as work:
        known = await work.people.meet(at(VK, number), Author(number, name))
        await work.people.heard(known, at=work.now, received_at=work.now, hours=None)
    return known.person_id


async def name_of(ledger: Ledger, person: int) -> str:
    async with ledger.database.read() as work:
        known = await work.people.person(person)
    assert known is not None
    return known.name


class TestNames:
    async def test_who_wrote_gets_a_name_once(self, ledger: Ledger) -> None:
        register = Register()
        names = Names(ledger.database, {LANE: register})
        anna, boris = await writes(ledger, "1"), await writes(ledger, "2", "Борис")
        await names.ask()
        await names.ask()
        assert register.asked == ["1"]
        assert await name_of(ledger, anna) == "Анна 1"
        assert await name_of(ledger, boris) == "Борис"

    async def test_whom_nobody_names_is_left_after_a_while(self, ledger: Ledger) -> None:
        register = Register()
        names = Names(ledger.database, {LANE: register})
        await writes(ledger, "nobody")
        await names.ask()
        await ledger.database.shift_clock(FRESH.total_seconds() + 1)
        await names.ask()
        assert register.asked == ["nobody"]

    async def test_who_asked_to_be_forgotten_is_not_named_again(self, ledger: Ledger) -> None:
        register = Register()
        person = await writes(ledger, "1")
        async with ledger.database.begin() as work:
            await work.people.forget(person)
        await Names(ledger.database, {LANE: register}).ask()
        assert register.asked == []
        assert await name_of(ledger, person) == ""
        await writes(ledger, "1")
        await Names(ledger.database, {LANE: register}).ask()
        assert await name_of(ledger, person) == "Анна 1"

    async def test_other_channels_are_not_asked(self, ledger: Ledger) -> None:
        person = await ledger.customer(VK)
        await ledger.writes(person, VK, "привет")
        await Names(ledger.database, ledger.posts).ask()
        assert handle(person, VK)
