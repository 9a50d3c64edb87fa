"""What this process is called in the ledger."""

import os
import secrets


def process_name() -> str:
    """Where it runs, its number there, and what no other process has."""
    return f"{os.uname().nodename[:32]}:{os.getpid()}:{secrets.token_hex(3)}"
