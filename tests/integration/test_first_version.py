"""A database that was begun by the first version, whose log did not tell everything, is brought to today's form."""

import shutil
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from memory import replay
from memory.migrations import FOLDER, migrate
from tests.conftest import TestDatabase

ROWS = Path(__file__).with_name("first_version.sql")
KEPT = (
    *(
        "people",
        "identities",
        "containers",
        "memberships",
        "messages",
        "message_revisions",
        "reactions",
        "conversations",
    ),
    *("facts", "evidence", "briefings", "items", "answers", "contents"),
)
SINCE = {
    *("event_id", "length", "forgotten_at", "retain_days", "held", "search", "revision", "worked_out"),
    *("done_at", "grounds", "reasons_id"),
    *("workdays", "quiet_days", "away_from", "away_until", "on_activity", "weekly_review", "place", "briefings.kind"),
    *("untracked_at", "follow_ups", "follow_ups_since", "reading_failed_at", "lines"),
}
"""Columns that came or went with later versions."""


def held(dsn: str) -> dict[str, list[dict[str, Any]]]:
    found = {}
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        for table in KEPT:
            rows = connection.execute(sql.SQL("select * from {} order by 1").format(sql.Identifier(table))).fetchall()
            found[table] = [
                {name: value for name, value in row.items() if not {name, f"{table}.{name}"} & SINCE} for row in rows
            ]
    return found


async def test_everything_known_comes_through(empty_database: TestDatabase, tmp_path: Path) -> None:
    """After the migration every row stands as it stood, words too, and all of it follows from the log."""
    shutil.copy(FOLDER / "0001_first.sql", tmp_path)
    await migrate(empty_database.admin_dsn, tmp_path)
    with psycopg.connect(empty_database.admin_dsn) as connection:
        connection.execute(ROWS.read_bytes())
    before = held(empty_database.admin_dsn)
    assert all(before.values())
    await migrate(empty_database.admin_dsn)
    assert held(empty_database.admin_dsn) == before
    report = await replay.replay(empty_database.admin_dsn, mend=False)
    assert [table.table for table in report.tables if not table.same] == []
    empty = ["settings", "meetings", "fact_links", "offers", "ratings"]
    assert [table.table for table in report.tables if not table.live_rows] == empty
