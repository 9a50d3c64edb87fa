"""Keeps vkbottle's import from changing the process it is imported into."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Undo what the import does: a handler on its logger, another way to show warnings.

    Its debug records hold people's messages, so they are not wanted at any log level of ours.
    """
    logger = logging.getLogger("vkbottle")
    handlers, showwarning = list(logger.handlers), warnings.showwarning
    try:
        yield
    finally:
        logger.handlers[:] = handlers
        logger.setLevel(logging.WARNING)
        warnings.showwarning = showwarning
