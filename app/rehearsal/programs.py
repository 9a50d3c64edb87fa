"""Programs of ours as processes: started, watched, told to stop, killed."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import app

ROOT = Path(app.__file__).parents[1]
STOP_SECONDS = 15.0
LISTEN_SECONDS = 120.0


class NotReady(OSError):
    """A process did not come up; the text says what to look at."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used so far: seconds of processor time, and its most memory in bytes."""

    cpu: float
    peak: int


class Program:
    """A running `python -m …`. Raises NotReady where it ends before it said what it was to say."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, log: Path | None = None
    ) -> None:
        self.name = name
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs still."""
        return self._process.returncode is None

    def usage(self) -> Usage:
        """What it has used; of a running process, on Linux (proc(5))."""
        folder = Path("/proc") / str(self.pid)
        # What is before the last ")" is the program's name, and may hold anything.
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])
        status = (folder / "status").read_text().splitlines()
        peak = next(line for line in status if line.startswith("VmHWM:"))
        return Usage((user + system) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) * 1024)

    async def says(self) -> str:
        """Its next line on standard output."""
        if self._process.stdout is None:
            raise AssertionError("only of a program that is heard")
        async with asyncio.timeout(LISTEN_SECONDS):
            line = await self._process.stdout.readline()
        if not line:
            raise NotReady(f"{self.name} ended with code {await self._process.wait()}.")
        return line.decode().rstrip("\n")

    async def logs(self, words: str) -> None:
        """Wait until its log holds these words."""
        if self._log is None:
            raise AssertionError("only of a program that has a log")
        deadline = time.monotonic() + LISTEN_SECONDS
        while words not in (told := self._log.read_text(encoding="utf-8")):
            if not self.alive or time.monotonic() > deadline:
                raise NotReady(f"{self.name} is not ready; it says: {told[-2_000:]}")
            await asyncio.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there to take one."""
        if self.alive:
            self._process.send_signal(number)

    async def wait(self) -> int:
        """Its exit code, when it has ended."""
        return await self._process.wait()

    async def kill(self) -> None:
        """End it at once, as a power cut does."""
        self.signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end; kill it where it does not within STOP_SECONDS."""
        self.signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            await self.kill()


@asynccontextmanager
async def program(
    *arguments: str,
    environment: Mapping[str, str],
    folder: Path | None = None,
    heard: bool = False,
    log: Path | None = None,
) -> AsyncIterator[Program]:
    """`python -m <arguments>` with this environment (see `bare`), stopped at the end.

    It runs in `folder`; `heard` programs are listened to; what it logs is added to `log`.
    """
    told = log.open("ab") if log else None
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments),
            env=dict(environment),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if heard else None,
            stderr=told,
            # Ctrl+C is for whoever rehearses, who then stops this in order.
            start_new_session=True,
        )
    finally:
        if told:
            told.close()
    running = Program(" ".join(arguments), process, log)
    try:
        yield running
    finally:
        await running.stop()


def bare(settings: Mapping[str, str]) -> dict[str, str]:
    """An environment of these settings alone: nothing of whoever rehearses leaks into it."""
    paths = (str(ROOT), os.environ.get("PYTHONPATH", ""))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **settings}
