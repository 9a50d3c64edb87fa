"""What broadcasts and single messages are both made of: a text, a route, and whether they fit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from app.api.problems import Problem, WrongPlace, wrong
from app.api.view import Words
from dialogs import markup
from fallback import routes
from vestnik.address import ChannelName
from vestnik.channel import Limits
from vestnik.outbound import Button, Text
from vestnik.route import LAST, Route

if TYPE_CHECKING:
    from app.wiring import House

Markdown = Annotated[
    Words,
    Field(
        min_length=1,
        max_length=10_000,
        description="Markdown: **bold**, *italic*, ~~strike~~, `code`, [link](https://…)",
    ),
]
RouteText = Annotated[
    Words,
    Field(
        max_length=200,
        description="steps in their order: `last 60s delivered > sms`; `last` is the messenger "
        "the person used last",
    ),
]


def content(text: str, buttons: tuple[Button, ...] = ()) -> Text:
    """The message; raises Problem where nothing would be seen of it."""
    body = markup.parse(text)
    if not body.text.strip():
        raise wrong("text", "The text is empty.")
    return Text(body, buttons)


def route(text: str | None, default: Route, limits: Mapping[ChannelName, Limits]) -> Route:
    """The route that was asked for, or the default; raises Problem."""
    if text is None:
        return default
    try:
        asked = routes.parse(text)
    except routes.BadRoute as error:
        raise wrong("route", f"{error}.") from None
    off = [step.channel for step in asked if step.channel not in (LAST, *limits)]
    if off:
        on = ", ".join(sorted(limits)) or "none"
        raise wrong("route", f"There is no channel {', '.join(off)} here; switched on: {on}.")
    return asked


def by_channel(house: "House") -> dict[ChannelName, Limits]:
    """What each channel of the house can carry."""
    return {lane.channel: limits for lane, limits in house.limits.items()}


def refuse_unfit(unfit: Mapping[ChannelName, str]) -> None:
    """Raises Problem that names the channels which cannot carry the text, if there are any."""
    if not unfit:
        return
    places = [
        WrongPlace(within="body", at="text", detail=f"{channel}: {why}")
        for channel, why in sorted(unfit.items())
    ]
    raise Problem(422, f"The text does not fit {', '.join(sorted(unfit))}.", errors=places)
