"""The projections, rebuilt from the log alone beside the live ones, and compared with them.

Runs no engine and reads no words: a text that was erased stays erased. Everything happens in one transaction, as it was
at its beginning; the rebuilt tables are temporary and go with it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any, Literal

import psycopg
from psycopg import AsyncConnection, IsolationLevel
from psycopg.rows import dict_row

from memory import events, projections, statements
from memory.database import Connection
from memory.errors import NotTheOwner
from memory.models.base import Model
from memory.models.ids import TeamId
from memory.projections import TABLES, Projection

SQL = statements.load("replay")
PAGE = 5000
"""Events that are folded together."""
MOST_NAMED = 20
"""Rows that are named for each table; the rest is counted."""
Progress = Callable[[str, int, int], None]


class Difference(Model):
    """A row that stands otherwise than the log tells: missing, told by no event, or different in some columns."""

    key: dict[str, Any]
    standing: Literal["missing", "untold", "different"]
    columns: tuple[str, ...] = ()


class TableReport(Model):
    """One projection as it stands and as it was rebuilt."""

    table: str
    live_rows: int
    live_hash: str
    rebuilt_rows: int
    rebuilt_hash: str
    differences: tuple[Difference, ...] = ()
    mended: int = 0

    @property
    def same(self) -> bool:
        return (self.live_rows, self.live_hash) == (self.rebuilt_rows, self.rebuilt_hash)


class Report(Model):
    """`seconds` is what folding took, without comparing."""

    events: int
    seconds: float
    tables: tuple[TableReport, ...]

    @property
    def same(self) -> bool:
        return all(table.same for table in self.tables)


async def replay(dsn: str, *, mend: bool, progress: Progress = lambda *_: None) -> Report:
    """Rebuilds every projection and compares; with `mend` what was rebuilt takes the place of what differs.

    `dsn` is the address for the role that owns the tables; `progress` is told what is done, how far, and of how much.

    Raises:
        NotTheOwner: the address is another role's.
        UnknownEvent: the log is newer than this Daybook.
    """
    try:
        async with _reading(dsn, alone=mend) as connection:
            began = perf_counter()
            many = await _rebuild(connection, progress)
            seconds = perf_counter() - began
            tables = [await _compared(connection, each) for each in TABLES]
            if mend:
                tables = [await _mended(connection, each, was) for each, was in zip(TABLES, tables, strict=True)]
    except psycopg.errors.InsufficientPrivilege:
        raise NotTheOwner("A replay") from None
    return Report(events=many, seconds=seconds, tables=tuple(tables))


@asynccontextmanager
async def _reading(dsn: str, *, alone: bool) -> AsyncIterator[Connection]:
    """One transaction that sees everything as it was at its beginning; `alone`: nobody writes meanwhile."""
    async with (
        await AsyncConnection.connect(dsn, autocommit=True, prepare_threshold=None, row_factory=dict_row) as connection,
        _transaction(connection, IsolationLevel.READ_COMMITTED if alone else IsolationLevel.REPEATABLE_READ),
    ):
        names = {"names": [each.table for each in TABLES]}
        if alone:
            # The team's rows first: who appends takes one before any table, so that nobody waits in a circle.
            await connection.execute(SQL["lock_for_replay"], {"names": ["teams", *names["names"]]})
        await connection.execute(SQL["use_utc"])
        await connection.execute(SQL["open_replay"], names)
        yield connection


@asynccontextmanager
async def _transaction(connection: Connection, level: IsolationLevel) -> AsyncIterator[None]:
    await connection.set_isolation_level(level)
    async with connection.transaction():
        yield


async def _rebuild(connection: Connection, progress: Progress) -> int:
    """Folds the whole log, a page at a time."""
    teams = await (await connection.execute(SQL["list_teams"])).fetchall()
    total, done = sum(team["last_position"] for team in teams), 0
    for team in teams:
        after = 0
        while page := await events.read(connection, TeamId(team["team_id"]), after, PAGE):
            await projections.fold(connection, [(each.event_id, each.event) for each in page])
            after, done = page[-1].position, done + len(page)
            if done <= PAGE * 4:
                await connection.execute(SQL["analyze_replay"], {"names": [each.table for each in TABLES]})
            progress("replaying", done, total)
    return done


async def _compared(connection: Connection, each: Projection) -> TableReport:
    given = {"name": each.table, "keys": list(each.key), "ignored": list(each.ignored), "most": MOST_NAMED}
    row = await (await connection.execute(SQL["summarise_replay"], given)).fetchone()
    report = TableReport.model_validate({"table": each.table, **(row or {})})
    if report.same:
        return report
    rows = await (await connection.execute(SQL["compare_replay"], given)).fetchall()
    found = [Difference(key=r["row_key"], standing=r["standing"], columns=tuple(r["columns"] or ())) for r in rows]
    return report.model_copy(update={"differences": tuple(found)})


async def _mended(connection: Connection, each: Projection, was: TableReport) -> TableReport:
    if was.same:
        return was
    given = {"name": each.table, "keys": list(each.key), "ignored": list(each.ignored)}
    row = await (await connection.execute(SQL["adopt_replay"], given)).fetchone()
    return was.model_copy(update={"mended": row["changed"] if row else 0})
