"""What commands share: an option that all have, and who gave them."""

import os
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


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
