"""The application's way into Postgres: short transactions, each for one viewer, one container's scribe, or nobody."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from memory.models.audience import Viewer
from memory.models.ids import ContainerId

Connection = AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]
RECENTLY = 2.0
"""Seconds for which a connection that worked is taken to work still: a busy pool would ask twice as much otherwise."""
MOST_PREPARED = 1000
"""Statements that a connection keeps prepared: all there are, or each would be planned anew whenever it comes round."""


class Check:
    """Whether a connection still works, asked of one that was not used just now."""

    def __init__(self) -> None:
        self._checked: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()

    async def __call__(self, connection: Connection) -> None:
        now = monotonic()
        if now - self._checked.get(connection, -math.inf) > RECENTLY:
            await AsyncConnectionPool.check_connection(connection)
        self._checked[connection] = now


def open_pool(dsn: str, *, most: int = 10) -> Pool:
    """A pool that survives a database restart, for the stores and LangGraph's checkpointer; open it before use."""
    return AsyncConnectionPool(
        dsn,
        connection_class=AsyncConnection[DictRow],
        min_size=1,
        max_size=most,
        open=False,
        timeout=30,
        check=Check(),
        configure=_configure,
        # What AsyncPostgresSaver requires: no idle transactions, no server-side statements that a pooler would lose.
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
    )


async def _configure(connection: Connection) -> None:
    connection.prepared_max = MOST_PREPARED


VIEWER_KIND, VIEWER, SCRIBE = "daybook.viewer_kind", "daybook.viewer", "daybook.scribe"
"""What row-level security goes by; each holds until its transaction ends."""
VISIBLE_TO = "daybook.visible_to"
"""For whom it worked out what may be seen, in this transaction."""


class Database:
    """Hands out transactions. No connection is to be held across a call to a model or to Slack."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    @asynccontextmanager
    async def house(self) -> AsyncIterator[Connection]:
        """For nobody in particular: events, people, inbox, outbox, leases. Row-level security shows no words here."""
        async with self.pool.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[Connection]:
        """For nobody in particular, and for one statement, which is a transaction by itself."""
        async with self.pool.connection() as connection:
            yield connection

    @asynccontextmanager
    async def viewing(self, viewer: Viewer) -> AsyncIterator[Connection]:
        """For one viewer: reads what they may read at this moment, writes what is theirs alone."""
        async with self.house() as connection:
            given = (VIEWER_KIND, viewer.kind, VIEWER, str(viewer.viewer_id))
            await connection.execute("select set_config(%s, %s, true), set_config(%s, %s, true)", given)
            yield connection

    @asynccontextmanager
    async def scribing(self, *containers: ContainerId) -> AsyncIterator[Connection]:
        """For the work on these containers: reads and writes them, and nothing else. One scribe at a time for each.

        Write rows first, then append events, then enqueue jobs: in one order, nobody waits in a circle.
        """
        async with self.house() as connection:
            for container in sorted(containers):
                await connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(container),))
            await _set(connection, SCRIBE, "{" + ",".join(map(str, containers)) + "}")
            yield connection


class Rehearsal(Database):
    """A way in where nothing stays: every transaction is a part of one, which whoever opened that undoes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def house(self) -> AsyncIterator[Connection]:
        async with self._turn, self.connection.transaction():
            # A savepoint that is released leaves its settings behind; a transaction that ends does not.
            for name in (VIEWER_KIND, VIEWER, SCRIBE, VISIBLE_TO):
                await _set(self.connection, name, "")
            yield self.connection

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[Connection]:
        async with self.house() as connection:
            yield connection


async def _set(connection: Connection, name: str, value: str) -> None:
    await connection.execute("select set_config(%s, %s, true)", (name, value))


def as_json(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows for `jsonb_to_recordset`: UUIDs and times as text."""
    return json.dumps(rows, default=str)
