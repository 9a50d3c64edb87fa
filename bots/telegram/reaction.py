"""Tells which emoji somebody put to a message."""

from bots.telegram.fields import Record, records, string


def newest(change: Record) -> str:
    """What was put last, else what is left, empty when all was taken away; raises Odd."""
    before, now = records(change, "old_reaction"), records(change, "new_reaction")
    put = [reaction for reaction in now if reaction not in before]
    return _sign((put or now)[-1]) if now else ""


def _sign(reaction: Record) -> str:
    """A reaction as an emoji; a picture of somebody's own has none.

    https://core.telegram.org/bots/api#reactiontype
    """
    match string(reaction, "type"):
        case "emoji":
            return string(reaction, "emoji")
        case "paid":
            return "⭐"
        case _:
            return "other"
