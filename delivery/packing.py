"""Several messages in one request: who shares one, and the handle that such a request has."""

from collections.abc import Sequence
from dataclasses import replace

from delivery.preparing import Ready
from vestnik.abilities import Packing
from vestnik.channel import Channel
from vestnik.outbound import Send


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


def requests_of(channel: Channel, sends: Sequence[Send]) -> int:
    """How many requests the messages take."""
    return len(channel.pack(sends)) if isinstance(channel, Packing) else len(sends)
