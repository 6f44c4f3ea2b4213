"""The application's way into Postgres, all of it in one transaction that never commits: worlds come and go cheaply."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from memory.database import SCRIBE, VIEWER, VIEWER_KIND, Connection, Rehearsal

APP, OWNER = b"set local role daybook_app", b"reset role"
_UNSET = ", ".join(f"set_config('{name}', '', true)" for name in (VIEWER_KIND, VIEWER, SCRIBE))
BEGIN, END = f"savepoint once; select {_UNSET}".encode(), b"release savepoint once"
UNDO = b"rollback to savepoint once; release savepoint once"


class AppRehearsal(Rehearsal):
    """Each transaction of the application is a savepoint, as its role; `scene` takes back all that was done in it."""

    @asynccontextmanager
    async def house(self) -> AsyncIterator[Connection]:
        """As the original, in two statements instead of five: worlds are made of thousands of small transactions."""
        async with self._turn:
            await self.connection.execute(BEGIN)
            try:
                yield self.connection
            except BaseException:
                await self.connection.execute(UNDO)
                raise
            await self.connection.execute(END)

    @asynccontextmanager
    async def scene(self) -> AsyncIterator[None]:
        async with self.connection.transaction(force_rollback=True):
            yield

    @asynccontextmanager
    async def as_owner(self) -> AsyncIterator[Connection]:
        """As the role that owns the tables and bypasses row-level security."""
        await self.connection.execute(OWNER)
        yield self.connection
        await self.connection.execute(APP)


@asynccontextmanager
async def rehearsing(admin_dsn: str) -> AsyncIterator[AppRehearsal]:
    """A rehearsal on a migrated database; `admin_dsn` is its owner's."""
    async with (
        await AsyncConnection.connect(
            admin_dsn, autocommit=True, row_factory=dict_row, prepare_threshold=2
        ) as connection,
        connection.transaction(force_rollback=True),
    ):
        await connection.execute(APP)
        yield AppRehearsal(connection)
