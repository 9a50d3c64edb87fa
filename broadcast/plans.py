"""Makes a plan of what somebody wants to say: the text also as a template's one variable. Pure."""

from collections.abc import Iterable, Mapping

from broadcast.campaign import Plan
from dialogs.entries import GO
from dialogs.languages import Languages
from dialogs.parts import said_in
from dialogs.scenario import Scenario
from vestnik.address import ChannelName
from vestnik.channel import Limits
from vestnik.outbound import Button, Template, Text
from vestnik.route import Route
from vestnik.segment import Segment


def plan_for(
    segment: Segment,
    said: Text,
    route: Route,
    *,
    template: str,
    language: str,
    topic: str | None = None,
    limits: Mapping[ChannelName, Limits],
) -> Plan:
    """The plan; `template` is the name of the one to use where a channel has templates, or empty.

    A template's variable takes no line breaks (Meta, business-messaging: templates).
    """
    line = " ".join(said.body.spelled().text.split())
    carried = Template(template, language, values=(line,), text=line)
    return Plan(
        segment=segment,
        content=said,
        route=route,
        templates={name: carried for name, it in limits.items() if template and it.templates},
        topic=topic,
    )


def opening(scenario: Scenario, entries: Iterable[str], languages: Languages) -> tuple[Button, ...]:
    """The buttons that lead to these entries, in the house's language.

    One that the present scenario does not offer to broadcasts is left out.
    """
    offered, language = scenario.buttons(), languages.default
    more = languages.text(language, "Learn more")
    return tuple(
        Button(said_in(language, offered[name].label) if offered[name].label else more, GO + name)
        for name in entries
        if name in offered
    )
