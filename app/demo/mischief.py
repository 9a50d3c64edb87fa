"""What people do to a campaign: they block, deny, leave, go offline, opt out."""

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from app.demo.cast import Messenger
from app.demo.walking import handset
from emulators.world import Human


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person and the messenger they use."""

    human: Human
    messenger: Messenger


# By messenger: what every tenth person does, one after another.
_DEEDS: dict[Messenger, tuple[str, ...]] = {
    "telegram": ("block", "delete_account"),
    "vk": ("block", "privacy"),
    "whatsapp": ("offline", "block"),
}
_EVERY = 10


async def play(
    session: aiohttp.ClientSession, base: str, people: Sequence[Somebody]
) -> list[Human]:
    """Everybody's deeds; gives those who opted out, none of whom may be reached any more."""
    opted_out: list[Human] = []
    for messenger in _DEEDS:
        users = [it for it in people if it.messenger == messenger]
        for number, somebody in enumerate(users):
            await _deed(session, base, somebody, number, opted_out)
    return opted_out


async def _deed(
    session: aiohttp.ClientSession,
    base: str,
    somebody: Somebody,
    number: int,
    opted_out: list[Human],
) -> None:
    phone = handset(session, base, somebody.human, somebody.messenger)
    deeds = _DEEDS[somebody.messenger]
    turn = number % _EVERY
    if turn < len(deeds):
        await phone.does(deeds[turn])
    elif turn == _EVERY - 1:
        opted_out.append(somebody.human)
        if somebody.messenger == "whatsapp":
            await phone.does("stop_marketing")
        else:
            await phone.says("СТОП" if number % 2 else "/stop")
