"""Made-up people, and how they come into the ledger just as they were made up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from hypothesis import strategies as st

from storage.forms import forms
from storage.tables import answers, deliveries, events, inbox, people, profile
from storage.unit_of_work import UnitOfWork
from tests.vestnik.strategies import ANSWERS, QUESTIONS, names
from vestnik.address import Address, ChannelName
from vestnik.consent import ConsentEntry, Purpose
from vestnik.segment import Profile

# Midnight of the second of May in Kamchatka.
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PURPOSES: list[Purpose] = ["personal_data", "advertising", "service"]

values = st.dictionaries(
    st.sampled_from(QUESTIONS), st.frozensets(st.sampled_from(ANSWERS), min_size=1), max_size=3
)
_ages = st.sampled_from([0, 1, 12, 24, 36, 240, 720, 1440]) | st.integers(0, 1500)
profiles = st.builds(
    Profile,
    answers=values,
    columns=values,
    consents=st.frozensets(st.sampled_from(PURPOSES)),
    channels=st.frozensets(names),
    language=st.sampled_from([None, "ru", "RU", "pt-BR", "en", "enx"]),
    last=st.dictionaries(
        st.sampled_from(["seen", "answered", "reached", "clicked"]),
        _ages.map(lambda hours: NOW - timedelta(hours=hours)),
    ),
    broadcasts=st.dictionaries(st.sampled_from([1, 2]), st.booleans()),
)


async def settle(
    work: UnitOfWork, who: Profile, closed: frozenset[ChannelName] = frozenset()
) -> int:
    """Somebody who is as the profile says; addresses on `closed` were closed."""
    person = await work.people.add_person("", who.language)
    seen = sa.update(people).where(people.c.id == person)
    await work.connection.execute(seen.values(seen_at=who.last.get("seen")))
    for channel in who.channels | closed:
        known = await work.people.add_address(person, Address(channel, "main", f"{person}"))
        if channel not in who.channels:
            await work.people.close(known.id, "blocked")
    for purpose in PURPOSES:
        entry = ConsentEntry(
            person_id=person, purpose=purpose, action="grant", at=work.now, actor="test"
        )
        await work.consents.record(entry)
        if purpose not in who.consents:
            await work.consents.withdraw(person, purpose, actor="test", evidence=None)
    await _know(work, answers, person, who.answers, who.last.get("answered", work.now))
    await _know(work, profile, person, who.columns, work.now)
    await _reach(work, person, who)
    if "clicked" in who.last:
        await _hear(work, person, "ButtonPressed", who.last["clicked"])
        await _hear(work, person, "TextReceived", work.now)
    return person


def told(who: Profile) -> Profile:
    """The same as the ledger knows it: answers have a time, and so has what arrived."""
    last = dict(who.last)
    if who.answers:
        last.setdefault("answered", NOW)
    else:
        last.pop("answered", None)
    if any(who.broadcasts.values()):
        last.setdefault("reached", NOW)
    return replace(who, last=last)


async def _know(
    work: UnitOfWork,
    table: sa.Table,
    person: int,
    known: Mapping[str, frozenset[str]],
    at: datetime,
) -> None:
    name = table.primary_key.columns.keys()[1]
    rows = [
        {"person_id": person, name: key, "value": value, **forms(value), "at": at}
        for key, values in known.items()
        for value in values
    ]
    if rows:
        await work.connection.execute(sa.insert(table), rows)


async def _reach(work: UnitOfWork, person: int, who: Profile) -> None:
    sent: list[tuple[int | None, str]] = [
        (number, "read" if there else "failed") for number, there in who.broadcasts.items()
    ]
    if "reached" in who.last:
        sent.append((None, "accepted"))
    for number, state in sent:
        await work.connection.execute(
            sa.insert(deliveries).values(
                kind="broadcast" if number else "transactional",
                person_id=person,
                broadcast_id=number,
                state=state,
                reason="blocked" if state == "failed" else None,
                best=state,
                priority=1,
                due_at=work.now,
                created_at=work.now,
                updated_at=who.last.get("reached", work.now),
            )
        )


async def _hear(work: UnitOfWork, person: int, kind: str, at: datetime) -> None:
    arrived = sa.insert(inbox).values(channel="vk", account="main", body=b"", received_at=at)
    inbox_id = (await work.connection.execute(arrived.returning(inbox.c.id))).scalar_one()
    await work.connection.execute(
        sa.insert(events).values(
            channel="vk",
            account="main",
            external_id=f"{kind}{person}",
            handle=str(person),
            kind=kind,
            body={},
            at=at,
            received_at=at,
            inbox_id=inbox_id,
            state="done",
            due_at=at,
            person_id=person,
        )
    )
