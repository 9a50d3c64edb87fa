"""Pause, resume, restart, cancel and start in random order. Fault case 23."""

from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos.steering import Steering
from tests.servers import Servers

# The same orders in every run; `make chaos` takes new ones.
QUICK = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=300, derandomize=False, print_blob=True)


def test_in_any_order(servers: Servers) -> None:
    run_state_machine_as_test(lambda: Steering(servers.sqlite()), settings=QUICK)  # type: ignore[arg-type]  # any factory will do


@pytest.mark.chaos
def test_in_many_orders(servers: Servers) -> None:
    run_state_machine_as_test(lambda: Steering(servers.sqlite()), settings=LONG)  # type: ignore[arg-type]  # any factory will do


@pytest.mark.chaos
def test_in_any_order_on_postgresql(servers: Servers) -> None:
    with ExitStack() as stack:

        def fresh() -> Steering:
            return Steering(stack.enter_context(servers.postgresql()))

        run_state_machine_as_test(fresh, settings=QUICK)  # type: ignore[arg-type]  # any factory will do
