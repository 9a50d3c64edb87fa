"""What all tests share: databases of both kinds, a Redis, and when a test may be left out."""

import os
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database
from tests.servers import Servers

# The machine may be busy with other tests: how long an example takes decides nothing.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The servers of this session."""
    servers = Servers()
    yield servers
    servers.close()


@pytest.fixture
def sqlite_url(servers: Servers) -> str:
    """A fresh SQLite database with all tables."""
    return servers.sqlite()


@pytest.fixture
def postgresql_url(servers: Servers) -> Iterator[str]:
    """A fresh PostgreSQL database with all tables."""
    with servers.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[str]:
    """A fresh database without any table; each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.sqlite3"
    else:
        with servers.bare_postgresql() as url:
            yield url


@pytest.fixture
async def bare_database(bare_url: str) -> AsyncIterator[Database]:
    """A fresh database without any table, opened."""
    database = Database(bare_url)
    yield database
    await database.aclose()


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """A Redis."""
    return servers.redis()


@pytest.fixture
def nats_url(servers: Servers) -> str:
    """A NATS server with JetStream."""
    return servers.nats()


@pytest.fixture
def amqp_url() -> str:
    """The RabbitMQ that a test marked outside("TEST_AMQP_URL") needs."""
    return os.environ["TEST_AMQP_URL"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database; each test that asks for it runs on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database, opened; each test that asks for it runs on both kinds."""
    database = Database(database_url)
    yield database
    await database.aclose()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs things from outside the repository, and what takes long."""
    quick = not config.option.markexpr
    out = [it for it in items if _lacks(it) or (quick and it.get_closest_marker("chaos"))]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def _lacks(item: pytest.Item) -> bool:
    needs = [marker.args[0] for marker in item.iter_markers("outside")]
    return not all(os.environ.get(variable) for variable in needs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing may be left out by itself."""
    return _strict((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI no module may leave itself out either."""
    report = yield
    if _in_ci() and report.outcome == "skipped":
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


def _strict(report: pytest.TestReport) -> pytest.TestReport:
    if _in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
