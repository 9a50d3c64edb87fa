"""Keeps what came of a batch's requests, and reads answers item by item."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence

from bots.vk.errors import refusal_of_one
from bots.vk.reference import name_of
from vestnik.address import Address
from vestnik.outbound import Send
from vestnik.outcome import Ambiguous, ChannelDown, SendResult, Sent, Temporary, Throttled

INT31 = 2**31 - 1


class Progress:
    """What came of a batch so far, and what therefore has to wait."""

    def __init__(self, batch: Sequence[Send]) -> None:
        self._batch = batch
        self._results: dict[int, SendResult] = {}
        self._held: dict[Address, SendResult] = {}
        self._pause: SendResult | None = None

    def items(self, places: Sequence[int]) -> list[Send]:
        """The items at these places."""
        return [self._batch[place] for place in places]

    def free(self, places: Sequence[int]) -> list[int]:
        """The places that may go now. The others get the result that holds them up.

        Those are the ones behind an item of the same address that did not go, and, when the
        community as a whole has to pause, all.
        """
        may_go = []
        for place in places:
            why = self._pause or self._held.get(self._batch[place].address)
            if why is None:
                may_go.append(place)
            else:
                self._results[place] = why
        return may_go

    def note(self, places: Sequence[int], results: Sequence[SendResult]) -> None:
        """Take down what came of these places."""
        for place, result in zip(places, results, strict=True):
            self._results[place] = result
            if isinstance(result, Throttled | Temporary | ChannelDown):
                self._held[self._batch[place].address] = result
            if pauses_all(result):
                self._pause = result

    def results(self) -> list[SendResult]:
        """One result an item, in the batch's order."""
        return [self._results[place] for place in range(len(self._batch))]


def pauses_all(result: SendResult) -> bool:
    """Whether nothing more may go from this community for now."""
    if isinstance(result, Throttled):
        return result.scope == "lane"
    return isinstance(result, ChannelDown)


def random_id(handle: str) -> int:
    """What VK knows a request's repetition by: 1 to 2**31 - 1, the same for the same handle.

    Without a handle any will do: nobody is going to repeat the request.
    """
    if not handle:
        return 1 + secrets.randbelow(INT31)
    if handle.isascii() and handle.isdecimal():
        return 1 + (int(handle) - 1) % INT31
    digest = hashlib.blake2b(handle.encode(), digest_size=8).digest()
    return 1 + int.from_bytes(digest) % INT31


def outcomes(answer: object, peers: Sequence[str]) -> list[SendResult]:
    """What messages.send answered to each of the peers it was given by `peer_ids`."""
    if isinstance(answer, int) and len(peers) == 1:
        return [Sent(str(answer))]
    entries = answer if isinstance(answer, list) else []
    told = {str(entry.get("peer_id")): entry for entry in entries if isinstance(entry, Mapping)}
    return [_outcome(told.get(peer), peer) for peer in peers]


def _outcome(entry: Mapping[str, object] | None, peer: str) -> SendResult:
    if entry is None:
        return Ambiguous("not_mentioned")
    error = entry.get("error")
    if isinstance(error, Mapping):
        code = error.get("code")
        if not isinstance(code, int):
            return Ambiguous("unreadable")
        return refusal_of_one(code, str(error.get("description", "")))
    numbers = _number(entry, "message_id"), _number(entry, "conversation_message_id")
    name = name_of(int(peer), *numbers)
    return Sent(name) if name else Ambiguous("unreadable")


def _number(entry: Mapping[str, object], key: str) -> int:
    value = entry.get(key)
    return value if isinstance(value, int) else 0
