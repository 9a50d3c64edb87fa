"""People who agreed to advertising long ago, loaded in bulk: a broadcast needs many of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.demo.cast import Messenger
from emulators.world import Human
from storage.forms import forms
from storage.tables import addresses, answers, consents, people, standings
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS
from vestnik.consent import MESSENGERS

AGREED = {"purpose": "advertising", "channels": [MESSENGERS, SMS]}

Resident = tuple[Human, Messenger]


async def load(work: UnitOfWork, residents: Sequence[Resident], town: str) -> None:
    """Store people of a town, each with a messenger and a number for SMS."""
    named = [
        {"name": human.name, "language": "ru", "created_at": work.now} for human, _ in residents
    ]
    ids = await _added(work, people, named)
    await _added(
        work,
        addresses,
        [
            {"person_id": person, "account": "main", "created_at": work.now, **address}
            for person, resident in zip(ids, residents, strict=True)
            for address in _addresses(*resident)
        ],
    )
    lives = {"question": "city", "value": town, **forms(town), "at": work.now}
    said = {
        "action": "grant",
        "actor": "tests",
        "text_version": "",
        "text_hash": "",
        "at": work.now,
    }
    entries = await _added(work, consents, [{**AGREED, **said, "person_id": it} for it in ids])
    stands = [
        {**AGREED, "granted": True, "person_id": person, "entry_id": entry}
        for person, entry in zip(ids, entries, strict=True)
    ]
    await work.connection.execute(sa.insert(answers), [{**lives, "person_id": it} for it in ids])
    await work.connection.execute(sa.insert(standings), stands)


def _addresses(human: Human, messenger: Messenger) -> list[dict[str, str | None]]:
    handles: Mapping[Messenger, str] = {
        "telegram": str(human.telegram),
        "vk": str(human.vk),
        "whatsapp": human.bsuid,
    }
    shown = human.phone if messenger == "whatsapp" else None
    return [
        {"channel": messenger, "handle": handles[messenger], "phone": shown},
        {"channel": SMS, "handle": human.phone, "phone": human.phone},
    ]


async def _added(work: UnitOfWork, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows; gives their ids, in order."""
    insert = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list((await work.connection.execute(insert, rows)).scalars())
