"""A local workspace with a small team, a database, and the whole bot between them."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.local.workspace import LocalWorkspace
from bot.manifest import read_manifest
from tests.conftest import TestDatabase
from tests.scenarios.house import DAY_BEGINS, House
from tests.scenarios.team import SEED


@pytest.fixture
async def house(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """On Thursday, before anybody wrote; no Daybook is running yet."""
    workspace = LocalWorkspace(SEED, read_manifest(), DAY_BEGINS, ack_timeout=1.0)
    await workspace.start()
    async with aiohttp.ClientSession() as http:
        made = House(workspace, database, http, tmp_path / "log")
        yield made
        made.end_all()
    await workspace.stop()
