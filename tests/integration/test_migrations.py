import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from bot.local.postgres import EmbeddedPostgres
from memory import migrations
from memory.migrations import MigrationError, migrate
from tests.conftest import TestDatabase

FIRST = "create table a (x integer);\ninsert into a values (1);\n"
HOSTED = "hosted"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one small migration."""
    (tmp_path / "0001_first.sql").write_text(FIRST, encoding="utf-8")
    return tmp_path


@pytest.fixture
def no_application_role(postgres: EmbeddedPostgres) -> Iterator[None]:
    """A server that has never been migrated: the application's role of the other tests is set aside."""
    with admin(postgres.admin_dsn("postgres")) as connection:
        found = connection.execute("select from pg_roles where rolname = 'daybook_app'").fetchone()
        if found is None:
            connection.execute("create role daybook_app login")
        connection.execute("alter role daybook_app rename to set_aside")
        yield
        connection.execute("drop role if exists daybook_app")
        connection.execute("alter role set_aside rename to daybook_app")


@pytest.fixture
def hosted(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a database as hosters give it: its owner is no superuser and may create no roles."""
    with postgres.throwaway() as name:
        with admin(postgres.admin_dsn(name)) as connection:
            connection.execute("create extension vector")
            for statement in ("create role {}", "alter role {} login", "grant all on schema public to {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(HOSTED)))
        yield postgres.admin_dsn(name).replace("postgres@", f"{HOSTED}@")
        with admin(postgres.admin_dsn(name)) as connection:
            connection.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(HOSTED)))


def admin(dsn: str) -> psycopg.Connection:
    return psycopg.connect(dsn, autocommit=True)


def rows(dsn: str, query: sql.SQL) -> list[tuple[object, ...]]:
    with admin(dsn) as connection:
        return connection.execute(query).fetchall()


async def test_a_file_is_applied_once(empty_database: TestDatabase, folder: Path) -> None:
    """The first call applies what is there, the second nothing."""
    assert await migrate(empty_database.admin_dsn, folder) == ["0001_first.sql"]
    assert await migrate(empty_database.admin_dsn, folder) == []
    (folder / "0002_more.sql").write_text("create table b (x integer)", encoding="utf-8")
    assert await migrate(empty_database.admin_dsn, folder) == ["0002_more.sql"]
    assert rows(empty_database.admin_dsn, sql.SQL("select * from a")) == [(1,)]


async def test_six_may_migrate_at_once(empty_database: TestDatabase, folder: Path) -> None:
    """Of six that start together on an empty database, one does the work and all succeed."""
    done = await asyncio.gather(*(migrate(empty_database.admin_dsn, folder) for _ in range(6)))
    assert sorted(done) == [[], [], [], [], [], ["0001_first.sql"]]


async def test_six_databases_may_be_migrated_at_once(
    postgres: EmbeddedPostgres, no_application_role: None, folder: Path
) -> None:
    """The application's role belongs to the whole server, and yet several databases may be migrated together."""
    with ExitStack() as stack:
        names = [stack.enter_context(postgres.throwaway()) for _ in range(6)]
        done = await asyncio.gather(*(migrate(postgres.admin_dsn(name), folder) for name in names))
    assert done == [["0001_first.sql"]] * 6


async def test_an_edited_file_is_refused(empty_database: TestDatabase, folder: Path) -> None:
    """A file that changed after it had been applied stops everything, and says which."""
    await migrate(empty_database.admin_dsn, folder)
    (folder / "0001_first.sql").write_text(FIRST + "-- harmless\n", encoding="utf-8")
    with pytest.raises(MigrationError, match=r"0001_first\.sql was edited"):
        await migrate(empty_database.admin_dsn, folder)


async def test_an_unknown_version_is_refused(empty_database: TestDatabase, folder: Path) -> None:
    """A database that a newer Daybook migrated is left alone."""
    (folder / "0002_newer.sql").write_text("select 1", encoding="utf-8")
    await migrate(empty_database.admin_dsn, folder)
    (folder / "0002_newer.sql").unlink()
    with pytest.raises(MigrationError, match=r"has 0002_newer\.sql, which this Daybook does not know"):
        await migrate(empty_database.admin_dsn, folder)


async def test_a_file_between_applied_ones_is_refused(empty_database: TestDatabase, folder: Path) -> None:
    """Files are applied in one order everywhere: a late one with an early number is not slipped in."""
    (folder / "0003_third.sql").write_text("select 1", encoding="utf-8")
    await migrate(empty_database.admin_dsn, folder)
    (folder / "0002_second.sql").write_text("select 1", encoding="utf-8")
    with pytest.raises(MigrationError, match=r"0002_second\.sql comes before 0003_third\.sql"):
        await migrate(empty_database.admin_dsn, folder)


async def test_a_failing_file_leaves_nothing(empty_database: TestDatabase, folder: Path) -> None:
    """A file is applied wholly or not at all; the ones before it stay."""
    (folder / "0002_bad.sql").write_text("create table b (x integer); select nonsense", encoding="utf-8")
    with pytest.raises(MigrationError, match=r"0002_bad\.sql failed .* column \"nonsense\" does not exist"):
        await migrate(empty_database.admin_dsn, folder)
    found = rows(empty_database.admin_dsn, sql.SQL("select to_regclass('a') is null, to_regclass('b') is null"))
    assert found == [(False, True)]


@pytest.mark.parametrize("name", ["1_first.sql", "0001-first.sql", "0001_second.sql"])
def test_a_badly_named_file_is_refused(folder: Path, name: str) -> None:
    """A file whose place in the order is unclear is refused before anything is touched."""
    (folder / name).write_text("select 1", encoding="utf-8")
    with pytest.raises(MigrationError, match="rename"):
        migrations.read(folder)


async def test_the_application_may_use_what_libraries_brought(database: TestDatabase) -> None:
    """The application defers jobs and keeps checkpoints, but owns nothing and cannot touch the schema's record."""
    async with await psycopg.AsyncConnection.connect(database.app_dsn, autocommit=True) as connection:
        await connection.execute(
            "select procrastinate_defer_jobs_v1(array[row('q', 'task', 0, null, null, '{}', null)"
            "::procrastinate_job_to_defer_v1])"
        )
        await connection.execute("select * from procrastinate_fetch_job_v2(null, null)")
        await connection.execute("delete from checkpoints")
        for forbidden in ("delete from schema_versions", "create table mine (x integer)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(forbidden)


async def test_one_address_serves_both_roles(hosted: str, database: TestDatabase, folder: Path) -> None:
    """Where there is one address only, the application takes on its role by `options=-c role=daybook_app`."""
    with admin(database.admin_dsn) as connection:
        connection.execute(sql.SQL("grant daybook_app to {}").format(sql.Identifier(HOSTED)))
    assert await migrate(hosted, folder) == ["0001_first.sql"]
    as_app = f"{hosted}&options={quote('-c role=daybook_app')}"
    assert rows(as_app, sql.SQL("select current_user::text")) == [("daybook_app",)]
    with pytest.raises(MigrationError, match="own the tables"):
        await migrate(as_app, folder)


async def test_a_role_without_rights_is_told_the_statement(hosted: str, database: TestDatabase, folder: Path) -> None:
    """Where the address may not set up the application's role, the error holds what an administrator must run."""
    with pytest.raises(MigrationError, match=r'administrator run `grant daybook_app to "hosted"`'):
        await migrate(hosted, folder)


async def test_a_role_that_may_create_roles_helps_itself(no_application_role: None, hosted: str, folder: Path) -> None:
    """Where the address may create roles, nobody else is needed."""
    with admin(hosted.replace(f"{HOSTED}@", "postgres@")) as connection:
        connection.execute(sql.SQL("alter role {} createrole").format(sql.Identifier(HOSTED)))
    assert await migrate(hosted, folder) == ["0001_first.sql"]


async def test_a_role_that_bypasses_security_is_refused(database: TestDatabase, folder: Path) -> None:
    """An application's role that row-level security does not bind is no fence, and is refused."""
    with admin(database.admin_dsn) as connection:
        connection.execute("alter role daybook_app bypassrls")
        try:
            with pytest.raises(MigrationError, match="nobypassrls"):
                await migrate(database.admin_dsn)
        finally:
            connection.execute("alter role daybook_app nobypassrls")


async def test_an_old_pgvector_is_refused(database: TestDatabase) -> None:
    """A pgvector with known corruption is refused, and the error says how to update it."""
    with admin(database.admin_dsn) as connection:
        connection.execute("update pg_extension set extversion = '0.8.3' where extname = 'vector'")
    with pytest.raises(MigrationError, match=r"has 0\.8\.3: .*alter extension vector update"):
        await migrate(database.admin_dsn)


async def test_a_missing_pgvector_is_told(hosted: str, folder: Path) -> None:
    """Where the extension is missing and the address may not create it, the error says what to run."""
    with admin(hosted.replace(f"{HOSTED}@", "postgres@")) as connection:
        connection.execute("drop extension vector")
    with pytest.raises(MigrationError, match="create extension vector"):
        await migrate(hosted, folder)


async def test_the_packaged_files_are_found(empty_database: TestDatabase, tmp_path: Path) -> None:
    """Without a folder the package's own files are applied, in the order of their numbers."""
    names = sorted(path.name for path in migrations.FOLDER.glob("*.sql"))
    assert await migrate(empty_database.admin_dsn) == names
    copied = shutil.copytree(migrations.FOLDER, tmp_path / "copy")
    assert await migrate(empty_database.admin_dsn, copied) == []
