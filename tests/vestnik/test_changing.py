"""Changed records are the same as replaced ones."""

from dataclasses import replace

import pytest

from tests.delivery.making import attempt, delivery
from vestnik.changing import changed


def test_a_changed_record_is_as_a_replaced_one() -> None:
    before = delivery()
    assert changed(before, state="accepted", tries=3) == replace(before, state="accepted", tries=3)
    assert before == delivery()
    assert changed(attempt(), reference="7") == replace(attempt(), reference="7")


def test_it_gets_no_field_that_it_has_not() -> None:
    with pytest.raises(TypeError, match="Delivery has no status"):
        changed(delivery(), status="accepted")
