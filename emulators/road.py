"""How webhooks travel: once and straight on, unless chaos has it otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of a webhook: seconds until it sets out, and whether others may overtake it."""

    delay: float = 0.0
    apart: bool = False


Road = Callable[[str], Sequence[Trip]]
"""The trips that a webhook to this address makes; more than one brings it more than once."""

_ONCE = (Trip(),)


def straight(_url: str) -> Sequence[Trip]:
    """The usual road."""
    return _ONCE
