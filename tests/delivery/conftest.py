"""A ledger on either database."""

import pytest

from storage.database import Database
from tests.delivery.ledger import Ledger


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """Each test that asks for it runs on both databases."""
    return Ledger(database)
