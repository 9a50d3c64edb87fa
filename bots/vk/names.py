"""Asks VK what people are called: its events give numbers only."""

from collections.abc import Mapping, Sequence

from bots.vk import fields
from bots.vk.api import Api
from bots.vk.errors import CallFailed
from bots.vk.packing import parts
from bots.vk.reference import CHATS, is_peer

# user_ids of one users.get (vk-api-schema 5.199, users/methods.json: 1000).
PEOPLE = 1000


async def names(api: Api, handles: Sequence[str]) -> dict[str, str]:
    """First and last name by handle, as far as VK tells; never raises."""
    people = [it for it in handles if is_peer(it) and 0 < int(it) <= CHATS]
    found: dict[str, str] = {}
    for part in parts(people, PEOPLE):
        try:
            answer = await api.call("users.get", {"user_ids": ",".join(part)})
        except CallFailed:
            break
        for item in answer if isinstance(answer, list) else ():
            if isinstance(item, Mapping):
                found |= _named(item)
    return found


def _named(item: Mapping[str, object]) -> dict[str, str]:
    try:
        name = f"{fields.words(item, 'first_name')} {fields.words(item, 'last_name')}".strip()
        return {str(fields.whole(item, "id")): name} if name else {}
    except fields.Odd:
        return {}
