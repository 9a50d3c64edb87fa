"""The countdown that staff see, in the words of their language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.countdown import countdown
from dialogs.languages import Languages
from storage.known import KnownAddress
from tests.dialogs.phone import TELEGRAM, WHATSAPP_WINDOWED
from vestnik.address import Address, ChannelName

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNA = KnownAddress(1, 1, Address(ChannelName("whatsapp"), "main", "7"), "7", True, None, NOW, None)


@pytest.mark.parametrize(
    ("hours", "free", "told"),
    [
        (23.5, None, "окно открыто ещё 23 ч 30 мин"),
        (0.02, None, "окно закрыто: только шаблоны"),
        (None, None, "окно закрыто: только шаблоны"),
        (-1, 48, "окно закрыто: только шаблоны; сообщения бесплатны ещё 48 ч 0 мин"),
        (1, -1, "окно открыто ещё 1 ч 0 мин"),
    ],
)
def test_what_is_told(hours: float | None, free: float | None, told: str) -> None:
    until = None if hours is None else NOW + timedelta(hours=hours)
    free_until = None if free is None else NOW + timedelta(hours=free)
    known = replace(ANNA, window_until=until, free_until=free_until)
    assert countdown(Languages(), "ru", known, WHATSAPP_WINDOWED, NOW) == told


def test_a_channel_without_windows_has_none() -> None:
    assert countdown(Languages(), "en", ANNA, TELEGRAM, NOW) is None
