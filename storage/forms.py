"""The columns in which a value is compared, for the tables that keep values of people."""

from dataclasses import asdict
from typing import Any

from vestnik.values import typed


def forms(value: str) -> dict[str, Any]:
    """What stands beside a value in its row: how it reads folded, as a number and as a day."""
    return asdict(typed(value))
