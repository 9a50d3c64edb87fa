"""Plans the requests of a batch: as few as VK takes, each person's messages in their order."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from bots.vk.reference import is_peer
from bots.vk.render import content, files
from bots.vk.settings import CALLS_A_REQUEST, PEERS_A_REQUEST
from bots.vk.suit import Suited, suit
from vestnik.abilities import Pack
from vestnik.address import Address
from vestnik.outbound import Send, Text

T = TypeVar("T")
Key = Callable[[int], Hashable]


def proposed(batch: Sequence[Send]) -> list[Pack]:
    """Requests by what is said: people who are told the same may be given one handle.

    What has a handle in common already, or had it before, keeps to it.
    """
    owners = Counter(item.handle for item in batch)

    def key(place: int) -> Hashable:
        item = batch[place]
        if item.again or (item.handle and owners[item.handle] > 1):
            return _by_handle(batch, place)
        words = _words(item)
        return place if words is None else words

    return [pack for wave in _waves(batch) for pack in _packs(batch, wave, key)]


def agreed(batch: Sequence[Send]) -> list[list[Pack]]:
    """Requests by handle, in waves: VK knows a request of several by the handle they share.

    A wave holds an address once, so wave after wave keeps each address's order.
    """
    return [_packs(batch, wave, lambda place: _by_handle(batch, place)) for wave in _waves(batch)]


def is_new_message(item: Send) -> bool:
    """Whether it takes messages.send, and nothing before it."""
    said = item.outbound
    return isinstance(said, Text) and not said.replaces and is_peer(item.address.handle)


def _waves(batch: Sequence[Send]) -> list[list[int]]:
    turns: Counter[Address] = Counter()
    waves: list[list[int]] = []
    for place, item in enumerate(batch):
        turn = turns[item.address]
        turns[item.address] += 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(place)
    return waves


def _packs(batch: Sequence[Send], wave: Sequence[int], key: Key) -> list[Pack]:
    groups: dict[Hashable, list[int]] = {}
    packs = []
    for place in wave:
        if is_new_message(batch[place]):
            groups.setdefault(key(place), []).append(place)
        else:
            packs.append(Pack((place,)))
    shared = [part for group in groups.values() for part in parts(group, PEERS_A_REQUEST)]
    single = [part[0] for part in shared if len(part) == 1]
    packs += [Pack(tuple(part), one_handle=True) for part in shared if len(part) > 1]
    packs += [Pack(tuple(part)) for part in parts(single, CALLS_A_REQUEST)]
    return packs


def parts(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The items in their order, so many at a time."""
    return (items[start : start + most] for start in range(0, len(items), most))


def _by_handle(batch: Sequence[Send], place: int) -> Hashable:
    item = batch[place]
    words = _words(item) if item.handle else None
    return place if words is None else (item.handle, words)


def _words(item: Send) -> Hashable:
    """What is said, the same for those who may share a request; None when nobody may."""
    text = item.outbound
    if not isinstance(text, Text) or text.reply_to:
        return None
    suited = suit(text, item.recipient.shows)
    if not isinstance(suited, Suited):
        return None
    return (*content(suited, {}).items(), *files(suited.text), item.bulk)
