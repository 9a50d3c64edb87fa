"""Real processes of ours: started as a process manager starts them, and ended as fate does."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.02


class Process:
    """`python -m app ROLE`. Its log goes to a file, since a full pipe would stop it."""

    def __init__(self, role: str, environment: Mapping[str, str], log: Path, *options: str) -> None:
        self.role = role
        self.environment = environment
        self._log = log
        self._options = options
        self._process: asyncio.subprocess.Process | None = None

    @property
    def lives(self) -> bool:
        """Whether it was started and has not ended; a stopped one lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its number, which is part of the name that it claims under."""
        assert self._process is not None
        return self._process.pid

    @property
    def told(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    async def start(self) -> None:
        """Start it; what it does next, it tells in its log."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app", self.role, *self._options),
                cwd=self._log.parent,
                env={**self.environment, "PYTHONPATH": str(ROOT)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def tells(self, words: str, within: float = PATIENCE_SECONDS) -> None:
        """Wait until its log holds these words."""
        await until(lambda: words in self.told or not self.lives, self._why(words), within)
        assert words in self.told, self._why(words)()

    def signal(self, number: signal.Signals) -> None:
        """SIGSTOP and SIGCONT too."""
        assert self._process is not None
        self._process.send_signal(number)

    async def kill(self) -> None:
        """`kill -9`, and wait until it is dead."""
        if self.lives:
            self.signal(signal.SIGKILL)
            await self.ended()

    async def ended(self, within: float = PATIENCE_SECONDS) -> int:
        """Its exit code."""
        assert self._process is not None
        async with asyncio.timeout(within):
            return await self._process.wait()

    def _why(self, words: str) -> Callable[[], str]:
        return lambda: f"{self.role} did not tell {words!r}:\n{self.told[-3000:]}"


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
