"""`python -m app` is the command `vestnik`."""

from app.cli import main

main()
