"""Brings the rows of a table to the people they are about, a transaction a chunk."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from app.importing.columns import Column, Refused
from app.importing.spreadsheet import Row
from dialogs import phones
from storage.auditing import Deed
from storage.database import Database
from storage.profiles import Change
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane

CHUNK = 500
"""Rows of one transaction."""

LONGEST_ID = 18
"""Digits that surely fit our ids."""

PHONE, NUMBER = "phone", "id"
"""By what people are found, besides the handles of a channel: a number they proved, our own."""

EXAMPLES = 5
"""Changes that are shown."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a row was refused: its number, the header of the column, what stands there, and why."""

    row: int
    column: str
    cell: str
    why: str


@dataclass(slots=True)
class Tally:
    """What came of the rows: how many there were, and of how many values by name and outcome."""

    rows: int = 0
    people: int = 0
    refused: int = 0
    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Importer:
    """`match` is PHONE, NUMBER, or a channel whose handles are given, in the column at `place`
    under `header`; `lanes` are those whose addresses count.

    `refuse` is told each refused row; nothing of such a row is used.
    """

    database: Database
    match: str
    region: str
    lanes: Collection[Lane]
    place: int
    header: str
    columns: Sequence[Column]
    refuse: Callable[[Wrong], None]

    async def bring(self, rows: Iterator[Row], deed: Deed, *, dry_run: bool) -> Tally:
        """Take all rows over; a dry run only tells what would change."""
        tally = Tally()
        while chunk := list(islice(rows, CHUNK)):
            async with self.database.read() if dry_run else self.database.begin() as work:
                changes = await self._changes(work, chunk, tally)
                if changes and not dry_run:
                    await work.profiles.change(changes)
                    span = {"rows": [chunk[0].number, chunk[-1].number], "values": len(changes)}
                    await work.audit.record(replace(deed, after=span))
        return tally

    async def _changes(self, work: UnitOfWork, chunk: Sequence[Row], tally: Tally) -> list[Change]:
        """What the rows change of what is known; where two speak of one person, the later does."""
        read = list(self._read(chunk, tally))
        owners = await self._owners(work, {key for _, key, _ in read})
        said: dict[tuple[int, str], frozenset[str]] = {}
        for row, key, values in read:
            theirs = owners.get(key, frozenset())
            if len(theirs) != 1:
                why = "several people have it" if theirs else "nobody here is known by it"
                self._refuse(tally, self._wrong(row, why))
                continue
            (person_id,) = theirs
            tally.people += 1
            said |= {(person_id, name): found for name, found in values.items()}
        known = await work.profiles.known(
            {person_id for person_id, _ in said}, {column.name for column in self.columns}
        )
        return list(_differing(said, known, tally))

    def _read(
        self, chunk: Sequence[Row], tally: Tally
    ) -> Iterator[tuple[Row, str, dict[str, frozenset[str]]]]:
        """The rows that can be understood: who it is, and the values by name."""
        for row in chunk:
            tally.rows += 1
            try:
                key = self._key(_cell(row, self.place))
            except Refused as refused:
                self._refuse(tally, self._wrong(row, str(refused)))
                continue
            values: dict[str, frozenset[str]] = {}
            wrong: list[Wrong] = []
            for column in self.columns:
                cell = _cell(row, column.place)
                try:
                    values[column.name] = column.read(cell)
                except Refused as refused:
                    wrong.append(Wrong(row.number, column.header, cell, str(refused)))
            if wrong:
                self._refuse(tally, *wrong)
            else:
                yield row, key, {name: found for name, found in values.items() if found}

    def _key(self, cell: str) -> str:
        if not cell:
            raise Refused("it does not say who it is")
        if self.match == PHONE:
            try:
                return phones.normalise(cell, self.region)
            except phones.Unusable:
                raise Refused("no mobile number") from None
        if self.match == NUMBER:
            number = cell.lstrip("№# ")
            if not number.isdecimal() or len(number) > LONGEST_ID:
                raise Refused("no number of a person")
            return str(int(number))
        return cell

    async def _owners(self, work: UnitOfWork, keys: Collection[str]) -> dict[str, frozenset[int]]:
        if self.match == NUMBER:
            there = await work.profiles.existing([int(key) for key in keys])
            return {str(person_id): frozenset((person_id,)) for person_id in there}
        return await work.profiles.owners(self.lanes, keys)

    def _wrong(self, row: Row, why: str) -> Wrong:
        return Wrong(row.number, self.header, _cell(row, self.place), why)

    def _refuse(self, tally: Tally, *wrong: Wrong) -> None:
        tally.refused += 1
        for it in wrong:
            self.refuse(it)


def _cell(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _differing(
    said: Mapping[tuple[int, str], frozenset[str]],
    known: Mapping[tuple[int, str], frozenset[str]],
    tally: Tally,
) -> Iterator[Change]:
    for (person_id, name), after in said.items():
        before = known.get((person_id, name), frozenset())
        if before == after:
            tally.values[name, "same"] += 1
            continue
        tally.values[name, "changed" if before else "new"] += 1
        change = Change(person_id, name, before, after)
        if len(tally.examples) < EXAMPLES:
            tally.examples.append(change)
        yield change
