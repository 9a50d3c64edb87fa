"""What a messenger tells of messages that left it: ours are ours, also before it answered us."""

from typing import Any

import pytest
import sqlalchemy as sa

from emulators.vk import VkSettings
from storage.tables import attempts
from tests.journeys.doors import VK_SECRET
from tests.journeys.test_subscribing import subscribed
from tests.journeys.town import Town


async def told_of(town: Town, **message: Any) -> None:
    """VK tells of a message to somebody that, it says, an administrator wrote."""
    body = {
        "type": "message_reply",
        "group_id": VkSettings().group_id,
        "secret": VK_SECRET,
        "event_id": f"echo-{message}",
        "object": {
            "id": 9_999_999,
            "date": 1_764_000_000,
            "from_id": -VkSettings().group_id,
            "out": 1,
            "text": "С вами бот",
            "admin_author_id": 7007,
            **message,
        },
    }
    async with town.session.post(f"{town.address}/webhooks/vk/main", json=body) as answer:
        assert await answer.text() == "ok"
    await town.quiet()


@pytest.mark.parametrize("known_by", ["reference", "handle", "nothing"])
async def test_only_what_we_did_not_say_silences_the_bot(town: Town, known_by: str) -> None:
    person_id = await subscribed(town, "vk")
    async with town.ledger() as work:
        [vk] = [it for it in await work.people.addresses(person_id) if it.address.channel == "vk"]
        ours = sa.select(attempts.c.reference, attempts.c.handle).where(
            attempts.c.address_id == vk.id
        )
        reference, handle = (await work.connection.execute(ours.limit(1))).one()
    bears: dict[str, dict[str, Any]] = {
        "reference": {"id": int(reference), "random_id": 0},
        "handle": {"random_id": int(handle)},
        "nothing": {"random_id": 2**31 - 1},
    }
    await told_of(town, peer_id=int(vk.address.handle), **bears[known_by])
    async with town.ledger() as work:
        holder = (await work.conversations.of(vk.id)).holder
    assert holder == ("elsewhere:vk:7007" if known_by == "nothing" else None)


async def test_what_whatsapp_does_not_pass_on_opens_no_window(town: Town) -> None:
    person_id = await subscribed(town, "whatsapp")
    await town.hours_pass(30)
    phone = town.phone("p002", "whatsapp")

    async def window() -> Any:
        async with town.ledger() as work:
            known = await work.people.addresses(person_id)
            [it] = [it for it in known if it.address.channel == "whatsapp"]
            return it.last_inbound_at, it.window_until

    before = await window()
    await phone.does("poll")
    await town.until(window, lambda it: bool(it[0] > before[0]))
    assert (await window())[1] == before[1]
    await phone.says("Здравствуйте")
    await town.until(window, lambda it: bool(it[1] > before[1]))
