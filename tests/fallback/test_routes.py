import pytest

from fallback.routes import DEFAULT, BadRoute, parse, spell
from vestnik.address import SMS, ChannelName
from vestnik.route import LAST, Step, may_use

VK = ChannelName("vk")


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("sms", (Step(SMS),)),
        (
            DEFAULT,
            (Step(LAST, "delivered", 60.0), Step(SMS, "delivered", 3600.0)),
        ),
        (" VK  1.5m READ next>sms ", (Step(VK, "read", 90.0, "next"), Step(SMS))),
        ("vk 168h accepted park", (Step(VK, "accepted", 604_800.0, "park"),)),
    ],
)
def test_routes_are_read_as_people_write_them(text: str, steps: tuple[Step, ...]) -> None:
    assert parse(text) == steps
    assert parse(spell(steps)) == steps


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cannot read the step ''"),
        ("vk >", "cannot read the step ''"),
        ("vk 60", "write it like"),
        ("vk delivered", "say how long"),
        ("vk 0s read", "say how long"),
        ("vk > vk > vk > vk > vk > sms", "at most 5 steps"),
        ("vk 168.1h read", "a week"),
        ("vk " + "9" * 400 + "h", "a week"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, why: str) -> None:
    with pytest.raises(BadRoute, match=why):
        parse(text)


@pytest.mark.parametrize(
    ("text", "used"), [("last", [VK]), ("last > sms", [VK, SMS]), ("sms", [SMS]), ("viber", [])]
)
def test_the_last_messenger_is_never_sms(text: str, used: list[ChannelName]) -> None:
    assert [channel for channel in (VK, SMS) if may_use(parse(text), channel)] == used
