"""What the wizard has to know of the house and of the ledger: counts, answers, limits, the plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcast import preview
from broadcast.campaign import Plan, unfit_for
from broadcast.forecast import foresee
from broadcast.plans import opening, plan_for
from broadcast.preview import Preview
from broadcast.screens import Screens
from broadcast.wizard import MOST_VALUES, Draft
from broadcast.wording import brand
from dialogs.languages import Languages
from dialogs.scenario import Scenario
from dialogs.shelf import Shelf
from storage.unit_of_work import UnitOfWork
from vestnik.address import ChannelName, Lane
from vestnik.channel import Limits
from vestnik.outbound import Text
from vestnik.route import Route


@dataclass(frozen=True, slots=True)
class Studio:
    """Where broadcasts are made; `template` is the name of the one to offer, empty for none."""

    languages: Languages
    shelf: Shelf
    limits: Mapping[Lane, Limits]
    route: Route
    template: str

    @property
    def scenario(self) -> Scenario:
        """The scenario whose answers people are chosen by."""
        return self.shelf.current

    def screens(self, language: str | None) -> Screens:
        """The wizard's words."""
        return Screens(self.languages, language, self.scenario)

    @property
    def offered_template(self) -> str:
        """The template to offer: none where no channel takes one."""
        return self.template if self._templated else ""

    def plan(self, draft: Draft) -> Plan:
        """What the draft comes to; raises ValueError for one without a text."""
        if draft.body is None:
            raise ValueError("a draft without a text is no plan")
        return plan_for(
            draft.segment,
            Text(
                draft.body,
                opening(self.scenario, draft.opens, self.languages),
                media=draft.media,
            ),
            self.route,
            template=draft.template,
            language=self.languages.default,
            topic=draft.topic or None,
            limits=self._by_channel,
        )

    def problems(self, draft: Draft, language: str | None) -> tuple[str, ...]:
        """Channels that cannot carry the text, in words."""
        plan, by_channel = self.plan(draft), self._by_channel
        unfit = unfit_for(plan, by_channel)
        return preview.problems(self.screens(language), plan, unfit, by_channel)

    async def values(self, work: UnitOfWork, draft: Draft) -> dict[str, int]:
        """The answers to the draft's question, counted among those whom the rest matches."""
        found = await work.audiences.answer_values(draft.question, MOST_VALUES, draft.others)
        return dict(found)

    async def screen(
        self, work: UnitOfWork, draft: Draft, language: str | None, *, in_group: bool
    ) -> Text:
        """What the wizard says where the draft stands, the preview aside."""
        screens = self.screens(language)
        if draft.body is None or draft.stage == "text":
            return screens.ask_text(draft, in_group=in_group)
        count = await work.audiences.reach(draft.segment)
        if draft.stage == "values":
            return screens.values(draft, await self.values(work, draft), count)
        if draft.stage == "template":
            where = ", ".join(map(brand, self._templated))
            return screens.template(draft, self.template, where, count)
        return screens.audience(draft, count, self.problems(draft, language))

    async def preview(self, work: UnitOfWork, draft: Draft, language: str | None) -> Preview:
        """All that is known of a finished draft before it is sent."""
        plan = self.plan(draft)
        return Preview(
            draft=draft,
            plan=plan,
            count=await work.audiences.reach(plan.segment),
            forecast=await foresee(work, plan, self.limits),
            problems=self.problems(draft, language),
        )

    @property
    def _by_channel(self) -> dict[ChannelName, Limits]:
        return {lane.channel: limits for lane, limits in self.limits.items()}

    @property
    def _templated(self) -> list[ChannelName]:
        return [name for name, limits in self._by_channel.items() if limits.templates]
