"""A local workspace with a small team, a database, and the whole bot between them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.scenarios.house import House, opened


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """On Thursday, before anybody wrote; no Daybook is running yet."""
    async with opened(database, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
async def evening(shared_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """On Thursday evening, the day taken in by two Daybooks; for tests of one module that do not mind each other."""
    async with opened(shared_database, tmp_path_factory.mktemp("evening")) as made, made.after_the_day(bots=2):
        yield made
