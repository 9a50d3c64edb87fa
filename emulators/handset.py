"""A phone in somebody's hand, driven over the control path: the tool of stories and of the demo."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.05


class NotSeen(AssertionError):
    """What was to appear on the screen did not; the text shows what is there instead."""


class Handset:
    """One person's phone with one messenger (or SMS), or one member's view of a group.

    `chat` is the screen's name, see emulators.screens; `patience` is how long to wait for
    something to appear, in seconds.
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
        """Press the newest button that has the label (or a list's row, or a keyboard's key)."""
        where = await self._wait(lambda screen: _find_key(screen, label), f"a button {label!r}")
        gesture, told = where
        await self.does(gesture, **told)

    async def sees(self, fragment: str, *, anew: bool = True) -> Mapping[str, Any]:
        """Wait for a message with the fragment; with `anew` only messages not seen before count."""
        start = self._read if anew else 0

        def find(screen: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]] | None:
            for index, bubble in enumerate(screen["bubbles"][start:], start):
                if not self._is_own(bubble) and fragment in bubble["text"]:
                    return index, bubble
            return None

        index, bubble = await self._wait(find, repr(fragment))
        self._read = max(self._read, index + 1)
        return bubble

    async def sees_key(self, label: str) -> None:
        """Wait for a button with the label, wherever it appears."""
        await self._wait(lambda screen: _find_key(screen, label), f"a button {label!r}")

    async def screen(self) -> Mapping[str, Any]:
        """What is on the screen now."""
        url = f"{self._base}/_sim/screens/{self._platform}/{self._chat}"
        async with self._session.get(url) as response:
            screen: Mapping[str, Any] = await response.json()
            return screen

    def _is_own(self, bubble: Mapping[str, Any]) -> bool:
        return bool(bubble["mine"]) and not self._group

    async def _wait(self, find: Callable[[Mapping[str, Any]], T | None], what: str) -> T:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while True:
            screen = await self.screen()
            found = find(screen)
            if found is not None:
                return found
            if loop.time() > deadline:
                raise NotSeen(f"{self._who} on {self._platform} waits for {what}; {_told(screen)}")
            await asyncio.sleep(LOOK_SECONDS)


def _find_key(screen: Mapping[str, Any], label: str) -> tuple[str, dict[str, Any]] | None:
    for bubble in reversed(screen["bubbles"]):
        place = _in_rows(bubble["keys"], label)
        if place:
            return "press", {"message": bubble["id"], **place}
    place = _in_rows(screen["keyboard"], label)
    return ("tap", place) if place else None


def _in_rows(rows: list[list[dict[str, Any]]], label: str) -> dict[str, Any] | None:
    for row, keys in enumerate(rows):
        for column, key in enumerate(keys):
            if label in key["label"]:
                return {"row": row, "column": column}
            for item, inner in enumerate(key["rows"]):
                if label in inner["label"]:
                    return {"row": row, "column": column, "item": item}
    return None


def _told(screen: Mapping[str, Any]) -> str:
    last = [
        f"{'<' if bubble['mine'] else '>'} {bubble['text']!r} "
        f"{[key['label'] for row in bubble['keys'] for key in row]}"
        for bubble in screen["bubbles"][-4:]
    ]
    return "the screen shows:\n" + "\n".join(last or ["nothing"])
