"""Several messages in one request: who shares one, and the handle that such a request has."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from delivery.decide import After
from delivery.preparing import Ready
from vestnik.abilities import Packing
from vestnik.channel import Channel
from vestnik.delivery import Delivery
from vestnik.outbound import Send
from vestnik.outcome import Ambiguous, SendResult, Sent


def packed(channel: Channel, ready: Sequence[Ready]) -> list[Ready]:
    """What is ready; those who share a request that is known by one handle have it now.

    What is tried again keeps the handle it had: whoever shared it still does.
    """
    result = list(ready)
    if not isinstance(channel, Packing):
        return result
    fresh = [place for place, (delivery, _, _) in enumerate(ready) if delivery.again is None]
    for pack in channel.pack([ready[place][2] for place in fresh]):
        if not pack.one_handle:
            continue
        places = [fresh[place] for place in pack.places]
        handle = ready[places[0]][1].handle
        for place in places:
            delivery, attempt, send = ready[place]
            result[place] = delivery, replace(attempt, handle=handle), replace(send, handle=handle)
    return result


def with_own_handle(after: After, before: Delivery, spent: Collection[str]) -> After:
    """What follows; a handle that is `spent` on others is not used again for who was left out.

    Else a provider that knows requests by their handles would take the next one for a copy.
    """
    kept = before.again is not None or after.attempt.state == "unknown"
    if kept or after.delivery.again not in spent:
        return after
    return replace(after, delivery=replace(after.delivery, again=None))


def spent_handles(ready: Sequence[Ready], results: Sequence[SendResult]) -> frozenset[str]:
    """The handles by which something went out, or may have."""
    return frozenset(
        attempt.handle
        for (_, attempt, _), result in zip(ready, results, strict=True)
        if isinstance(result, Sent | Ambiguous)
    )


def requests_of(channel: Channel, sends: Sequence[Send]) -> int:
    """How many requests the messages take."""
    return len(channel.pack(sends)) if isinstance(channel, Packing) else len(sends)
