"""Names of chores: a hint says that one of them has something to do; losing it costs a delay."""

from vestnik.address import ChannelName, Lane

READ = "read"
HANDLE = "handle"
ROUTE = "route"
WAITS = "waits"
PROGRESS = "progress"
CATALOGUE = "catalogue"
REMIND = "remind"
CONTINUE = "continue"
CALL = "call"
WATCH = "watch"
AUDIT = "audit"
_LANE = "lane:"


def of_lane(lane: Lane) -> str:
    """The chore that sends on a lane."""
    return f"{_LANE}{lane}"


def lane_of(hint: str) -> Lane | None:
    """The lane of such a chore; None for the others."""
    if not hint.startswith(_LANE):
        return None
    channel, _, account = hint.removeprefix(_LANE).partition(":")
    return Lane(ChannelName(channel), account)
