"""Daybook's memory in a real Postgres, reached as the application reaches it."""

import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from memory import teams
from memory.database import Database, open_pool
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.integration.chat import TEAM, ts


@pytest.fixture
async def house(database: TestDatabase) -> AsyncIterator[Database]:
    """A fresh database with one team, as the application's role."""
    async with opened(database) as house:
        yield house


@asynccontextmanager
async def opened(database: TestDatabase) -> AsyncIterator[Database]:
    """A database with one team, as the application's role."""
    pool = open_pool(database.app_dsn, most=24)
    await pool.open()
    try:
        house = Database(pool)
        async with house.house() as connection:
            await teams.see(connection, Team(team_id=TEAM, url="https://acme.example/"))
        yield house
    finally:
        await pool.close()


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
