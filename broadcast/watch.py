"""Watches over what goes out: a broadcast that is refused pauses, and staff hear of ill lanes."""

from dataclasses import dataclass

from broadcast import campaign
from broadcast.reasons import reason
from broadcast.wording import brand, plain
from delivery.outbox import post
from delivery.refusals import MOST_REFUSED
from dialogs.languages import Languages
from storage.database import Database
from storage.lanes import Trouble
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane

ACTOR = "vestnik"
"""Who it was, in the staff log."""

ALARM_OPENINGS = 5
"""Staff hear of a lane whose breaker opened so often in a row, after half a minute of rests (2, 4,
8 and 16 s); what passes sooner is nothing to act on. An account that cannot send begins above."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The chore that looks; it tells the admin chat, where there is one."""

    database: Database
    languages: Languages
    admin_chat: Address | None

    async def look(self) -> float | None:
        """Pause what is refused, tell what is ill; there is nothing more until the next wake."""
        async with self.database.read() as work:
            refused = await work.broadcasts.refused(MOST_REFUSED)
            troubles = await work.lanes.troubles() if self.admin_chat else []
        for number in refused:
            async with self.database.begin() as work:
                await self._pause(work, number)
        for trouble in troubles:
            if is_ill(trouble) != (trouble.alarmed_at is not None):
                async with self.database.begin() as work:
                    await self._alarm(work, trouble)
        return None

    async def _pause(self, work: UnitOfWork, number: int) -> None:
        refusals = await work.reports.refusals(number)
        count, most = sum(refusals.values()), max(refusals, key=refusals.__getitem__, default="")
        text = self.languages.text
        why = text(
            None,
            "{refusals}, most often: {why}",
            refusals=self.languages.plural(None, "{count} refusal", "{count} refusals", count),
            why=reason(self.languages, None, most),
        )
        if not await campaign.pause(work, number, ACTOR, why):
            return
        note = text(
            None,
            "⏸ Broadcast № {number} has paused itself: {why}. "
            "/resume {number} goes on all the same, /cancel {number} ends it.",
            number=number,
            why=why,
        )
        await self._tell(work, note, broadcast=number)

    async def _alarm(self, work: UnitOfWork, trouble: Trouble) -> None:
        ill, text = is_ill(trouble), self.languages.text
        if not await work.lanes.alarm(trouble, on=ill):
            return
        why = reason(self.languages, None, trouble.why or trouble.bulk_why or "")
        note = text(None, "✅ {channel} sends again.", channel=_named(trouble.lane))
        if ill and trouble.why:
            note = text(
                None,
                "⚠️ {channel} does not send: {why}. Everything waits and nobody is lost; "
                "it is tried again every few minutes.",
                channel=_named(trouble.lane),
                why=why,
            )
        elif ill:
            note = text(
                None,
                "⚠️ {channel} takes no broadcasts from us for now: {why}. They wait and go on by "
                "themselves; answers go out.",
                channel=_named(trouble.lane),
                why=why,
            )
        await self._tell(work, note, lane=str(trouble.lane))

    async def _tell(self, work: UnitOfWork, note: str, **ground: object) -> None:
        if self.admin_chat is not None:
            await post(work, self.admin_chat, plain(note), ground=ground)


def is_ill(trouble: Trouble) -> bool:
    """Whether staff have to know; a lane they know of is ill until it is all well again."""
    known = trouble.alarmed_at is not None and trouble.openings > 0
    return known or trouble.openings >= ALARM_OPENINGS or trouble.bulk_why is not None


def _named(lane: Lane) -> str:
    return (
        brand(lane.channel) if lane.account == "main" else f"{brand(lane.channel)} {lane.account}"
    )
