"""Ways into a scenario beside its start: deep links, keywords, buttons of broadcasts, events."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from dialogs.parts import Duration, Id, Label, Labels, Part
from dialogs.wording import folded

GO = "go:"
"""Begins the payload of a button that opens an entry; no step may have "go" as its id."""

LATEST_NUDGE, EARLIEST_NUDGE = timedelta(minutes=5), timedelta(hours=12)
"""How long before its end a window may be said to close."""

Payload = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}\*?$")]


class Entry(Part):
    """Leads to the step `next`.

    `links` are the payloads of deep links; one that ends with * stands for all that begin so.
    `keywords` are whole messages. `event` is the name of something that happened to a person,
    told over the API, with these `values`. With `button` a broadcast's button may lead here,
    and reads as `label` unless the broadcast says otherwise.
    `window_closing` opens it by itself so long before no plain message may be sent any more.
    """

    next: str
    links: tuple[Payload, ...] = ()
    keywords: tuple[Label, ...] = ()
    event: Id | None = None
    values: tuple[Id, ...] = Field(default=(), max_length=30)
    button: bool = False
    label: Labels = Field(default_factory=dict)
    window_closing: Duration | None = None

    @model_validator(mode="after")
    def _opens(self) -> "Entry":
        closing = self.window_closing
        if not (self.links or self.keywords or self.event or self.button or closing):
            raise ValueError(
                "say what opens it: `links`, `keywords`, `event`, `button: true` or "
                "`window_closing: 30m`"
            )
        if self.label and not self.button:
            raise ValueError("`label` goes with `button: true`")
        if closing is not None and not LATEST_NUDGE <= closing <= EARLIEST_NUDGE:
            raise ValueError("`window_closing` is from 5m to 12h before the window's end")
        if self.values and not self.event:
            raise ValueError("`values` come with an `event`")
        return self

    def linked(self, payload: str) -> bool:
        """Whether a deep link with this payload opens it."""
        return any(
            payload.startswith(link[:-1]) if link.endswith("*") else payload == link
            for link in self.links
        )

    def said(self, text: str) -> bool:
        """Whether the whole message is one of its keywords."""
        return folded(text) in map(folded, self.keywords)
