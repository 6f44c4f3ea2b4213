"""The same input leads to the same rows, under the same ids, however often it comes."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.clock import FixedClock
from bot.local.postgres import EmbeddedPostgres
from bot.offline import Report, no_progress, offline, take_in, work_out
from handlers.sources.export import Export
from memory.models.ids import TeamId
from tests.conftest import TestDatabase
from tests.integration.chat import at, dump, ts


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small export: two channels, a private one, threads, edits, reactions, and broken records."""
    users = [
        {"id": f"U{n}", "team_id": "T9", "name": f"user{n}", "profile": {"real_name": f"User {n}"}} for n in range(4)
    ]
    talk: list[Any] = [
        {"type": "message", "user": "U0", "ts": ts(0), "text": "Shall we ship on Friday?"},
        {"type": "message", "user": "U1", "ts": ts(1), "text": "Decided: we ship on Friday.", "thread_ts": ts(0)},
        {"type": "message", "user": "U2", "ts": ts(2), "text": "I'll write the notes by Thursday.", "thread_ts": ts(0)},
        {
            "type": "message",
            "user": "U0",
            "ts": ts(3),
            "text": "Great \U0001f389 <@U1>",
            "edited": {"user": "U0", "ts": ts(4)},
            "reactions": [{"name": "tada", "users": ["U1", "U2"], "count": 2}],
        },
        {"type": "message", "subtype": "channel_join", "user": "U3", "ts": ts(5), "text": "<@U3> has joined"},
        {"type": "message", "user": "U0", "ts": "never", "text": "broken"},
        "not even a record",
    ]
    files: dict[str, list[Any]] = {
        "users.json": users,
        "channels.json": [
            {"id": f"C{n}", "name": f"room{n}", "created": 1, "members": ["U0", "U1", "U2"]} for n in range(2)
        ],
        "groups.json": [{"id": "G1", "name": "closed", "created": 1, "members": ["U0"]}],
    }
    files |= {f"{room}/2026-11-16.json": talk for room in ("room0", "room1", "closed")}
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, json.dumps(content))
    return path


async def take_in_once(dsn: str, path: Path, *, thinking: bool = True) -> Report:
    with Export(path) as opened:
        async with offline(dsn, opened.team, FixedClock(at(600))) as here:
            report = await take_in(here, opened, "https://acme.example/", no_progress)
            if thinking:
                await work_out(here, [each.container_id for each in opened.containers()], report, no_progress)
    return report


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
