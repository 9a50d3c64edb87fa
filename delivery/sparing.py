"""Whom a claim has to spare: what people chose about being written to, and what they got lately."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from storage.claims import Claimed
from storage.standing import PersonStanding
from storage.unit_of_work import UnitOfWork
from vestnik.delivery import Delivery


async def standing_of(work: UnitOfWork, claimed: Sequence[Claimed]) -> dict[int, PersonStanding]:
    """How the people of these deliveries stand until our commit, as far as the gate will ask.

    Whoever waits for an answer has it at any hour: then nothing is asked about that.
    """
    people = await work.standings.of_people(
        _people(it.delivery for it in claimed),
        until_commit=True,
        sparing=_people(it.delivery for it in claimed if _spares(it.delivery)),
    )
    return people | await _with_enough(work, claimed, people)


def _people(deliveries: Iterable[Delivery]) -> list[int]:
    return sorted({it.person_id for it in deliveries if it.person_id is not None})


def _spares(delivery: Delivery) -> bool:
    return delivery.kind == "broadcast" or (
        delivery.kind == "transactional" and not delivery.urgent
    )


async def _with_enough(
    work: UnitOfWork, claimed: Sequence[Claimed], people: dict[int, PersonStanding]
) -> dict[int, PersonStanding]:
    """Those of these people who are to get a broadcast and had as many as they want."""
    broadcasts = [it.delivery for it in claimed if it.delivery.kind == "broadcast"]
    caps = {
        it.person_id: cap
        for it in broadcasts
        if it.person_id is not None and (cap := people[it.person_id].preferences.cap)
    }
    enough = await work.frequency.had_enough(caps, {it.id for it in broadcasts})
    return {person: replace(people[person], had_enough=True) for person in enough}
