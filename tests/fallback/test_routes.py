"""Routes as people write them."""

import pytest
from hypothesis import given

from fallback.routes import DEFAULT, BadRoute, parse, spell
from tests.vestnik import strategies
from vestnik.address import ChannelName
from vestnik.route import LAST, Route, Step

SMS, VK, TELEGRAM = ChannelName("sms"), ChannelName("vk"), ChannelName("telegram")


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("sms", (Step(SMS),)),
        ("last 60s delivered", (Step(LAST, "delivered", 60.0),)),
        ("vk 5m read park", (Step(VK, "read", 300.0, "park"),)),
        ("vk 1.5h next", (Step(VK, "accepted", 5400.0, "next"),)),
        ("telegram park", (Step(TELEGRAM, on_unknown="park"),)),
        ("telegram accepted", (Step(TELEGRAM),)),
        (" VK 60S Read>SMS ", (Step(VK, "read", 60.0), Step(SMS))),
        (DEFAULT, (Step(LAST, "delivered", 60.0), Step(SMS, "delivered", 3600.0))),
        ("a > b > c > d > e", tuple(Step(ChannelName(name)) for name in "abcde")),
    ],
)
def test_a_route(text: str, route: Route) -> None:
    assert parse(text) == route


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cannot read the step ''"),
        ("telegram >", "cannot read the step ''"),
        ("telegram > > sms", "cannot read the step ''"),
        ("telegram, sms", "write it like `telegram 60s delivered`"),
        ("telegram 60", "cannot read"),
        ("telegram 60d", "cannot read"),
        ("telegram delivered 60s", "cannot read"),
        ("telegram -5s", "cannot read"),
        ("vk read", "waits for read: say how long"),
        ("vk 0s delivered", "waits for delivered: say how long"),
        ("vk 169h", "waits too long"),
        ("a > b > c > d > e > f", "at most 5 steps, this one has 6"),
    ],
)
def test_what_is_no_route(text: str, why: str) -> None:
    with pytest.raises(BadRoute, match=why):
        parse(text)


@given(strategies.routes)
def test_a_route_is_spelled_as_it_is_read(route: Route) -> None:
    assert parse(spell(route)) == route
