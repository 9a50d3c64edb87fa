"""What the emulated platforms accepted, from their log: the truth beside our ledger."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from emulators.accepted import Accepted, read

Recipient = tuple[str, str]
"""The platform and its handle of somebody."""


def accepted(log: Path, containing: str) -> list[Accepted]:
    """The messages of a log whose text holds these words, in the order of acceptance."""
    return [entry for entry in read(log) if containing in entry.text]


def copies(entries: Iterable[Accepted]) -> Counter[Recipient]:
    """How many of them each recipient was to get."""
    return Counter((entry.platform, entry.to) for entry in entries)


def duplicates(counted: Counter[Recipient], platforms: Iterable[str]) -> dict[str, int]:
    """Copies beyond the first, by platform."""
    beyond = dict.fromkeys(platforms, 0)
    for (platform, _), count in counted.items():
        beyond[platform] += count - 1
    return beyond
