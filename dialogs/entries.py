"""Ways into a scenario beside its start: deep links, keywords, buttons of broadcasts, events."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from dialogs.parts import Id, Label, Part
from dialogs.wording import folded

GO = "go:"
"""Begins the payload of a button that opens an entry; no step may have "go" as its id."""

Payload = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}\*?$")]


class Entry(Part):
    """Leads to the step `next`.

    `links` are the payloads of deep links; one that ends with * stands for all that begin so.
    `keywords` are whole messages. `event` is the name of something that happened to a person,
    told over the API, with these `values`. With `button` a broadcast's button may lead here.
    """

    next: str
    links: tuple[Payload, ...] = ()
    keywords: tuple[Label, ...] = ()
    event: Id | None = None
    values: tuple[Id, ...] = Field(default=(), max_length=30)
    button: bool = False

    @model_validator(mode="after")
    def _opens(self) -> "Entry":
        if not (self.links or self.keywords or self.event or self.button):
            raise ValueError("say what opens it: `links`, `keywords`, `event` or `button: true`")
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
