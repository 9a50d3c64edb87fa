"""Forgetting a person: every consent is withdrawn, everything that tells who it was is erased."""

from dialogs.phones import spaced
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS


async def forget(work: UnitOfWork, person_id: int, actor: str, event_id: int | None) -> None:
    """Withdraw and erase, on whose word and by which event, if by one.

    What is said afterwards to the address they wrote from still arrives.
    """
    for purpose in await work.consents.standings(person_id):
        await work.consents.withdraw(person_id, purpose, actor=actor, evidence=event_id)
    known = await work.people.addresses(person_id)
    numbers = {it.address.handle for it in known if it.address.channel == SMS}
    spelt = [spaced(number) for number in numbers]
    await work.erasing.erase(person_id, by=event_id, spellings=spelt)
