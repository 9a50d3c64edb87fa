"""What the long-running commands start, until they are told to stop."""

import gc
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import structlog

from app import roles
from app.background import in_background
from app.discovery import switched_on
from app.settings import load
from app.wiring import House, build

ENV_FILE = Path(".env")

log = structlog.get_logger(__name__)


def house() -> House:
    """The house of this process' settings; raises BadSettings."""
    settings = load(ENV_FILE)
    built = build(settings, switched_on(settings, ENV_FILE))
    _look_for_garbage_rarely()
    return built


def _look_for_garbage_rarely() -> None:
    """Python's search for cycles, at its defaults, takes a busy worker a third of its time.

    What is loaded by now stays to the end, and what a batch makes is freed without any search.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def run_everything() -> None:
    """`vestnik run`."""
    await _serve(roles.everything)


async def run_web() -> None:
    """`vestnik web`."""
    await _serve(roles.web)


async def run_worker() -> None:
    """`vestnik worker`."""
    async with roles.worker(house()):
        told = roles.told_to_stop()
        log.info("working")
        await told.wait()


async def run_scheduler() -> None:
    """`vestnik scheduler`."""
    async with roles.scheduler(house()):
        told = roles.told_to_stop()
        log.info("scheduling")
        await told.wait()


async def _serve(role: Callable[[House], AbstractAsyncContextManager[str]]) -> None:
    """A role that listens, and registers its webhooks while it does."""
    built = house()
    async with role(built) as address:
        told = roles.told_to_stop()
        log.info("listening", address=address)
        async with in_background(roles.set_up(built, address)):
            await told.wait()
