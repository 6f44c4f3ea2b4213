"""`daybook replay` and `daybook reextract` as an operator has them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.local.postgres import EmbeddedPostgres
from memory.projections import TABLES
from tests.scenarios.command import Commands
from tests.scenarios.exports import team_export


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Commands, str]]:
    """Commands on a home that holds an imported export, and the owner's address of its database."""
    home = tmp_path_factory.mktemp("replaying")
    export = team_export(tmp_path_factory.mktemp("export") / "team.zip")
    with EmbeddedPostgres(home, durable=False) as embedded:
        commands = Commands(home)
        assert commands.run("import", export).code == 0
        yield commands, embedded.admin_dsn()


def test_a_replay_compares_and_names_and_mends(here: tuple[Commands, str]) -> None:
    """`--check` ends with 0 where all is as the log tells, else with 1 and the row named; without it that is mended."""
    commands, dsn = here
    well = commands.run("replay", "--check")
    assert well.code == 0, well
    lines = well.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [each.table for each in TABLES]
    assert all(line.split()[1] == line.split()[2] and line.endswith(" none") for line in lines)
    with psycopg.connect(dsn, autocommit=True) as owner:
        changed = owner.execute(
            "update facts set status = 'dropped'"
            " where fact_id = (select min(fact_id::text)::uuid from facts) returning fact_id"
        ).fetchone()
    assert changed
    found = commands.run("replay", "--check")
    assert found.code == 1
    assert f"  different fact_id={changed[0]}: status" in found.out.splitlines()
    assert commands.run("replay", "--check").out == found.out
    mended = commands.run("replay")
    assert mended.code == 0
    assert "1 rows put right" in mended.out
    assert commands.run("replay", "--check").out == well.out


def test_reextracting_what_was_read_alike_changes_nothing(here: tuple[Commands, str]) -> None:
    """The same engines conclude the same; what a channel is called must fit one."""
    commands, _ = here
    for options in (["--diff"], []):
        found = commands.run("reextract", *options)
        assert (found.code, found.out) == (0, ""), found
    assert "nowhere" in commands.run("reextract", "--container", "nowhere").refusal()
    assert commands.run("replay", "--check").code == 0


def test_a_replay_is_the_owners(here: tuple[Commands, str]) -> None:
    """With the application's address a replay says whose it needs."""
    commands, dsn = here
    app = dsn.replace("postgres@", "daybook_app@")
    assert "DATABASE_URL" in commands.run("replay", "--check", DATABASE_URL=app).refusal()


def test_without_a_database_both_say_what_to_do(tmp_path: Path) -> None:
    """A server that cannot be reached is one line and exit code 2."""
    commands = Commands(tmp_path, {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    for words in (["replay", "--check"], ["reextract"]):
        assert "DATABASE_URL" in commands.run(*words).refusal()
