"""What staff look up: campaigns and their reports, answers, people, the audit, the commands."""

from dataclasses import dataclass

from broadcast import asking, audits, listing
from broadcast.call import Call
from broadcast.commands import number
from broadcast.reporting import final, overview
from broadcast.screens import questions
from broadcast.steering import Steering
from broadcast.studio import Studio
from broadcast.wizard import MOST_VALUES
from broadcast.wording import plain
from dialogs.columns import with_columns
from dialogs.query.mistakes import Mistake
from dialogs.query.reading import parse
from dialogs.query.writing import write
from storage.auditing import Deed
from storage.directory import Card
from vestnik.outbound import Text
from vestnik.segment import EVERYONE

LATEST = 10
MOST_FOUND = 5
"""People that a search shows."""
SHOWN = 5
"""People that are shown of those whom a query means."""


@dataclass(frozen=True, slots=True)
class Console:
    """Commands that change nothing."""

    studio: Studio
    steering: Steering

    async def broadcasts(self, call: Call) -> None:
        """The latest campaigns."""
        latest = await call.work.broadcasts.started(LATEST)
        await call.tell(overview(self.studio.languages, call.staff.language, latest))

    async def report(self, call: Call, typed: str) -> None:
        """A campaign's report as it stands now."""
        broadcast = await self.steering.find(call, typed)
        if broadcast is not None:
            numbers = await call.work.reports.of(broadcast.id)
            language = call.staff.language
            await call.tell(final(self.studio.languages, language, broadcast, numbers))

    async def segments(self, call: Call, typed: str) -> None:
        """Whom a query means; without one, the questions and what was answered."""
        if typed:
            await self._count(call, typed)
            return
        audiences = call.work.audiences
        given = [
            (step, await audiences.answer_values(step.id, MOST_VALUES))
            for step in questions(self.studio.scenario)
        ]
        count = await audiences.reach(EVERYONE)
        await call.tell(listing.answers(self.studio.screens(call.staff.language), count, given))

    async def _count(self, call: Call, typed: str) -> None:
        """Counts, and names some; that staff saw these people is recorded."""
        work, screens = call.work, self.studio.screens(call.staff.language)
        try:
            segment = parse(typed)
        except Mistake as mistake:
            await call.tell(asking.mistaken(screens, typed, mistake))
            return
        reach = await work.audiences.reach(segment, sample=SHOWN)
        names = await work.search.names(reach.sample)
        after = {"query": write(segment), "people": list(names)}
        deed = Deed(actor=call.staff.actor, action="segment.count", subject="people", after=after)
        await work.audit.record(deed)
        await call.tell(asking.counted(screens, segment, reach, names))

    async def find(self, call: Call, typed: str) -> None:
        """Who somebody is; that staff looked is recorded, what they typed is not."""
        work, language = call.work, call.staff.language
        text = self.studio.languages.text
        found = await work.search.people(typed, MOST_FOUND + 1)
        for person_id in found[:MOST_FOUND]:
            deed = Deed(actor=call.staff.actor, action="person.find", subject=f"person:{person_id}")
            await work.audit.record(deed)
            card = await work.directory.card(person_id)
            if card is not None:
                await call.tell(self._card(call, card))
        if not typed:
            await call.tell(plain(text(language, "Whom? /find with a number, name or phone.")))
        elif not found:
            await call.tell(plain(text(language, "Nobody found.")))
        elif len(found) > MOST_FOUND:
            note = text(language, "There are more. Please search for something more exact.")
            await call.tell(plain(note))

    def _card(self, call: Call, card: Card) -> Text:
        """What is shown of a person, in one message where that can be."""
        screens, now = self.studio.screens(call.staff.language), call.work.now
        return with_columns(
            screens.languages,
            screens.language,
            card.columns,
            lambda lines: listing.card(screens, card, self.studio.limits, now, lines),
            call.limits,
        )

    async def proof(self, call: Call, typed: str) -> None:
        """What proves somebody's consents; that staff looked is recorded."""
        work, language = call.work, call.staff.language
        person_id = number(typed)
        found = [] if person_id is None else await work.evidence.of(person_id)
        if not found:
            text = self.studio.languages.text
            note = text(language, "Whose? /proof with a person's number, as /find shows it.")
            await call.tell(plain(note))
            return
        deed = Deed(actor=call.staff.actor, action="person.proof", subject=f"person:{person_id}")
        await work.audit.record(deed)
        await call.tell(listing.proof(self.studio.screens(language), found))

    async def audit(self, call: Call) -> None:
        """Whether the ledger keeps its promises; the answer follows."""
        await audits.ask(call)

    async def help(self, call: Call) -> None:
        """What the person may do."""
        staff = call.staff
        await call.tell(listing.staff_help(self.studio.languages, staff.language, staff.role))
