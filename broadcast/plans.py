"""Makes a plan of what somebody wants to say: the text also as a template's one variable. Pure."""

from collections.abc import Mapping

from broadcast.campaign import Plan
from vestnik.address import ChannelName
from vestnik.channel import Limits
from vestnik.outbound import Template, Text
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
