"""A local workspace with a small team, a database, and the whole bot between them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local.postgres import EmbeddedPostgres
from tests.conftest import TestDatabase
from tests.scenarios.evenings import Evenings
from tests.scenarios.house import House, opened


@pytest.fixture(scope="session")
def evenings(postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> Evenings:
    """Thursday evenings to begin at, each lived through once a session."""
    return Evenings(postgres, template, tmp_path_factory.mktemp("evenings"))


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path, evenings: Evenings) -> AsyncIterator[House]:
    """On Thursday, before anybody wrote; no Daybook is running yet."""
    async with opened(database, tmp_path) as made:
        made.evening = evenings.begin
        yield made


@pytest.fixture(scope="module")
async def evening(shared_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """On Thursday evening, the day taken in by two Daybooks; for tests of one module that do not mind each other."""
    async with opened(shared_database, tmp_path_factory.mktemp("evening")) as made, made.after_the_day(bots=2):
        yield made
