"""A real Postgres for the tests: one server a session, one fresh database a test."""

import gc
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import settings

from bot.local.postgres import EmbeddedPostgres
from memory.migrations import migrate

# Time is no promise of a property: a busy machine must not fail one.
settings.register_profile("daybook", deadline=None)
settings.load_profile("daybook")

# Whatever a developer has set: no test sends anything to a model, but to one that it started itself.
for _name in [name for name in os.environ if name.startswith(("OPENAI_", "DAYBOOK_MODEL_", "DAYBOOK_SECOND_"))]:
    del os.environ[_name]

# A worker holds hundreds of thousands of objects of what it has loaded, and all of them stay.
gc.set_threshold(50_000)

_numbers = itertools.count(1)


@dataclass(frozen=True)
class TestDatabase:
    """A migrated, empty database."""

    __test__ = False

    name: str
    admin_dsn: str
    app_dsn: str


def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what tests make, not in what was loaded for them."""
    gc.freeze()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """The session's server; nothing of it reaches the disk for sure."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("home"), durable=False) as embedded:
        yield embedded


@pytest.fixture
def empty_database(postgres: EmbeddedPostgres) -> Iterator[TestDatabase]:
    """A database without any table."""
    with postgres.throwaway() as name:
        yield TestDatabase(name, postgres.admin_dsn(name), postgres.app_dsn(name))


@pytest.fixture(scope="session")
async def template(postgres: EmbeddedPostgres) -> str:
    """A migrated database to copy; nobody may stay connected to it."""
    postgres.create_database("template_daybook")
    await migrate(postgres.admin_dsn("template_daybook"))
    return "template_daybook"


@pytest.fixture
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[TestDatabase]:
    """A copy of the migrated template, this test's own."""
    with copied(postgres, template) as copy:
        yield copy


@pytest.fixture(scope="module")
def shared_database(postgres: EmbeddedPostgres, template: str) -> Iterator[TestDatabase]:
    """A copy of the migrated template for tests of one module that leave nothing in it."""
    with copied(postgres, template) as copy:
        yield copy


@pytest.fixture
def copies(postgres: EmbeddedPostgres, template: str) -> Callable[[], AbstractContextManager[TestDatabase]]:
    """Further copies of the migrated template, one for each call."""
    return lambda: copied(postgres, template)


@contextmanager
def copied(postgres: EmbeddedPostgres, template: str) -> Iterator[TestDatabase]:
    """A copy of a database that nobody is connected to, for as long as it is needed."""
    name = f"test_{next(_numbers)}"
    postgres.create_database(name, template=template)
    try:
        yield TestDatabase(name, postgres.admin_dsn(name), postgres.app_dsn(name))
    finally:
        postgres.drop_database(name)
