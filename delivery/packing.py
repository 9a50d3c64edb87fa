"""Several messages in one request: who shares one, and the handle that such a request has."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from delivery.decide import After
from delivery.preparing import Ready
from vestnik.abilities import Packing
from vestnik.channel import Channel
from vestnik.delivery import Delivery
from vestnik.outcome import Ambiguous, SendResult, Sent


def packed(channel: Channel, ready: Sequence[Ready]) -> list[list[Ready]]:
    """What is ready, by request; those who share one that is known by one handle have it now.

    What is tried again keeps the handle it had: whoever shared it still does.
    """
    if not isinstance(channel, Packing):
        return [[it] for it in ready]
    requests = []
    for again in (True, False):
        some = [it for it in ready if it[2].again is again]
        for pack in channel.pack([send for _, _, send in some]):
            members = [some[place] for place in pack.places]
            shared = pack.one_handle and not again
            requests.append(_of_one_handle(members) if shared else members)
    return requests


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


def _of_one_handle(members: Sequence[Ready]) -> list[Ready]:
    handle = members[0][1].handle
    return [
        (delivery, replace(attempt, handle=handle), replace(send, handle=handle))
        for delivery, attempt, send in members
    ]
