"""A phone in somebody's hand, driven over the control path: the tool of stories and of the demo."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")

Screen = Mapping[str, Any]

PATIENCE_SECONDS = 20.0


class NotSeen(AssertionError):
    """What was to appear on the screen did not; the text shows what is there instead."""


class Handset:
    """One person's phone with one messenger (or SMS), or one member's view of a group.

    `chat` is the screen's name, see emulators.screens; `patience` is how long to wait for
    something to appear, in seconds. A handset that waits holds one connection of the session,
    which has a hundred unless told otherwise.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base: str,
        *,
        platform: str,
        who: str,
        chat: str,
        group: bool = False,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._session = session
        self._base = base
        self._platform = platform
        self._who = who
        self._chat = chat
        self._group = group
        self._patience = patience
        self._read = 0

    async def does(self, gesture: str, **told: Any) -> Mapping[str, Any]:
        """Make a gesture; raises ValueError with the emulator's words when it cannot be made."""
        body = {"who": self._who, **told}
        if self._group:
            body.setdefault("chat", self._chat)
        url = f"{self._base}/_sim/{self._platform}/{gesture}"
        async with self._session.post(url, json=body) as response:
            answer: Mapping[str, Any] = await response.json()
        if "error" in answer:
            raise ValueError(f"{self._who} cannot {gesture} on {self._platform}: {answer['error']}")
        return answer

    async def starts(self, payload: str | None = None) -> None:
        """Open the dialog, by a deep link when there is a payload."""
        await self.does("start", **({"payload": payload} if payload else {}))

    async def says(self, text: str, **told: Any) -> None:
        """Type and send."""
        await self.does("say", text=text, **told)

    async def presses(self, label: str) -> None:
        """Press the newest button that has the label (or a list's row, or a keyboard's key).

        A part of the label will do where no button has all of it.
        """
        gesture, told = await self._wait(lambda screen: _find_key(screen, label), _button(label))
        await self.does(gesture, **told)

    async def sees(self, fragment: str, *, anew: bool = True) -> Mapping[str, Any]:
        """Wait for a message with the fragment; with `anew` only words not seen before count.

        What a message says after it was edited is new.
        """
        read = self._read if anew else 0

        def find(screen: Screen) -> Mapping[str, Any] | None:
            fitting = (
                bubble
                for bubble in screen["bubbles"]
                if bubble["said_in"] > read
                and not self._is_own(bubble)
                and fragment in bubble["text"]
            )
            return min(fitting, key=lambda bubble: bubble["said_in"], default=None)

        bubble = await self._wait(find, repr(fragment))
        self._read = max(self._read, bubble["said_in"])
        return bubble

    async def sees_key(self, label: str) -> None:
        """Wait for a button with the label, wherever it appears."""
        await self._wait(lambda screen: _find_key(screen, label), _button(label))

    async def screen(self) -> Screen:
        """What is on the screen now."""
        return await self._look({})

    async def _look(self, query: Mapping[str, Any]) -> Screen:
        url = f"{self._base}/_sim/screens/{self._platform}/{self._chat}"
        async with self._session.get(url, params=query) as response:
            screen: Screen = await response.json()
            return screen

    def _is_own(self, bubble: Mapping[str, Any]) -> bool:
        return bool(bubble["mine"]) and not self._group

    async def _wait(self, find: Callable[[Screen], T | None], what: str) -> T:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        screen = await self.screen()
        while (found := find(screen)) is None:
            left = deadline - loop.time()
            if left <= 0:
                raise NotSeen(f"{self._who} on {self._platform} waits for {what}; {_told(screen)}")
            screen = await self._look({"after": screen["version"], "wait": left})
        return found


def _find_key(screen: Screen, label: str) -> tuple[str, dict[str, Any]] | None:
    """The gesture that presses a key: the newest with this very label, else with a part of it."""
    part = None
    for shown, gesture, place in _keys(screen):
        if shown == label:
            return gesture, place
        if part is None and label in shown:
            part = gesture, place
    return part


def _keys(screen: Screen) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Label, gesture and place of everything that can be pressed, the newest message first."""
    for bubble in reversed(screen["bubbles"]):
        for label, place in _in_rows(bubble["keys"]):
            yield label, "press", {"message": bubble["id"], **place}
    for label, place in _in_rows(screen["keyboard"]):
        yield label, "tap", place


def _in_rows(rows: list[list[dict[str, Any]]]) -> Iterator[tuple[str, dict[str, int]]]:
    for row, keys in enumerate(rows):
        for column, key in enumerate(keys):
            place = {"row": row, "column": column}
            yield key["label"], place
            for item, inner in enumerate(key["rows"]):
                yield inner["label"], {**place, "item": item}


def _button(label: str) -> str:
    return f"a button {label!r}"


def _told(screen: Screen) -> str:
    last = [
        f"{'<' if bubble['mine'] else '>'} {bubble['text']!r} "
        f"{[key['label'] for row in bubble['keys'] for key in row]}"
        for bubble in screen["bubbles"][-4:]
    ]
    return "the screen shows:\n" + "\n".join(last or ["nothing"])
