"""Segments in one pass: whatever is asked about is read person by person, and folded into bits.

The addresses, and the rows of each leaf, come sorted by person; one group is one person, and what
the segment means is said of the group's bits. So a statement costs what its rows cost, whatever is
combined: no row is looked up, and nothing has to be guessed about how many there are.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from storage.expressions import together
from storage.matching import Matching, Rows, Truth
from storage.tables import addresses
from vestnik.segment import Active, All, Leaf, Not, On, Segment
from vestnik.segment import Any as AnyOf

_THERE = 1
"""The bit of whoever has an address; on which channels it reaches them, the following ones say."""

# As many bits as a number of eight bytes has beside its sign.
_ROOM = 63


class Folding:
    """The people of a segment; `channels` are all on which anybody has an address, at least one."""

    def __init__(self, matching: Matching, channels: Sequence[str], segment: Segment) -> None:
        self._matching = matching
        self._channels = {name: _THERE << place for place, name in enumerate(channels, start=1)}
        self._taken = 1 + len(channels)
        self._bits: dict[Leaf, int] = {}
        self._rows = [self._reachable()]
        for leaf in dict.fromkeys(_leaves(segment)):
            self._see(leaf)
        told = sa.union_all(*self._rows).subquery("told")
        bits = (_number(1 << place) for place in range(self._taken))
        flags = together(told.c.flags, *bits).label("flags")
        each = sa.select(told.c.person_id, flags).group_by(told.c.person_id).subquery("each_one")
        self._who, self._flags = each.c.person_id, each.c.flags
        self.people = sa.select(self._who, self._flags).where(
            self._has(_THERE), self._holds(segment)
        )
        """Everybody who belongs and has an address: `person_id`, and `flags` for `reached`."""

    def reached(self, flags: sa.ColumnElement[int], channel: str) -> Truth:
        """The channel reaches the person of these flags."""
        return _any(flags, self._channels[channel])

    def _see(self, leaf: Leaf) -> None:
        """Let rows tell whether the leaf holds. Without a bit left, each person is looked up."""
        if isinstance(leaf, On) or self._taken + 2 > _ROOM:
            return
        bit = 1 << self._taken
        if isinstance(leaf, Active):
            happened = self._matching.happened(leaf)
            if happened is None:
                return
            self._taken += 2
            again = sa.case((happened.again, _number(3 * bit)), else_=_number(bit))
            self._rows.append(_read(happened.rows, again))
        else:
            self._taken += 1
            for rows in self._matching.rows(leaf):
                # PostgreSQL sees only so that an index gives them in order already: one that
                # begins with what the leaf is about, as consents' does.
                ordered = _read(rows, _number(bit)).order_by(rows.person).subquery()
                self._rows.append(sa.select(ordered))
        self._bits[leaf] = bit

    def _reachable(self) -> sa.Select[Any]:
        place = addresses.alias()
        on = {name: _number(bit | _THERE) for name, bit in self._channels.items()}
        channel = sa.case(on, value=place.c.channel, else_=_number(_THERE))
        flags = sa.case((place.c.reachable, channel), else_=_number(_THERE))
        return sa.select(place.c.person_id.label("person_id"), flags.label("flags"))

    def _holds(self, segment: Segment) -> Truth:
        match segment:
            case All(parts):
                return sa.and_(sa.true(), *map(self._holds, parts))
            case AnyOf(parts):
                return sa.or_(sa.false(), *map(self._holds, parts))
            case Not(part):
                return sa.not_(self._holds(part))
            case On(channel):
                bit = self._channels.get(channel)
                return self._has(bit) if bit else sa.false()
            case leaf if leaf not in self._bits:
                return self._matching.holds(leaf, self._who)
            case Active() as leaf:
                # Within the interval, and not again after it.
                bit = self._bits[leaf]
                return self._flags.bitwise_and(_number(3 * bit)) == _number(bit)
            case leaf:
                return self._has(self._bits[leaf])

    def _has(self, bit: int) -> Truth:
        return _any(self._flags, bit)


def _leaves(segment: Segment) -> Iterator[Leaf]:
    match segment:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case _:
            yield segment


def _read(rows: Rows, flags: sa.ColumnElement[int]) -> sa.Select[Any]:
    told = sa.select(rows.person.label("person_id"), flags.label("flags"))
    return told.where(*rows.where)


def _any(flags: sa.ColumnElement[int], bit: int) -> Truth:
    return flags.bitwise_and(_number(bit)) != _number(0)


def _number(value: int) -> sa.ColumnElement[int]:
    return sa.literal(value, sa.BigInteger)
