"""People walk the shipped dialog on their phones, by buttons, as anybody would."""

import asyncio
from collections.abc import Iterable

import aiohttp

from app.demo.cast import Messenger, Player
from emulators.handset import Handset
from emulators.world import Human

AT_ONCE = 12


def handset(
    session: aiohttp.ClientSession, base: str, human: Human, messenger: Messenger | str
) -> Handset:
    """A person's phone with a messenger open."""
    chats = {
        "telegram": str(human.telegram),
        "vk": str(human.vk),
        "whatsapp": human.wa_id,
        "sms": human.phone,
    }
    chat = chats[messenger]
    return Handset(session, base, platform=messenger, who=human.id, chat=chat)


async def walk_all(session: aiohttp.ClientSession, base: str, players: Iterable[Player]) -> None:
    """All of them, a few at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(player: Player) -> None:
        async with free:
            await walk(session, base, player)

    await asyncio.gather(*(one(player) for player in players))


async def walk(session: aiohttp.ClientSession, base: str, player: Player) -> None:
    """One person subscribes, answers and leaves a number, or does not."""
    phone = handset(session, base, player.human, player.messenger)
    await phone.starts()
    await phone.sees("согласие на обработку")
    await phone.presses("Даю согласие")
    await phone.sees("рекламу")
    await phone.presses("Да, присылайте" if player.agrees else "Нет, спасибо")
    await phone.sees("городе")
    await phone.presses(player.city)
    await phone.sees("интересно")
    for interest in player.interests:
        await phone.presses(interest)
        await phone.sees_key(f"☑ {interest}")
    await phone.presses("Готово")
    await _phone_number(session, base, player, phone)
    await phone.sees("вы в клубе")


async def _phone_number(
    session: aiohttp.ClientSession, base: str, player: Player, phone: Handset
) -> None:
    human = player.human
    if player.messenger == "whatsapp" and not human.username_only:
        return  # the number itself is the proof
    await phone.sees("номер телефона")
    if not player.gives_phone:
        await phone.presses("Пропустить")
    elif player.messenger in ("telegram", "whatsapp"):
        await phone.does("contact")
    else:
        await phone.says(human.phone)
        sms = handset(session, base, human, "sms")
        bubble = await sms.sees("код")
        code = "".join(filter(str.isdigit, bubble["text"]))
        await phone.says(code)
