"""What a provider says of our templates and our account: staff are told, campaigns wait."""

from dataclasses import dataclass, replace
from typing import Any

from broadcast import campaign
from broadcast.wording import brand, plain
from delivery import hints
from delivery.outbox import post
from dialogs.languages import Languages
from storage.inbox import Event
from storage.unit_of_work import UnitOfWork
from vestnik.abilities import TemplateInfo
from vestnik.address import Address, Lane
from vestnik.inbound import AccountChanged, TemplateChanged

REST_SECONDS = 15 * 60.0
"""How long a lane rests whose account the provider has stopped, before it is tried again."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Tells the admin chat, where there is one."""

    languages: Languages
    admin_chat: Address | None

    async def hear(
        self, work: UnitOfWork, event: Event, told: TemplateChanged | AccountChanged
    ) -> None:
        """A notice that came by webhook; what it leaves out is asked for after it."""
        ground = {"event": event.id}
        work.hints.add(hints.CATALOGUE)
        if isinstance(told, AccountChanged):
            await self._account(work, event.lane, told, ground)
            return
        before = await work.templates.get(event.lane, told.name, told.language)
        known = before or TemplateInfo(told.name, told.language, "", "APPROVED", "", 0)
        after = replace(
            known,
            status=told.status or known.status,
            category=told.category or known.category,
        )
        if before is not None:
            await work.templates.put(event.lane, after)
        await self.template(work, event.lane, known, after, ground=ground, why=told.why)

    async def template(
        self,
        work: UnitOfWork,
        lane: Lane,
        before: TemplateInfo,
        after: TemplateInfo,
        *,
        ground: dict[str, Any],
        why: str = "",
    ) -> None:
        """A template is another one now: campaigns that use it wait when it cannot go on so.

        That it can be used again is told too; whoever paused for it resumes by hand.
        """
        stopped, back = before.usable and not after.usable, after.usable and not before.usable
        dearer = bool(before.category) and before.category != after.category
        if not (stopped or back or dearer or why):
            return
        text = self.languages.text
        what = text(None, "it is {status} now", status=after.status)
        if dearer:
            what = text(None, "its category is {category} now", category=after.category)
        said = text(
            None,
            "{channel}, template {name} ({language}): {what}. {why}",
            channel=brand(lane.channel),
            name=after.name,
            language=after.language,
            what=what,
            why=why,
        )
        await self._tell(work, said.strip(), ground)
        reason = text(None, "template {name}: {what}", name=after.name, what=what)
        paused = await _pause_users(work, lane, after, reason) if stopped or dearer else []
        for number in paused:
            note = text(
                None,
                "⏸ Broadcast № {number} waits for it. /resume {number} goes on all the same.",
                number=number,
            )
            await self._tell(work, note, ground)

    async def _account(
        self, work: UnitOfWork, lane: Lane, told: AccountChanged, ground: dict[str, Any]
    ) -> None:
        if told.stops:
            bulk = told.stops == "broadcasts"
            told_here = self.admin_chat is not None
            await work.lanes.stop(lane, REST_SECONDS, told.what, bulk=bulk, told=told_here)
        note = self.languages.text(
            None,
            "{channel} says of our account: {what}.",
            channel=brand(lane.channel),
            what=told.what,
        )
        await self._tell(work, note, ground)

    async def _tell(self, work: UnitOfWork, note: str, ground: dict[str, Any]) -> None:
        if self.admin_chat is not None:
            await post(work, self.admin_chat, plain(note), ground=ground)


async def _pause_users(
    work: UnitOfWork, lane: Lane, template: TemplateInfo, reason: str
) -> list[int]:
    """The numbers of the campaigns that were sending by the template and wait now."""
    paused = []
    for running in await work.broadcasts.under_way():
        used = running.templates.get(lane.channel)
        if used is None or (used.name, used.language) != (template.name, template.language):
            continue
        if await campaign.pause(work, running.id, f"provider:{lane.channel}", reason):
            paused.append(running.id)
    return paused
