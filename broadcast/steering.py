"""Pausing, resuming and cancelling: by a command at once, by a button after a second thought."""

from dataclasses import dataclass

from broadcast import campaign
from broadcast.call import Call
from broadcast.commands import number, payload
from broadcast.wording import people, plain, standing
from dialogs.languages import Languages
from storage.broadcasts import Broadcast
from vestnik.outbound import Button, Text
from vestnik.states import OPEN

END = "end"
"""The purpose of the nonces that cancel a campaign; bound to its number."""


@dataclass(frozen=True, slots=True)
class Steering:
    """Campaigns by number; without one the latest that was started."""

    languages: Languages

    async def find(self, call: Call, typed: str) -> Broadcast | None:
        """The campaign that is meant; when there is none, the person is told so."""
        wanted = number(typed) if typed else None
        found: Broadcast | None = None
        if wanted is not None:
            found = await call.work.broadcasts.get(wanted)
        elif not typed:
            found = next(iter(await call.work.broadcasts.started(1)), None)
        if found is None:
            note = self.languages.text(
                call.staff.language, "There is no such broadcast. /broadcasts shows the latest."
            )
            await call.tell(plain(note))
        return found

    async def pause(self, call: Call, typed: str) -> None:
        """Send nothing more for now."""
        broadcast = await self.find(call, typed)
        if broadcast is None:
            return
        if not await campaign.pause(call.work, broadcast.id, call.staff.actor):
            await self._tell_not(call, broadcast)
            return
        note = self.languages.text(
            None,
            "⏸ {name} has paused broadcast № {number}. /resume goes on.",
            name=call.staff.signature,
            number=broadcast.id,
        )
        await call.tell(plain(note))

    async def resume(self, call: Call, typed: str) -> None:
        """Go on."""
        broadcast = await self.find(call, typed)
        if broadcast is None:
            return
        if not await campaign.resume(call.work, broadcast.id, call.staff.actor):
            await self._tell_not(call, broadcast)
            return
        note = self.languages.text(
            None,
            "▶️ {name} has resumed broadcast № {number}.",
            name=call.staff.signature,
            number=broadcast.id,
        )
        await call.tell(plain(note))

    async def cancel(self, call: Call, typed: str) -> None:
        """Send nothing more ever."""
        broadcast = await self.find(call, typed)
        if broadcast is not None:
            await self._cancel(call, broadcast)

    async def ask(self, call: Call, typed: str) -> None:
        """A button asks to cancel: it cannot be undone, so it is asked once more."""
        broadcast = await self.find(call, typed)
        if broadcast is None:
            return
        if broadcast.finished or broadcast.state == "cancelled":
            await self._tell_not(call, broadcast)
            return
        states = (await call.work.reports.states([broadcast.id])).get(broadcast.id, {})
        left = sum(count for state, count in states.items() if state in OPEN)
        question = self.languages.rich(
            call.staff.language,
            "Cancel broadcast **№ {number}** for good? Not reached yet: {people}.",
            number=broadcast.id,
            people=people(self.languages, call.staff.language, left),
        )
        nonce = await call.work.drafts.new_nonce(END, str(broadcast.id))
        label = self.languages.text(call.staff.language, "Yes, cancel it")
        await call.tell(Text(question, (Button(label, payload("end", nonce)),)))

    async def end(self, call: Call, nonce: str) -> None:
        """The second thought was had."""
        use, subject = await call.work.drafts.use_nonce(nonce, END, call.staff.signature)
        if use != "unknown":
            await self.cancel(call, subject)
            return
        note = self.languages.text(
            call.staff.language, "This button is too old. /cancel and a number does the same."
        )
        await call.tell(plain(note))

    async def _cancel(self, call: Call, broadcast: Broadcast) -> None:
        if not await campaign.cancel(call.work, broadcast.id, call.staff.actor):
            await self._tell_not(call, broadcast)
            return
        note = self.languages.text(
            None,
            "⏹ {name} has cancelled broadcast № {number}; what is on its way still arrives.",
            name=call.staff.signature,
            number=broadcast.id,
        )
        await call.tell(plain(note))

    async def _tell_not(self, call: Call, broadcast: Broadcast) -> None:
        note = self.languages.rich(
            call.staff.language,
            "Nothing changed: broadcast № {number} is **{state}**.",
            number=broadcast.id,
            state=standing(self.languages, call.staff.language, broadcast),
        )
        await call.tell(Text(note))
