"""The peers' own environment: installed once into a cache folder, never beside our libraries."""

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.bench.measuring import Taken
from app.bench.staff import Wrong

PACKAGES = (
    "aiogram==3.31.0",
    "aiogram-broadcaster==0.6.8",
    "aiogram-broadcast==0.2.0",
    "redis<8",
    "uvloop",
)
PEERS = ("naive", "aiogram-broadcaster", "aiogram-broadcast")
PROGRAM = Path(__file__).parent / "peer-programs" / "peer.py"
LAST_LINES = 3


class NotInstalled(OSError):
    """The peers are not here and cannot be fetched; the text says why."""


async def python() -> Path:
    """The interpreter that has the peers; installs them where need be. Raises NotInstalled."""
    wanted = hashlib.sha256(" ".join((*PACKAGES, sys.version)).encode()).hexdigest()[:12]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = caches / "vestnik" / f"peers-{wanted}"
    interpreter, complete = home / "bin" / "python", home / "complete"
    if not complete.exists():
        await _done(sys.executable, "-m", "venv", "--clear", str(home))
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        await _done(str(interpreter), *pip, *PACKAGES)
        complete.touch()
    return interpreter


async def broadcast(interpreter: Path, name: str, base: str, people: int) -> Taken:
    """Let a peer send to so many people; raises Wrong when it fails."""
    async with started(interpreter, name, base, people) as process:
        told, complaint = await process.communicate()
    if process.returncode:
        raise Wrong(f"{name}: {complaint.decode()[-500:]}")
    seconds, cpu = map(float, told.split())
    return Taken(people, seconds, cpu)


@asynccontextmanager
async def started(
    interpreter: Path, name: str, base: str, people: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A peer at work; what still runs at the end is killed."""
    process = await asyncio.create_subprocess_exec(
        *(str(interpreter), str(PROGRAM), name, base, str(people)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


async def _done(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await process.communicate()
    if process.returncode:
        last = " ".join(told.decode(errors="replace").strip().splitlines()[-LAST_LINES:])
        raise NotInstalled(f"The peers could not be installed: {last}")
