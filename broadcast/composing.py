"""Leads a member of staff through the wizard, and stores how far they came."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from broadcast import campaign, wizard
from broadcast.asking import looks_like_query, mistaken
from broadcast.call import Call
from broadcast.commands import is_slash, payload
from broadcast.confirmation import PURPOSE, Confirmation
from broadcast.preview import shown
from broadcast.studio import Studio
from broadcast.wizard import Choice, Draft, Facts
from broadcast.wording import plain
from dialogs.markup import parse
from dialogs.query.mistakes import Mistake
from dialogs.query.reading import parse as parse_query
from dialogs.questions import Option, chosen
from dialogs.wording import folded
from vestnik.inbound import ButtonPressed, MediaReceived, TextReceived
from vestnik.outbound import Button, Media, MediaKind, Text
from vestnik.record import Malformed, decode, encode

ILLUSTRATIONS: frozenset[MediaKind] = frozenset(("image", "video"))


@dataclass(frozen=True, slots=True)
class Composer:
    """The wizard's talk with one person in one chat."""

    studio: Studio

    async def begin(self, call: Call, typed: str) -> None:
        """Start a draft in place of the one there may be; the text may be given at once."""
        before = await draft_of(call)
        if before is not None and before.broadcast_id is not None:
            await campaign.discard(call.work, before.broadcast_id, call.staff.actor)
        draft = Draft(serial=format(call.event.id, "x"), touched_at=call.work.now)
        if typed:
            await self._write(call, draft, typed)
        else:
            await self._go(call, draft)

    async def press(self, call: Call, argument: str) -> None:
        """A button of a draft was pressed."""
        serial, _, choice = argument.partition(":")
        draft = await draft_of(call)
        if draft is None or draft.serial != serial:
            await self._tell_old(call)
        elif choice == Choice.DROP:
            await self.drop(call)
        else:
            await self._choose(call, draft, choice)

    async def hear(self, call: Call) -> bool:
        """Plain talk: the text of the draft, or an answer typed instead of pressed."""
        inbound = call.inbound
        draft = await draft_of(call)
        if draft is None or isinstance(inbound, ButtonPressed) or is_slash(inbound):
            return False
        typed = inbound.text.strip() if isinstance(inbound, TextReceived) else ""
        if draft.stage != "text":
            await self._answer(call, draft, typed)
        elif isinstance(inbound, MediaReceived):
            await self._illustrate(call, draft, inbound)
        elif not typed:
            text = self.studio.languages.text
            await call.tell(plain(text(call.staff.language, "Please write the text.")))
        else:
            await self._write(call, draft, typed)
        return True

    async def drop(self, call: Call) -> bool:
        """Give the draft up; false when there is none."""
        draft = await draft_of(call)
        if draft is None:
            return False
        if await self._void(call, draft):
            await call.work.drafts.drop(call.owner)
            text = self.studio.languages.text
            await call.tell(plain(text(call.staff.language, "Given up; nothing was sent.")))
        return True

    async def preview_again(self, call: Call) -> None:
        """Another preview, for somebody whose own draft is there and was not started."""
        draft = await draft_of(call)
        if draft is not None and draft.stage == "preview" and await self._void(call, draft):
            await self._preview(call, draft)

    async def _preview(self, call: Call, draft: Draft) -> None:
        """Show all about the draft, with a button that sends exactly this, once.

        The campaign's row is its draft from now on; any change makes another one.
        """
        work, language = call.work, call.staff.language
        plan = self.studio.plan(draft)
        number = await campaign.draft(work, plan, call.staff.actor)
        draft = replace(draft, stage="preview", broadcast_id=number)
        await self._keep(call, draft)
        seen = await self.studio.preview(work, draft, language)
        nonce = ""
        if seen.sendable:
            bound = Confirmation(number, plan.fingerprint, seen.count.total)
            nonce = await work.drafts.new_nonce(PURPOSE, bound.subject)
        await call.tell(*shown(self.studio.screens(language), seen, nonce))

    async def _illustrate(self, call: Call, draft: Draft, shown: MediaReceived) -> None:
        """A picture with the text as its caption; the channels fetch it when they first need it."""
        caption, text = shown.caption.strip(), self.studio.languages.text
        if shown.kind not in ILLUSTRATIONS or shown.media_id is None:
            note = text(call.staff.language, "Pictures and videos can be sent, nothing else.")
            await call.tell(plain(note))
        elif not caption:
            note = text(
                call.staff.language,
                "Please send it once more with the text as its caption: SMS shows only that.",
            )
            await call.tell(plain(note))
        else:
            key = await call.work.files.refer(call.event.lane, shown.media_id)
            await self._write(call, draft, caption, (Media(shown.kind, file=key),))

    async def _write(
        self, call: Call, draft: Draft, typed: str, media: tuple[Media, ...] = ()
    ) -> None:
        draft = wizard.written(draft, parse(typed), media)
        if draft.stage != "preview" and draft.body is not None:
            await call.tell(Text(draft.body, media=draft.media))
        await self._go(call, draft)

    async def _choose(self, call: Call, draft: Draft, choice: str) -> None:
        question = wizard.asked_for(choice)
        values: Mapping[str, int] = {}
        if question is not None:
            values = await self.studio.values(call.work, replace(draft, question=question))
        facts = Facts(
            template=self.studio.offered_template,
            topics=self.studio.scenario.topics,
            values=tuple(values),
        )
        moved = wizard.pressed(draft, choice, facts)
        if moved is None:
            await self._tell_old(call)
        elif await self._void(call, draft):
            await self._go(call, moved, redraws=choice.startswith(Choice.TICK))

    async def _answer(self, call: Call, draft: Draft, typed: str) -> None:
        """A label or number of the buttons, or a query where people are chosen.

        Other talk is hinted at where nobody else talks.
        """
        options: tuple[Option, ...] = ()
        if draft.stage != "preview":
            options = tuple(_options(await self._screen(call, draft)))
        meant = chosen(typed, options)
        if meant is not None:
            await self.press(call, meant.removeprefix(payload("draft", "")))
        elif draft.stage in ("audience", "values") and await self._query(call, draft, typed):
            return
        elif not call.inbound.in_group:
            await call.tell(self.studio.screens(call.staff.language).hint())

    async def _query(self, call: Call, draft: Draft, typed: str) -> bool:
        """Take the people whom a query means; false where it is none."""
        try:
            segment = parse_query(typed)
        except Mistake as mistake:
            if not looks_like_query(typed):
                return False
            screens = self.studio.screens(call.staff.language)
            await call.tell(mistaken(screens, typed, mistake))
            return True
        await self._go(call, wizard.queried(draft, segment))
        return True

    async def _go(self, call: Call, draft: Draft, *, redraws: bool = False) -> None:
        """On to where the draft stands now; `redraws` puts it in the pressed message's place."""
        if draft.stage == "preview":
            await self._preview(call, draft)
            return
        await self._keep(call, draft)
        screen = await self._screen(call, draft)
        if redraws and isinstance(call.inbound, ButtonPressed):
            await call.show_instead(screen)
        else:
            await call.tell(screen)

    async def _keep(self, call: Call, draft: Draft) -> None:
        touched = replace(draft, touched_at=call.work.now)
        await call.work.drafts.put(call.owner, encode(touched))

    async def _screen(self, call: Call, draft: Draft) -> Text:
        in_group = call.inbound.in_group
        return await self.studio.screen(call.work, draft, call.staff.language, in_group=in_group)

    async def _void(self, call: Call, draft: Draft) -> bool:
        """Void what was previewed; false when it is no draft any more, which ends the wizard."""
        number = draft.broadcast_id
        if number is None or await campaign.discard(call.work, number, call.staff.actor):
            return True
        await call.work.drafts.drop(call.owner)
        note = self.studio.languages.text(
            call.staff.language,
            "№ {number} is no draft any more: /report {number}. /broadcast starts a new one.",
            number=number,
        )
        await call.tell(plain(note))
        return False

    async def _tell_old(self, call: Call) -> None:
        note = self.studio.languages.text(
            call.staff.language,
            "This button is not of a draft of yours. /broadcast starts a new one.",
        )
        await call.tell(plain(note))


async def draft_of(call: Call) -> Draft | None:
    """The draft that the person has under way in this chat."""
    stored = await call.work.drafts.get(call.owner)
    try:
        draft: Draft | None = None if stored is None else decode(Draft, stored)
    except Malformed:  # written by another version of Vestnik
        return None
    return None if draft is None or draft.expired(call.work.now) else draft


def _options(screen: Text) -> list[Option]:
    buttons = [button for button in screen.buttons if isinstance(button, Button)]
    return [Option(it.payload, it.label, frozenset({folded(it.label)})) for it in buttons]
