"""A delivery and its attempts, as the pure rules see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from vestnik.address import Address, ChannelName
from vestnik.outbound import Message, Template
from vestnik.route import Route, Step
from vestnik.states import AttemptState, DeliveryState, Kind

Form = Literal["free", "template"]


# Without slots: `changed` copies them as they are.
@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message to one person (or to a staff chat).

    `address` is where the current step goes, None while it waits for its route. `tries` counts
    within the step, `attempts` over all. `again` is the idempotency handle that the next attempt
    has to use once more. `best` and `reached` tell the best that came of the attempts so far and
    on which channel. `due_at`: planned, not before; waiting, until. `fence` is the claim's token.
    `topic` is what a broadcast is about, if that is told. An `urgent` message goes out also while
    the person is to be left in peace.
    """

    id: int
    kind: Kind
    content: Message
    route: Route
    state: DeliveryState
    due_at: datetime
    person_id: int | None = None
    broadcast_id: int | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    address: Address | None = None
    address_id: int | None = None
    step: int = 0
    reason: str | None = None
    ground: Mapping[str, Any] | None = None
    version: int | None = None
    expires_at: datetime | None = None
    topic: str | None = None
    urgent: bool = False
    tries: int = 0
    attempts: int = 0
    again: str | None = None
    best: AttemptState | None = None
    reached: ChannelName | None = None
    fence: int = 0

    @property
    def current(self) -> Step:
        """The step it is at."""
        return self.route[self.step]

    @property
    def template(self) -> Template | None:
        """The template for the current channel, if it has one."""
        return self.templates.get(self.address.channel) if self.address else None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try of a delivery on one channel; `handle` is what the provider is given."""

    delivery_id: int
    number: int
    step: int
    address: Address
    address_id: int | None
    handle: str
    form: Form
    state: AttemptState
    reason: str | None = None
    reference: str | None = None
    segments: int | None = None
    cost: str | None = None


def new_handle(delivery: Delivery) -> str:
    """The idempotency handle of the next attempt: digits, since some gateways take only those.

    Tries that a lane's pause turned away are not bounded, but they keep the handle they had.
    """
    number = min(delivery.attempts, MOST_ATTEMPTS - 1)
    return delivery.again or str(delivery.id * MOST_ATTEMPTS + number)


MOST_ATTEMPTS = 64
"""No delivery goes on to another try after so many; what is left then has failed."""

SENT_AGAIN = "resolved:again"
"""Why an unknown attempt is followed by another under a new handle: staff decided so."""
