"""Runs a command to its end on the fastest event loop there is, and says what prevented it."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from app import settings

T = TypeVar("T")

CANNOT_START = 2
"""Exit code when a setting is wrong or something that is needed does not answer."""


def run_to_the_end(work: Callable[[], Awaitable[T]]) -> T:
    """Run to the end; what prevents it is told in one sentence, with exit code 2."""
    from storage.database import DatabaseUnavailable  # noqa: PLC0415 - `vestnik --help` is quick

    async def awaited() -> T:
        return await work()

    factory = None
    if os.name == "posix":
        import uvloop  # noqa: PLC0415 - not everywhere

        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(awaited())
    except (settings.BadSettings, DatabaseUnavailable) as error:
        typer.echo(str(error), err=True)
    except OSError as error:
        typer.echo(f"Cannot start: {error}.", err=True)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(CANNOT_START)
