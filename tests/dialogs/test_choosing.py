"""What people choose on the settings' screens, by pressing and by typing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import zones
from dialogs.choosing import Choices, applied, meant
from dialogs.screens import Below, Screens
from dialogs.wishes import SETTINGS, Choose, See, Wish, Wished, choose, read_wish
from tests.dialogs.phone import LANGUAGES
from vestnik.address import ChannelName
from vestnik.preferences import Cap, Preferences, QuietHours

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
VK = ChannelName("vk")
CHOICES = Choices(
    now=NOW, topics={"offers": "Акции", "menu": "Меню"}, messengers=[ChannelName("telegram"), VK]
)
PAUSED = NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        (Choose("topic", "-menu"), Preferences(topics_off=frozenset(("menu",)))),
        (Choose("topic", "+menu"), Preferences()),
        (Choose("topic", "-weather"), None),
        (Choose("topic", ""), None),
        (Choose("often", "3/7d"), Preferences(cap=Cap(3, 7))),
        (Choose("often", "usual"), Preferences()),
        (Choose("often", "0/7d"), None),
        (Choose("quiet", "22:00-08:00"), Preferences(quiet=QuietHours(1320, 480))),
        (Choose("quiet", "none"), Preferences(quiet=QuietHours(0, 0))),
        (Choose("quiet", "usual"), Preferences()),
        (Choose("quiet", "25:00-08:00"), None),
        (Choose("zone", "Asia/Omsk"), Preferences(zone="Asia/Omsk")),
        (Choose("zone", "../../etc/passwd"), None),
        (Choose("pause", "30"), Preferences(paused_until=PAUSED)),
        (Choose("pause", "0"), Preferences()),
        (Choose("pause", "999"), None),
        (Choose("pause", "-1"), None),
        (Choose("messenger", "vk"), Preferences(channel=VK)),
        (Choose("messenger", "usual"), Preferences()),
        (Choose("messenger", "whatsapp"), None),
    ],
)
def test_a_choice(wish: Choose, chosen: Preferences | None) -> None:
    assert applied(wish, CHOICES) == chosen


def test_a_choice_leaves_the_others_alone() -> None:
    own = Preferences(zone="Asia/Omsk", cap=Cap(1, 7), topics_off=frozenset(("offers",)))
    choices = replace(CHOICES, own=own)
    assert applied(Choose("topic", "-menu"), choices) == replace(
        own, topics_off=frozenset(("offers", "menu"))
    )
    assert applied(Choose("zone", "Europe/Samara"), choices) == replace(own, zone="Europe/Samara")


@given(st.sampled_from(SETTINGS), st.text(max_size=60))
def test_no_forged_value_breaks_anything(setting: str, value: str) -> None:
    wish = read_wish(choose(setting, value), NOW)  # type: ignore[arg-type]
    assert isinstance(wish, Choose)
    chosen = applied(wish, CHOICES)
    assert chosen is None or chosen.over(Preferences(zone="UTC")).quiet_until(NOW) != NOW


@pytest.mark.parametrize(
    ("screen", "typed", "wish"),
    [
        ("topics", "1", Choose("topic", "-offers")),
        ("topics", "меню", Choose("topic", "-menu")),
        ("topics", "☑ Меню", Choose("topic", "-menu")),
        ("topics", "Назад", Wish.SETTINGS),
        ("often", "2", Choose("often", "3/7d")),
        ("often", "2 в неделю", Choose("often", "2/7d")),
        ("often", "не чаще 5 раз в месяц", Choose("often", "5/30d")),
        ("often", "once", None),
        ("quiet", "23-7", Choose("quiet", "23:00-07:00")),
        ("quiet", "с 22:30 до 8", Choose("quiet", "22:30-08:00")),
        ("quiet", "часовой пояс", See("zone")),
        ("quiet", "22–24", Choose("quiet", "22:00-00:00")),
        ("quiet", "26-8", None),
        ("zone", "самара", Choose("zone", "Europe/Samara")),
        ("zone", "Yekaterinburg", Choose("zone", "Asia/Yekaterinburg")),
        ("zone", "+5", Choose("zone", "Etc/GMT-5")),
        ("zone", "мск+2", Choose("zone", "Etc/GMT-5")),
        ("zone", "UTC-3", Choose("zone", "Etc/GMT+3")),
        ("zone", "utc+0", Choose("zone", "Etc/UTC")),
        ("zone", "+19", None),
        ("zone", "europe/berlin", Choose("zone", "Europe/Berlin")),
        ("zone", "Здравствуйте", None),
        ("pause", "2", Choose("pause", "30")),
        ("messenger", "VK", Choose("messenger", "vk")),
        ("pause", "у меня вопрос", None),
    ],
)
def test_what_is_typed(screen: Below, typed: str, wish: Wished | None) -> None:
    shown = Screens(LANGUAGES, "ru", CHOICES).below(screen)
    assert meant(shown, screen, typed, NOW) == wish


@pytest.mark.parametrize(
    ("zone", "named"),
    [
        ("Europe/Samara", "Самара, UTC+4"),
        ("America/St_Johns", "Сент-Джонс, UTC-3:30"),
        ("Etc/GMT-5", "UTC+5"),
    ],
)
def test_a_zone_is_named(zone: str, named: str) -> None:
    assert zones.named(zone, "ru", NOW) == named
