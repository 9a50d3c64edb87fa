"""What all commands share: how they run to their end, how they print, and who gave them."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from app import settings

T = TypeVar("T")

CANNOT_START = 2
"""Exit code when a setting is wrong or something that is needed does not answer."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Run to the end; what prevents it is told in one sentence, with exit code 2."""
    from storage.database import DatabaseUnavailable

    async def awaited() -> T:
        return await work()

    factory = None
    if os.name == "posix":
        import uvloop

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


def operator() -> str:
    """Who gives commands here, for the audit log: the account that this process runs under.

    Not what LOGNAME or USER say, which anybody may set.
    """
    if os.name != "posix":
        import getpass

        return f"cli:{getpass.getuser()}"
    import pwd

    number = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(number).pw_name}"
    except KeyError:  # an account that only the container's host knows
        return f"cli:{number}"
