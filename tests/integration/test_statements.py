import re
from pathlib import Path

import psycopg
import pytest

import memory
from memory import statements
from memory.database import open_pool
from tests.conftest import TestDatabase

PACKAGE = Path(memory.__file__).parent
NOUNS = sorted(path.stem for path in (PACKAGE / "sql").glob("*.sql"))
EVERY_STATEMENT = [(noun, name) for noun in NOUNS for name in statements.load(noun)]
OWNERS = {"versions", "replay"}
"""Files whose statements only the owner of the tables may run."""


def numbered(statement: str) -> bytes:
    """The statement with `$1` for its first named parameter and so on, as the server sees it."""
    names: list[str] = []

    def number(parameter: re.Match[str]) -> str:
        if parameter[0] == "%%":
            return "%"
        if parameter[1] not in names:
            names.append(parameter[1])
        return f"${names.index(parameter[1]) + 1}"

    return re.sub(r"%%|%\((\w+)\)[sbt]", number, statement).encode()


@pytest.mark.parametrize(("noun", "name"), EVERY_STATEMENT, ids=str)
def test_every_statement_fits_the_schema(shared_database: TestDatabase, noun: str, name: str) -> None:
    """Each statement of each file can be prepared against the migrated schema, and may be run by the application."""
    statement = numbered(statements.load(noun)[name])
    dsn = shared_database.admin_dsn if noun in OWNERS else shared_database.app_dsn
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(b"prepare it as " + statement)
        connection.execute(b"explain (generic_plan) " + statement)


@pytest.mark.parametrize("noun", [noun for noun in NOUNS if noun != "versions"])
def test_every_statement_is_used(noun: str) -> None:
    """No statement outlives its last use: each is named in the module of its noun."""
    module = (PACKAGE / f"{noun}.py").read_text(encoding="utf-8")
    assert [name for name in statements.load(noun) if f'"{name}"' not in module] == []


async def test_a_connection_keeps_every_statement_prepared(shared_database: TestDatabase) -> None:
    """However many of them come round, none is planned anew for the others."""
    pool = open_pool(shared_database.app_dsn, most=1)
    await pool.open()
    async with pool.connection() as connection:
        for turn in range(2):
            for number in range(len(EVERY_STATEMENT)):
                await connection.execute(f"select {number} + %s::integer", (turn,))
        row = await (await connection.execute("select count(*) as many from pg_prepared_statements")).fetchone()
    await pool.close()
    assert row
    assert row["many"] >= len(EVERY_STATEMENT)
