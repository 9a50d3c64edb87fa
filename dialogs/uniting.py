"""Two people turn out to be one, or an address to be another's after all; the log keeps both."""

from dataclasses import replace

from storage.auditing import Deed
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.consent import ConsentEntry, Purpose
from vestnik.preferences import NOTHING_CHOSEN


async def unite(work: UnitOfWork, newcomer: int, owner: int, actor: str) -> None:
    """The newcomer turns out to be the owner: addresses, answers and consents become the owner's.

    The ledger stays append-only: what the newcomer said last is said again in the owner's name,
    unless the owner said something later. Nothing is left of the newcomer, nor a consent on
    which what was planned for them could still be sent. `actor` is by what that was proved.
    """
    moved = [it.id for it in await work.people.addresses(newcomer)]
    await work.people.move_addresses(newcomer, owner)
    await work.continuations.move(newcomer, owner)
    chosen = await work.choices.of(newcomer)
    if await work.choices.of(owner) == NOTHING_CHOSEN and chosen != NOTHING_CHOSEN:
        await work.choices.choose(owner, chosen)
    await work.choices.forget(newcomer)
    for question, values in (await work.people.answers(newcomer)).items():
        await work.people.answer(owner, question, values)
    await work.profiles.move(newcomer, owner)
    owners = await _latest(work, owner)
    for purpose, entry in (await _latest(work, newcomer)).items():
        if purpose not in owners or owners[purpose].at < entry.at:
            await work.consents.record(replace(entry, person_id=owner))
        await work.consents.withdraw(newcomer, purpose, actor=f"person:{owner}", evidence=None)
    await work.people.forget(newcomer)
    before = {"person": newcomer, "addresses": moved}
    await work.audit.record(
        Deed(actor=actor, action="person.link", subject=f"person:{owner}", before=before)
    )


async def part(work: UnitOfWork, known: KnownAddress, actor: str) -> int:
    """The address is nobody's we know from now on, and agreed to nothing; gives its new person."""
    stranger = await work.people.add_person("", None)
    await work.people.move_address(known.id, stranger)
    after = {"person": stranger, "address": known.id}
    await work.audit.record(
        Deed(actor=actor, action="person.unlink", subject=f"person:{known.person_id}", after=after)
    )
    return stranger


async def _latest(work: UnitOfWork, person_id: int) -> dict[Purpose, ConsentEntry]:
    return {entry.purpose: entry for entry in await work.consents.entries(person_id)}
