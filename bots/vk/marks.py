"""Asks VK how far people have read, beside the events in which it tells so itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bots.vk import fields
from bots.vk.api import Api
from bots.vk.errors import CallFailed
from bots.vk.packing import parts
from bots.vk.reference import in_chat, is_peer
from vestnik.address import Address
from vestnik.inbound import Author, DeliveryReported

# Peers of one messages.getConversationsById (vk-api-schema 5.199, messages/methods.json).
PEERS = 100


async def read_marks(
    api: Api, group_id: int, addresses: Sequence[Address]
) -> list[DeliveryReported]:
    """The last message that each person has read, as far as VK tells; never raises.

    In group chats the mark does not say who read.
    """
    people = {it.handle: it for it in addresses if is_peer(it.handle) and not _chat(it)}
    reports: list[DeliveryReported] = []
    for part in parts(list(people), PEERS):
        params = {"peer_ids": ",".join(part), "group_id": group_id}
        try:
            answer = await api.call("messages.getConversationsById", params)
        except CallFailed:
            break
        reports += _reports(answer, people)
    return reports


def _chat(address: Address) -> bool:
    return in_chat(int(address.handle))


def _reports(answer: object, people: Mapping[str, Address]) -> Iterator[DeliveryReported]:
    items = answer.get("items") if isinstance(answer, Mapping) else None
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, Mapping):
            continue
        try:
            peer = str(fields.whole(fields.part(item, "peer"), "id"))
            read = fields.whole(item, "out_read", 0)
        except fields.Odd:
            continue
        if read > 0 and peer in people:
            yield DeliveryReported(
                event_id=f"out_read:{peer}:{read}",
                address=people[peer],
                author=Author(peer),
                at=datetime.now(UTC),
                reference=str(read),
                state="read",
                and_earlier=True,
            )
