"""Starts a campaign by the button of its preview: once, by one of them, as it was shown."""

from dataclasses import dataclass

from broadcast import campaign, confirmation
from broadcast.call import Call
from broadcast.composing import Composer, draft_of
from broadcast.confirmation import PURPOSE, Confirmation
from broadcast.reporting import progress
from broadcast.wording import people, plain
from dialogs.languages import Languages
from storage.broadcasts import Broadcast


@dataclass(frozen=True, slots=True)
class Starter:
    """Who presses first starts it, the others are told who that was."""

    languages: Languages
    composer: Composer

    async def press(self, call: Call, nonce: str) -> None:
        """The button that sends was pressed."""
        use, subject = await call.work.drafts.use_nonce(nonce, PURPOSE, call.staff.signature)
        if use == "unknown":
            await self._tell_outdated(call)
            return
        confirmed = confirmation.read(subject)
        broadcast = await call.work.broadcasts.get(confirmed.number)
        if broadcast is None:
            await self._tell_outdated(call)
        elif broadcast.started_at is not None:
            starter = await call.work.drafts.user_of(nonce) if use == "used" else ""
            await self._tell_started(call, broadcast, starter)
        elif use == "used":
            await self._tell_outdated(call)
        else:
            await self._start(call, broadcast, confirmed)

    async def _start(self, call: Call, broadcast: Broadcast, confirmed: Confirmation) -> None:
        count = await call.work.audiences.count(broadcast.segment)
        if confirmed.outgrown_by(count):
            await self._tell_outgrown(call, confirmed.people, count)
            return
        actor, seen = call.staff.actor, confirmed.fingerprint
        if await campaign.start(call.work, broadcast.id, actor, seen=seen) == "started":
            await self._started(call, broadcast.id)
        else:
            await self._tell_outdated(call)

    async def _started(self, call: Call, number: int) -> None:
        """Show the progress, in the message that is edited from now on."""
        work = call.work
        draft = await draft_of(call)
        if draft is not None and draft.broadcast_id == number:
            await work.drafts.drop(call.owner)
        broadcast = await work.broadcasts.get(number)
        if broadcast is None:
            raise AssertionError("a campaign that was started is there")
        note = self.languages.text(
            None,
            "🚀 {name} starts broadcast № {number}: {people}.",
            name=call.staff.signature,
            number=number,
            people=people(self.languages, None, broadcast.audience or 0),
        )
        text = progress(self.languages, None, broadcast, await work.reports.of(number))
        delivery_id = await call.tell(plain(note), text)
        await work.broadcasts.note(number, progress_id=delivery_id, progress_text=text.body.text)

    async def _tell_started(self, call: Call, broadcast: Broadcast, starter: str) -> None:
        note = self.languages.text(
            call.staff.language,
            "Broadcast № {number} was started already, by {name}. It is sent once only.",
            number=broadcast.id,
            name=starter or broadcast.confirmed_by or "?",
        )
        await call.tell(plain(note))

    async def _tell_outgrown(self, call: Call, shown: int, now: int) -> None:
        note = self.languages.text(
            call.staff.language,
            "Not sent: the audience was {shown} in the preview and is {now} now.",
            shown=shown,
            now=now,
        )
        await call.tell(plain(note))
        await self.composer.preview_again(call)

    async def _tell_outdated(self, call: Call) -> None:
        note = self.languages.text(
            call.staff.language,
            "Not sent: this preview does not count any more. Please look at a new one.",
        )
        await call.tell(plain(note))
        await self.composer.preview_again(call)
