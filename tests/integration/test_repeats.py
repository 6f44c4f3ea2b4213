"""The same input leads to the same rows, under the same ids, however often it comes."""

import hashlib
from pathlib import Path

import psycopg

from bot.local.postgres import EmbeddedPostgres
from memory.models.ids import TeamId
from tests.conftest import TestDatabase
from tests.integration.chat import dump, take_in_once


def hashes(dsn: str, leave_out: frozenset[str] = frozenset()) -> dict[str, str]:
    return {
        name: f"{len(text.splitlines())} rows, {hashlib.sha256(text.encode()).hexdigest()}"
        for name, text in dump(dsn).items()
        if name not in leave_out and not name.startswith(("procrastinate_", "schema_versions"))
    }


async def test_a_second_import_changes_nothing(database: TestDatabase, export: Path) -> None:
    """Importing the same export again leaves every row of every table as it was, and tells what it skipped."""
    first = await take_in_once(database.app_dsn, export)
    before = hashes(database.admin_dsn, frozenset({"leases"}))
    second = await take_in_once(database.app_dsn, export)
    assert hashes(database.admin_dsn, frozenset({"leases"})) == before
    assert (first.new, second.new) == (15, 0)
    assert first.skipped == second.skipped == {"message: its timestamp is none": 3, "message: malformed": 3}


async def test_two_databases_get_the_same_rows(
    postgres: EmbeddedPostgres, template: str, database: TestDatabase, export: Path
) -> None:
    """The same export makes the same rows under the same ids in any database, but for the times of recording."""
    postgres.create_database("another", template=template)
    try:
        for dsn in (database.app_dsn, postgres.app_dsn("another")):
            await take_in_once(dsn, export)
        timed = frozenset({"events", "leases"})  # of those the times are part
        there = hashes(postgres.admin_dsn("another"), timed)
        assert hashes(database.admin_dsn, timed) == there
        keys = "select position, event_id, kind, payload from events order by position"
        logs = []
        for dsn in (database.admin_dsn, postgres.admin_dsn("another")):
            with psycopg.connect(dsn) as connection:
                logs.append(connection.execute(keys.encode()).fetchall())
        assert logs[0] == logs[1]
    finally:
        postgres.drop_database("another")


async def test_the_team_is_the_exports(database: TestDatabase, export: Path) -> None:
    """Every row that an import makes belongs to the workspace that was exported."""
    await take_in_once(database.app_dsn, export, thinking=False)
    with psycopg.connect(database.admin_dsn) as connection:
        for table in ("messages", "contents", "events", "people", "containers", "memberships", "reactions"):
            found = connection.execute(f"select distinct team_id from {table}".encode()).fetchall()
            assert found == [(TeamId("T9"),)]
