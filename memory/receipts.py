"""What is held about somebody: how much of what, where and from when to when. No words are in it.

It counts rows of every viewer and every channel, and so is read by the owner of the tables: a function that did so for
the application would be a hole in its fences.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from memory import health, statements
from memory.errors import MemoryFailure
from memory.models.base import Model
from memory.models.ids import PersonId, TeamId

SQL = statements.load("receipts")
NEEDED = "A receipt is read by the role that owns the tables: set DATABASE_URL as for `daybook migrate`."


class NotTheOwner(MemoryFailure):
    """A receipt counts rows that only the owner of the tables sees: set DATABASE_URL as for `daybook migrate`."""


class Line(Model):
    """How much there is of one kind of thing; `words`: there are words behind it, else ids, times and plain values."""

    what: str
    words: bool
    count: int
    first: datetime | None = None
    last: datetime | None = None


class Place(Model):
    """How much there is in one container."""

    called: str
    count: int
    first: datetime | None = None
    last: datetime | None = None


class Receipt(Model):
    person_id: PersonId
    lines: tuple[Line, ...]
    containers: tuple[Place, ...]

    @property
    def words(self) -> int:
        """How many texts of theirs, or about them, there are."""
        return sum(line.count for line in self.lines if line.words)


async def of(dsn: str, team: TeamId, person: PersonId) -> Receipt:
    """What is held about somebody. `dsn` is the address of the role that owns the tables. Raises NotTheOwner."""
    connecting = AsyncConnection.connect(dsn, row_factory=dict_row)
    async with await connecting as connection:
        if await health.app_is_bound(connection):
            raise NotTheOwner(NEEDED)
        try:
            given = {"team_id": team, "person_id": person}
            rows = await (await connection.execute(SQL["count_held"], given)).fetchall()
            ids = [row["container_id"] for row in rows if row["container_id"]]
            named = await (await connection.execute(SQL["name_containers"], {"ids": ids})).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            raise NotTheOwner(NEEDED) from None
    calls = {row["container_id"]: row["called"] for row in named}
    return Receipt(
        person_id=person,
        lines=tuple(
            Line(what=what, words=words, **_summed(row for row in rows if row["what"] == what))
            for what, words in dict.fromkeys((row["what"], row["words"]) for row in rows)
        ),
        containers=tuple(
            Place(called=called, **_summed(row for row in rows if row["container_id"] == container))
            for container, called in sorted(calls.items(), key=lambda each: each[1])
        ),
    )


def span(counted: Line | Place) -> str:
    """From when to when."""
    if counted.first is None or counted.last is None:
        return ""
    return f"{counted.first:%Y-%m-%d} – {counted.last:%Y-%m-%d}"


def _summed(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found = list(rows)
    firsts = [row["first"] for row in found if row["first"]]
    lasts = [row["last"] for row in found if row["last"]]
    return {
        "count": sum(row["count"] for row in found),
        "first": min(firsts, default=None),
        "last": max(lasts, default=None),
    }
