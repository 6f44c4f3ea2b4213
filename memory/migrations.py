"""Brings a database to the schema that this Daybook needs: extension, role, libraries' tables, then our own files."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from memory import statements
from memory.errors import MemoryFailure

FOLDER = Path(__file__).parent / "sql" / "migrations"
LOCK_SECONDS = 300
TOLD_ANEW = "0007_told_anew.sql"
"""After it everything known stands in the log, and the tables are to follow from that."""

_SETUP = Path(__file__).parent / "sql" / "setup"
_FILE_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_OLDEST_POSTGRES = 150000
_OLDEST_VECTOR = (0, 8, 4)  # before it, indexes could be corrupted and distances overflow
SQL = statements.load("versions")

Connection = AsyncConnection[DictRow]


class MigrationError(MemoryFailure):
    """The database cannot be brought to the schema; the message says what to do."""


@dataclass(frozen=True)
class Migration:
    """One file; never edited once it has been applied anywhere."""

    name: str
    text: bytes

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text).hexdigest()


async def migrate(dsn: str, folder: Path = FOLDER) -> list[str]:
    """Bring the database up to date, and return the names of the files that this took.

    Any number may do so at once: one works, the others wait and find nothing left to do. The role of the address
    comes to own the tables; the application is to connect as `daybook_app`.

    Raises:
        MigrationError: server, rights or files are not as they must be; each file is applied wholly or not at all.
        psycopg.OperationalError: no connection.
    """
    migrations = read(folder)
    async with (
        await AsyncConnection.connect(dsn, autocommit=True, prepare_threshold=None, row_factory=dict_row) as connection,
        _alone(connection),
    ):
        _check_server(connection)
        await _install_vector(connection)
        await _make_role(connection)
        await _install_libraries(connection)
        await _run(connection, "versions.sql")
        applied = [await _apply(connection, migration) for migration in await _pending(connection, migrations)]
        await _run(connection, "grants.sql")
        await _run(connection, "partitions.sql")
        if TOLD_ANEW in applied:
            from memory.replay import replay  # noqa: PLC0415 - once in a database's life

            await replay(dsn, mend=True)
    return applied


def read(folder: Path) -> list[Migration]:
    """The migrations of a folder in their order.

    Raises:
        MigrationError: a file is not named `NNNN_name.sql`, or two have one number.
    """
    migrations = [Migration(path.name, path.read_bytes()) for path in sorted(folder.glob("*.sql"))]
    numbers: dict[str, str] = {}
    for migration in migrations:
        if not _FILE_NAME.fullmatch(migration.name):
            raise MigrationError(f"The migration {migration.name} must be named like 0001_first.sql: rename it.")
        if (other := numbers.setdefault(migration.name[:4], migration.name)) != migration.name:
            raise MigrationError(f"The migrations {other} and {migration.name} have one number: rename the newer one.")
    return migrations


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(LOCK_SECONDS):
            await _take_lock(connection)
    except TimeoutError as error:
        raise MigrationError(
            f"Somebody has been migrating this database for {LOCK_SECONDS} s: let them finish or end them, then"
            " try again."
        ) from error
    try:
        yield
    finally:
        if not connection.broken:
            await connection.execute(SQL["release_migration_lock"])


async def _take_lock(connection: Connection) -> None:
    # We ask again and again instead of waiting inside Postgres: a statement that waits keeps its snapshot, and the
    # one at work could never finish a `create index concurrently`, which waits for all older snapshots.
    while not (await _row(connection, "try_migration_lock"))["taken"]:  # noqa: ASYNC110 - another process holds it
        await asyncio.sleep(0.05)


def _check_server(connection: Connection) -> None:
    if (version := connection.info.server_version) < _OLDEST_POSTGRES:
        raise MigrationError(
            f"Daybook needs PostgreSQL 15 or newer and this server is {version // 10000}: upgrade it, or set"
            " DATABASE_URL to another one."
        )


async def _install_vector(connection: Connection) -> None:
    try:
        await connection.execute("create extension if not exists vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            "Daybook needs the extension pgvector and may not create it: let an administrator run"
            " `create extension vector` in this database."
        ) from error
    except psycopg.Error as error:
        raise MigrationError(
            "Daybook needs the extension pgvector 0.8.4 or newer and the server does not have it: install it there,"
            " or set DATABASE_URL to another server."
        ) from error
    version = (await _row(connection, "find_vector_version"))["version"]
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < _OLDEST_VECTOR:
        raise MigrationError(
            f"Daybook needs pgvector 0.8.4 or newer, since older ones lose rows, and this database has {version}:"
            " install a newer one on the server, then run `alter extension vector update` in this database."
        )


async def _make_role(connection: Connection) -> None:
    """Make sure of `daybook_app`: a role that owns nothing, is bound by row-level security, and that we may act as."""
    roles = await _row(connection, "describe_roles")
    user = roles["user_name"]
    if user == "daybook_app" or roles["assumed"]:
        raise MigrationError(
            "Migrate as the role that is to own the tables, not as the application's: mend the address."
        )
    if roles["app_unbound"]:
        raise MigrationError(
            "The role daybook_app may bypass row-level security: let an administrator run"
            " `alter role daybook_app nosuperuser nobypassrls`."
        )
    try:
        if not roles["app_exists"]:
            await _run(connection, "role.sql")
        if not roles["superuser"] and not roles["app_member"]:
            await _run(connection, "membership.sql")
    except psycopg.errors.InsufficientPrivilege as error:
        creating = "" if roles["app_exists"] else "create role daybook_app login; "
        raise MigrationError(
            f"The role {user} may not set up the role daybook_app: let an administrator run"
            f' `{creating}grant daybook_app to "{user}"`.'
        ) from error


async def _install_libraries(connection: Connection) -> None:
    # Here, since most programs only ask which files there are: together these take a third of a second.
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: PLC0415
    from procrastinate.schema import SchemaManager  # noqa: PLC0415

    if not (await _row(connection, "find_procrastinate"))["present"]:
        async with connection.transaction():
            await connection.execute(SchemaManager.get_schema())
    # Its setup remembers what it has done, is not safe to run twice at a time, and must not run in a transaction.
    await AsyncPostgresSaver(connection).setup()


async def _pending(connection: Connection, migrations: list[Migration]) -> list[Migration]:
    rows = await (await connection.execute(SQL["list_versions"])).fetchall()
    applied = {row["name"]: row["checksum"] for row in rows}
    known = {migration.name: migration for migration in migrations}
    for name, checksum in applied.items():
        if name not in known:
            raise MigrationError(
                f"This database has {name}, which this Daybook does not know: run the Daybook that made it, or a newer"
                " one."
            )
        if known[name].checksum != checksum:
            raise MigrationError(
                f"The migration {name} was edited after it had been applied: restore it, and add a new one."
            )
    pending = [migration for migration in migrations if migration.name not in applied]
    if pending and applied and pending[0].name < (newest := max(applied)):
        raise MigrationError(f"The migration {pending[0].name} comes before {newest}, which is applied: renumber it.")
    return pending


async def _apply(connection: Connection, migration: Migration) -> str:
    try:
        async with connection.transaction():
            await connection.execute(migration.text)
            await connection.execute(SQL["record_version"], {"name": migration.name, "checksum": migration.checksum})
    except psycopg.Error as error:
        raise MigrationError(
            f"The migration {migration.name} failed and nothing of it was kept: {error.diag.message_primary or error}."
        ) from error
    return migration.name


async def _run(connection: Connection, script: str) -> None:
    await connection.execute((_SETUP / script).read_bytes())


async def _row(connection: Connection, statement: str) -> DictRow:
    row = await (await connection.execute(SQL[statement])).fetchone()
    if row is None:
        raise MigrationError(f"The server did not answer `{statement}`: try again.")
    return row
