"""A platform that plays a small script, so that the page is tested apart from the emulators."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from aiohttp import web

from emulators.screens import Bubble, Key, Screen
from emulators.world import Gesture, Group, Human, Refused, World

ADMIN_CHAT = "-1001"
OPERATORS_CHAT = "-1002"
SHOP = "Кофейня «Зерно»"
QUESTIONS = "Какой кофе вы любите?"


def human(number: int, name: str, *, cast: bool = True) -> Human:
    """Somebody with phones; the number makes all handles."""
    return Human(
        id=f"p{number}",
        name=name,
        phone=f"+7900000{number:04d}",
        telegram=100_000 + number,
        vk=200_000 + number,
        bsuid=f"RU.{number}",
        username=f"person{number}",
        cast=cast,
    )


def chat_of(platform: str, who: Human) -> str:
    """The private chat's id, as the emulators name it."""
    handles = {
        "telegram": str(who.telegram),
        "vk": str(who.vk),
        "whatsapp": who.wa_id,
        "sms": who.phone,
    }
    return handles[platform]


def small_world() -> World:
    """Two customers, two of the staff, one stranger without a phone on the page."""
    world = World()
    for number, name in enumerate(("Анна Белова", "Борис <b>Жирный</b>", "Вера Админ", "Глеб"), 1):
        world.add(human(number, name))
    world.add(human(9, "Никто Невидимый", cast=False))
    world.groups.append(Group("telegram", ADMIN_CHAT, "Маркетинг", "admin", ("p3", "p4")))
    world.groups.append(Group("telegram", OPERATORS_CHAT, "Поддержка", "operators", ("p4",)))
    world.notice = "Всё на этой странице ненастоящее: напишите /help в админ-чате"
    return world


class Scripted:
    """Greets on start, echoes what is said, remembers every gesture in `made`."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.made: list[tuple[str, dict[str, Any]]] = []
        self._world = world
        self._numbers = count(1)
        self._blocked: set[str] = set()
        self.gestures: Mapping[str, Gesture] = {
            "start": self._start,
            "say": self._say,
            "press": self._press,
            "tap": self._tap,
            "block": self._block,
            "deny": self._block,
            "offline": self._offline,
            "contact": self._contact,
        }

    def api(self) -> web.Application:
        """No public API: the script writes on the screens itself."""
        return web.Application()

    async def start(self) -> None:
        """Nothing to deliver."""

    async def stop(self) -> None:
        """Nothing to stop."""

    def screen(self, who: Human) -> Screen:
        """What the person sees here."""
        return self._world.screens.of(self.name, chat_of(self.name, who))

    def bot_says(self, chat: str, text: str, **more: Any) -> Bubble:
        """The business writes: on the screen and on the ticker."""
        reference = self._world.accept(
            platform=self.name, to=chat, kind="text", text=text, reference=str(next(self._numbers))
        )
        return self._show(chat, text, author=SHOP, author_id="bot", id=reference, **more)

    def moves(self, chat: str, bubble: Bubble, status: Any, why: str = "") -> None:
        """A report comes in: ticks on the bubble, state on the ticker."""
        bubble.status = status
        self._world.screens.change(self.name, chat, bubble)
        self._world.report(platform=self.name, reference=bubble.id, status=status, to=chat, why=why)

    def _show(self, chat: str, text: str, **more: Any) -> Bubble:
        more.setdefault("id", str(next(self._numbers)))
        bubble = Bubble(text=text, at=self._world.clock.now(), **more)
        self._world.screens.show(self.name, chat, bubble)
        return bubble

    def _take(self, gesture: str, told: Mapping[str, Any]) -> tuple[Human, str]:
        self.made.append((gesture, dict(told)))
        who = self._world.human(told)
        return who, str(told.get("chat") or chat_of(self.name, who))

    async def _start(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        who, chat = self._take("start", told)
        self._show(chat, "/start", mine=True, author=who.name, author_id=who.id, status="read")
        self.bot_says(
            chat,
            f"Здравствуйте, {who.name}! {QUESTIONS}",
            spans=[{"offset": 0, "length": 12, "style": "bold"}],
            keys=[
                [Key("Эспрессо"), Key("Капучино")],
                [Key("Ещё", kind="list", rows=[Key("Раф", description="со сливками"), Key("Чай")])],
                [Key("Меню", kind="link", url="https://example.org/menu")],
            ],
        )
        self._world.screens.keyboard(self.name, chat, [[Key("Настройки"), Key("Помощь")]])
        return {}

    async def _say(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        who, chat = self._take("say", told)
        if chat in self._blocked:
            raise Refused("Вы заблокировали этого бота")
        text = str(told["text"])
        self._show(
            chat,
            text,
            mine=not chat.startswith("-"),
            author=who.name,
            author_id=who.id,
            status="sent",
            reply_to=told.get("reply_to"),
        )
        self.bot_says(chat, f"Эхо: {text}")
        return {}

    async def _press(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        _, chat = self._take("press", told)
        bubble = self._world.screens.find(self.name, chat, told["message"])
        if bubble is None:
            raise Refused("Этого сообщения уже нет")
        key = bubble.keys[told["row"]][told["column"]]
        chosen = key.rows[told["item"]] if key.kind == "list" else key
        bubble.text, bubble.keys, bubble.edited = f"Вы выбрали: {chosen.label}", [], True
        bubble.spans = []
        self._world.screens.change(self.name, chat, bubble)
        self._world.screens.toast(self.name, chat, "Записали")
        return {}

    async def _tap(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        who, chat = self._take("tap", told)
        key = self._world.screens.of(self.name, chat).keyboard[told["row"]][told["column"]]
        return await self._say({"who": who.id, "text": key.label, "chat": chat})

    async def _block(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        _, chat = self._take("block", told)
        self._blocked.add(chat)
        self._world.screens.note(self.name, chat, "бот заблокирован")
        return {}

    async def _offline(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        _, chat = self._take("offline", told)
        self._world.screens.note(self.name, chat, "не в сети")
        return {}

    async def _contact(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        who, chat = self._take("contact", told)
        self._show(chat, who.phone, mine=True, author=who.name, author_id=who.id)
        return {}
