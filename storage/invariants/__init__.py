"""The guarantees as queries over the ledger: `vestnik audit` runs and prints them all.

One module a family of guarantees; each check is one statement that gives a row for whatever it
looked at, and whether that row breaks the guarantee. The database counts; nothing grows here.
"""

from storage.invariants.check import Check, Finding
from storage.invariants.registry import Invariants

__all__ = ["Check", "Finding", "Invariants"]
