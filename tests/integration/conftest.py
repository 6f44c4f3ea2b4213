"""Daybook's memory in a real Postgres, reached as the application reaches it."""

from collections.abc import AsyncIterator

import pytest

from memory import teams
from memory.database import Database, open_pool
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.integration.chat import TEAM


@pytest.fixture
async def house(database: TestDatabase) -> AsyncIterator[Database]:
    """A fresh database with one team, as the application's role."""
    pool = open_pool(database.app_dsn, most=24)
    await pool.open()
    try:
        opened = Database(pool)
        async with opened.house() as connection:
            await teams.see(connection, Team(team_id=TEAM, url="https://acme.example/"))
        yield opened
    finally:
        await pool.close()
