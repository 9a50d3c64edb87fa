"""Real processes of ours: started as a process manager starts them, and ended as fate does."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.02

# They are forked from a server that has imported everything: that takes five seconds, and nothing
# of ours happens at import.
NURSERY = get_context("forkserver")
IMPORTED = (
    "app.starting",
    "app.inspection",
    "bots.telegram.channel",
    "bots.vk.channel",
    "bots.whatsapp.channel",
    "fallback.gateways.smsc.channel",
)


class Process:
    """`vestnik ROLE`. Its log goes to a file, since a full pipe would stop it."""

    def __init__(self, role: str, environment: Mapping[str, str], log: Path, *options: str) -> None:
        self.role = role
        self.environment = environment
        self._log = log
        self._options = options
        self._process: BaseProcess | None = None

    @property
    def lives(self) -> bool:
        """Whether it was started and has not ended; a stopped one lives."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int:
        """Its number, which is part of the name that it claims under."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def told(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    async def start(self) -> None:
        """Start it; what it does next, it tells in its log."""
        NURSERY.set_forkserver_preload(list(IMPORTED))
        command = (self.role, *self._options)
        self._process = NURSERY.Process(
            target=_live, args=(command, dict(self.environment), self._log), daemon=True
        )
        await asyncio.to_thread(self._process.start)

    async def tells(self, words: str, within: float = PATIENCE_SECONDS) -> None:
        """Wait until its log holds these words."""
        await until(lambda: words in self.told or not self.lives, self._why(words), within)
        assert words in self.told, self._why(words)()

    def signal(self, number: signal.Signals) -> None:
        """SIGSTOP and SIGCONT too."""
        os.kill(self.pid, number)

    async def kill(self) -> None:
        """`kill -9`, and wait until it is dead."""
        if self.lives:
            self.signal(signal.SIGKILL)
            await self.ended()

    async def ended(self, within: float = PATIENCE_SECONDS) -> int:
        """Its exit code."""
        await until(lambda: not self.lives, self._why("its end"), within)
        assert self._process is not None
        assert self._process.exitcode is not None
        return self._process.exitcode

    def _why(self, words: str) -> Callable[[], str]:
        return lambda: f"{self.role} did not tell {words!r}:\n{self.told[-3000:]}"


def _live(command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
    """All that the process does."""
    os.chdir(log.parent)
    os.environ.clear()
    os.environ.update(environment)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(told, stream.fileno())
    sys.argv = ["vestnik", *command]
    from app.cli import main  # noqa: PLC0415 - here, where the nursery has it already

    main()


async def until(
    holds: Callable[[], bool | Awaitable[bool]],
    otherwise: Callable[[], str] = lambda: "",
    within: float = PATIENCE_SECONDS,
) -> None:
    """Look until it holds; raises NotYet with what `otherwise` says when it does not in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while True:
        seen = holds()
        if seen if isinstance(seen, bool) else await seen:
            return
        if loop.time() > deadline:
            raise NotYet(otherwise() or f"not after {within:g} s")
        await asyncio.sleep(LOOK_SECONDS)


class NotYet(AssertionError):
    """What was waited for did not come true."""
