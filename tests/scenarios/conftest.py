"""A local workspace with a small team, a database, and the whole bot between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.local.workspace import LocalWorkspace
from bot.manifest import read_manifest
from tests.conftest import TestDatabase
from tests.scenarios.house import DAY_BEGINS, House
from tests.scenarios.team import SEED


@asynccontextmanager
async def _made(database: TestDatabase, folder: Path) -> AsyncIterator[House]:
    workspace = LocalWorkspace(SEED, read_manifest(), DAY_BEGINS, ack_timeout=1.0)
    await workspace.start()
    async with aiohttp.ClientSession() as http:
        house = House(workspace, database, http, folder / "log")
        yield house
        house.end_all()
    await workspace.stop()


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """On Thursday, before anybody wrote; no Daybook is running yet."""
    async with _made(database, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
async def evening(shared_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """On Thursday evening, the day taken in by two Daybooks; for tests of one module that do not mind each other."""
    async with _made(shared_database, tmp_path_factory.mktemp("evening")) as made, made.after_the_day(bots=2):
        yield made
