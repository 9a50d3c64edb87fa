"""Cursors: where a list goes on, packed so that nobody builds on what is inside."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from app.api.problems import Problem

T = TypeVar("T")
Item = TypeVar("Item")

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""A number of ours, as the database can hold it."""

# Far from the ends of time, where moving to another zone overflows.
_Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(9000, 1, 1, tzinfo=UTC)),
]


class Cursor(Generic[T]):
    """Cursors of one kind of list; T is the position of the last item shown."""

    def __init__(self, kind: Any) -> None:
        self._kind: TypeAdapter[T] = TypeAdapter(kind)

    def write(self, position: T) -> str:
        """The cursor after a position."""
        return urlsafe_b64encode(self._kind.dump_json(position)).decode().rstrip("=")

    def read(self, cursor: str | None) -> T | None:
        """The position; None at the list's beginning. Raises Problem (400) for garbage."""
        if cursor is None:
            return None
        try:
            packed = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
            return self._kind.validate_json(packed)
        except (ValueError, ValidationError):
            raise Problem(400, "The cursor is none of ours: leave it out to begin anew.") from None

    def cut(
        self, found: Sequence[Item], limit: int, place: Callable[[Item], T]
    ) -> tuple[Sequence[Item], str | None]:
        """Of what was found, one more than the limit: the items to show, and the cursor after."""
        items = found[:limit]
        return items, self.write(place(items[-1])) if len(found) > limit else None


BY_ID: Cursor[int] = Cursor(Id)
"""Lists in the order of ids."""

BY_TIME: Cursor[tuple[datetime, Literal["in", "out"], int]] = Cursor(
    tuple[_Moment, Literal["in", "out"], Id]
)
"""Lists of what came in and went out, in the order of time."""
