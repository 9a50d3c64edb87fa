"""Loads the crowd into the ledger, with consents that say where they come from: the demo."""

from collections.abc import Iterable

from app.demo.cast import Resident
from app.demo.stage import Stage
from dialogs.questions import words
from dialogs.scenario import Scenario
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, ChannelName
from vestnik.consent import ConsentEntry, fingerprint
from vestnik.inbound import Author

ACTOR = "demo"


async def load(
    database: Database, stage: Stage, scenario: Scenario, residents: Iterable[Resident]
) -> None:
    """Store people, addresses, answers and consents, and open their chats on the platforms."""
    async with database.begin() as work:
        for resident in residents:
            await _load_one(work, scenario, resident)
            _open(stage, resident)


async def _load_one(work: UnitOfWork, scenario: Scenario, resident: Resident) -> None:
    human = resident.human
    handles = {
        "telegram": str(human.telegram),
        "vk": str(human.vk),
        "whatsapp": human.bsuid,
    }
    channel = ChannelName(resident.messenger)
    shown = human.phone if resident.messenger == "whatsapp" else None
    author = Author(str(human.telegram), human.name, human.language, phone=shown)
    address = Address(channel, "main", handles[resident.messenger])
    known = await work.people.meet(address, author)
    if resident.has_phone:
        await work.people.confirm_phone(known.person_id, human.phone)
    await work.people.answer(known.person_id, "city", [resident.city])
    await work.people.answer(known.person_id, "interests", resident.interests)
    for purpose in ("personal_data", "advertising"):
        step = scenario.consent(purpose)
        if step is None or (purpose == "advertising" and not resident.agreed):
            continue
        text = words(step, human.language).text
        entry = ConsentEntry(
            person_id=known.person_id,
            purpose=step.consent,
            action="grant",
            at=work.now,
            actor=ACTOR,
            channels=step.covers,
            text_version=step.version,
            text_hash=fingerprint(text),
        )
        await work.consents.record(entry, text=text)


def _open(stage: Stage, resident: Resident) -> None:
    match resident.messenger:
        case "telegram":
            stage.telegram.opened(resident.human.telegram)
        case "vk":
            stage.vk.opened(resident.human.vk)
        case "whatsapp":
            # They wrote long ago: their windows are closed.
            pass
