"""The demo's people: a few with whom one can play, and a crowd that was there before."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.demo.stage import MARKETER, OPERATOR
from emulators.world import Human, World

Messenger = Literal["telegram", "vk", "whatsapp"]
MESSENGERS: tuple[Messenger, ...] = ("telegram", "vk", "whatsapp")

CITIES = ("Москва", "Санкт-Петербург", "Казань", "Екатеринбург", "Самара")
INTERESTS = ("Кофе", "Чай", "Завтраки", "Десерты", "Зёрна домой", "Мастер-классы")

_NAMES = (
    "Анна Белова",
    "Борис Громов",
    "Вера Дёмина",
    "Глеб Егоров",
    "Дарья Зимина",
    "Егор Климов",
    "Жанна Лебедева",
    "Захар Миронов",
    "Ирина Носова",
    "Кирилл Орлов",
    "Лидия Панова",
    "Максим Рябов",
    "Нина Седова",
    "Олег Тихонов",
    "Полина Уварова",
    "Роман Фомин",
    "Софья Храмова",
    "Тимур Цветков",
    "Ульяна Чернова",
    "Фёдор Шилов",
    "Эмма Щукина",
    "Юрий Яковлев",
)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who walks the whole dialog on one messenger."""

    human: Human
    messenger: Messenger
    city: str
    interests: tuple[str, ...]
    agrees: bool = True
    gives_phone: bool = True


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of the crowd: loaded with consents, without having walked the dialog."""

    human: Human
    messenger: Messenger
    city: str
    interests: tuple[str, ...]
    agreed: bool
    has_phone: bool


def staff(world: World) -> None:
    """Those who type in the staff chats."""
    for number, (name, title) in enumerate(
        (("marina", "Марина (маркетинг)"), ("oleg", "Олег (оператор)"))
    ):
        telegram = MARKETER if name == "marina" else OPERATOR
        world.add(_human(name, title, 900 + number, telegram=telegram))


def players(world: World, count: int) -> list[Player]:
    """So many people on each messenger; every sixth refuses advertising, every fifth the phone."""
    chance = random.Random(7)  # noqa: S311 - the same cast in every demo
    made = []
    for number in range(count * len(MESSENGERS)):
        messenger = MESSENGERS[number % len(MESSENGERS)]
        row = number // len(MESSENGERS)
        human = _human(f"p{number:03}", _name(number), number)
        # Some of WhatsApp's people hide their number behind a user name.
        human.username_only = messenger == "whatsapp" and row % 4 == 3
        world.add(human)
        made.append(
            Player(
                human=human,
                messenger=messenger,
                city=CITIES[row % len(CITIES)],
                interests=tuple(chance.sample(INTERESTS, k=1 + row % 2)),
                agrees=row % 6 != 5,
                gives_phone=row % 5 != 4,
            )
        )
    return made


def crowd(world: World, count: int) -> Iterator[Resident]:
    """Those who were there before: most agreed to advertising, most left a number."""
    chance = random.Random(11)  # noqa: S311 - the same crowd in every demo
    for number in range(count):
        human = _human(f"r{number:06}", _name(number), 10_000 + number, cast=False)
        world.add(human)
        yield Resident(
            human=human,
            messenger=MESSENGERS[number % len(MESSENGERS)],
            city=chance.choice(CITIES),
            interests=tuple(chance.sample(INTERESTS, k=2)),
            agreed=chance.random() < 0.85,
            has_phone=chance.random() < 0.8,
        )


def _name(number: int) -> str:
    name = _NAMES[number % len(_NAMES)]
    lap = number // len(_NAMES)
    return f"{name} {lap + 1}" if lap else name


def _human(
    key: str, name: str, number: int, *, telegram: int | None = None, cast: bool = True
) -> Human:
    return Human(
        id=key,
        name=name,
        phone=f"+7916{number:07}",
        telegram=telegram or 500_000 + number,
        vk=700_000 + number,
        bsuid=f"RU.{number:012}",
        cast=cast,
    )
