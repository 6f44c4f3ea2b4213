"""The two fences apart: each must hold with the other one down."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from memory import containers, conversations, facts, messages, retrieval
from memory.database import VIEWER, Database
from memory.models.audience import Viewer
from tests.conftest import TestDatabase
from tests.integration.chat import (
    TEAM,
    at,
    container,
    introduce,
    members,
    move,
    open_containers,
    person,
    rows,
    said,
    say,
    where,
    who,
)
from tests.integration.test_audience import PELICAN, tell

SEARCHED = ("passages", "passage_terms", "passage_vectors", "passages_to_embed", "indexed_containers")
FENCED = (
    *(
        "messages",
        "message_revisions",
        "reactions",
        "conversations",
        "facts",
        "evidence",
        "fact_versions",
        "fact_links",
    ),
    *("contents", "task_results", "items", "feedback", "answers"),
    *SEARCHED,
)
ANA, BOB = Viewer.person(who("ANA")), Viewer.person(who("BOB"))


@pytest.fixture
async def place(house: Database) -> Database:
    """A private channel with Ana in it and a message, its conversation, and a fact; Bob is elsewhere."""
    await introduce(house, person("ANA"), person("BOB"))
    await open_containers(house, container("PRV", "private"), container("OTHER", "private"))
    await members(house, "PRV", "ANA")
    await members(house, "OTHER", "BOB")
    await tell(house, said("PRV", 1, "pelican"))
    return house


@pytest.fixture
def second_fence_down(place: Database, database: TestDatabase) -> None:
    """Row-level security is off everywhere: only the predicates in the statements hold."""
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        for table in FENCED:
            owner.execute(sql.SQL("alter table {} disable row level security").format(sql.Identifier(table)))


async def test_predicates_hold_without_row_level_security(place: Database, second_fence_down: None) -> None:
    """Whatever looks for something on a viewer's behalf filters by itself."""
    for viewer, many in ((ANA, 1), (BOB, 0), (Viewer.channel(where("OTHER")), 0), (Viewer.channel(where("PRV")), 1)):
        async with place.viewing(viewer) as connection:
            assert len(await rows(connection, "select from messages")) == 1  # the fence is down indeed
            assert len(await retrieval.search(connection, viewer, PELICAN, 5)) == many
            assert (await retrieval.frequencies(connection, viewer, ["pelican"])).holding == {"pelican": many}
            assert len(await conversations.between(connection, viewer, at(0), at(9), 5)) == many
            assert len(await facts.current_for(connection, viewer, at(0), at(9), 5)) == many
            assert (await messages.coverage(connection, viewer, at(0), at(9))).messages == many
            assert len(await containers.readable(connection, viewer) & {where("PRV")}) == many


@pytest.mark.parametrize(
    "table",
    [
        *("messages", "message_revisions", "conversations", "facts", "evidence", "fact_versions", "contents"),
        *SEARCHED,
    ],
)
async def test_row_level_security_holds_without_predicates(place: Database, table: str) -> None:
    """A query that forgets to ask who reads gets what the viewer may read; without a viewer it gets nothing."""
    query = f"select container_id from {table}"
    async with place.viewing(ANA) as connection:
        assert {row["container_id"] for row in await rows(connection, query)} == {where("PRV")}
    async with place.viewing(BOB) as connection:
        assert await rows(connection, query) == []
    async with place.house() as connection:
        assert await rows(connection, query) == []


async def test_every_table_with_words_or_containers_is_fenced(place: Database) -> None:
    """A table whose rows belong to one container or one viewer has row-level security on."""
    open_tables = """
        select c.relname from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
           and not c.relrowsecurity and not c.relispartition
           and exists (select from pg_attribute a
                        where a.attrelid = c.oid and a.attname in ('content_id', 'text_id', 'container_id'))"""
    async with place.house() as connection:
        found = {row["relname"] for row in await rows(connection, open_tables)}
    # Who is where, and which text rests on which: ids without words, which the rights themselves are made of.
    assert found == {"assurances", "containers", "memberships", "content_origins"}


async def test_a_viewer_ends_with_its_transaction(place: Database) -> None:
    """A pooled connection does not remember for whom it read last."""
    for _ in range(30):
        async with place.viewing(ANA) as connection:
            assert len(await rows(connection, "select from messages")) == 1
        async with place.scribing(where("PRV")) as connection:
            assert len(await rows(connection, "select from messages")) == 1
        async with place.house() as connection:
            assert await rows(connection, "select from messages") == []


@pytest.mark.parametrize("table", ["messages", "conversations", "facts", "contents", *SEARCHED])
@pytest.mark.parametrize("change", ["update {} set team_id = team_id", "delete from {}"])
async def test_a_viewer_changes_no_containers_rows(place: Database, table: str, change: str) -> None:
    """Who may read a container's rows may not change them."""
    async with place.viewing(ANA) as connection:
        assert (await connection.execute(change.format(table).encode())).rowcount == 0


async def test_a_scribe_writes_its_container_alone(place: Database) -> None:
    """The work on one container cannot store, change or move anything in another."""
    async with place.scribing(where("OTHER")) as connection:
        assert await rows(connection, "select from messages") == []
        assert (await connection.execute("update messages set team_id = team_id")).rowcount == 0
        assert (await connection.execute("delete from facts")).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with place.scribing(where("OTHER")) as connection:
            await messages.store(connection, TEAM, [said("PRV", 2, "smuggled")])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with place.scribing(where("PRV")) as connection:
            await connection.execute("update messages set container_id = %s", (where("OTHER"),))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with place.house() as connection:
            await messages.store(connection, TEAM, [said("PRV", 2, "by nobody")])


async def test_the_application_is_bound(place: Database, database: TestDatabase) -> None:
    """Its role is no superuser, bypasses nothing, owns nothing, and creates nothing in our schema."""
    with psycopg.connect(database.app_dsn) as connection:
        role = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "select count(*) from pg_class where relowner = current_user::regrole"
            " and relnamespace = 'public'::regnamespace"
        ).fetchone()
        assert (role, owned) == ((False, False, False, False), (0,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table public.mine (x int)")


@pytest.mark.parametrize(
    "way", ["set role postgres", "set session authorization postgres", "alter role daybook_app superuser"]
)
async def test_the_application_cannot_become_another(place: Database, database: TestDatabase, way: str) -> None:
    """No statement lifts it out of its role."""
    with psycopg.connect(database.app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(way.encode())


async def test_no_connection_option_makes_it_another(place: Database, database: TestDatabase) -> None:
    """Nor does an option in its address."""
    with pytest.raises(psycopg.OperationalError, match="role"):
        psycopg.connect(database.app_dsn, options="-c role=postgres").close()
    unfenced = psycopg.connect(database.app_dsn, options="-c row_security=off")
    with unfenced as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select * from messages")


async def test_a_temporary_table_does_not_stand_in_for_a_real_one(place: Database) -> None:
    """What decides about rights reads our tables, whatever the application puts beside them."""
    async with place.viewing(BOB) as connection:
        await connection.execute("create temp table memberships as select * from public.memberships")
        await connection.execute("update memberships set person_id = %s", (who("BOB"),))
        await connection.execute("create temp table people as select * from public.people")
        await connection.execute("create temp table containers as select * from public.containers")
        await connection.execute("update containers set kind = 'public'")
        assert where("PRV") not in await containers.readable(connection, BOB)
        assert await retrieval.search(connection, BOB, PELICAN, 5) == []
        assert await rows(connection, "select from public.messages") == []


async def test_the_viewer_is_looked_up_once_for_each_table(place: Database) -> None:
    """Rights are worked out once in a query for each fenced table, and not once for each row."""
    for n in range(30):
        await say(place, said("PRV", n + 5, f"message {n}"))
    async with place.viewing(ANA) as connection:
        (row,) = await rows(connection, "explain (analyze, verbose, format json) select * from messages")
    plan = row["QUERY PLAN"][0]["Plan"]
    once = [node for node in plan["Plans"] if node["Parent Relationship"] == "InitPlan"]
    assert [(node["Output"], node["Actual Loops"]) for node in once] == [(["visible_containers()"], 1)]
    assert plan["Actual Rows"] == 31
    assert str(plan).count("visible_containers()") == 1


async def test_no_partition_is_a_way_around_the_fence(place: Database) -> None:
    """Vectors are read through their table, whose fence holds, and not from the partition in which they stand."""
    async with place.house() as connection:
        (row,) = await rows(
            connection, "select relid::text as name from pg_partition_tree('passage_vectors') where isleaf"
        )
    assert row["name"].startswith("passage_vectors_")
    for statement in (f"select from {row['name']}", f"delete from {row['name']}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with place.viewing(ANA) as connection:
                await connection.execute(statement.encode())


async def test_what_may_be_seen_is_that_of_the_viewer_and_of_now(place: Database) -> None:
    """It is kept for a transaction, and for nobody else: not for another viewer in it, nor for the next one."""
    seen = "select from messages"
    async with place.viewing(ANA) as connection:
        assert len(await rows(connection, seen)) == 1
        await rows(connection, "select set_config(%(name)s, %(bob)s, true)", name=VIEWER, bob=str(who("BOB")))
        assert await rows(connection, seen) == []
        await rows(connection, "select set_config(%(name)s, %(ana)s, true)", name=VIEWER, ana=str(who("ANA")))
        assert len(await rows(connection, seen)) == 1
    async with place.house() as connection:
        assert await rows(connection, seen) == []
    await move(place, "PRV", "ANA", joined=False, minutes=5)
    async with place.viewing(ANA) as connection:
        assert await rows(connection, seen) == []


@pytest.mark.parametrize("whose", ["actor_id", "counterparty_id"])
async def test_facts_are_found_by_what_is_asked_of_them(place: Database, database: TestDatabase, whose: str) -> None:
    """By kind, by whom they are of or for, and by where they stand; each alone leaves others out."""
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        owner.execute(sql.SQL("update facts set {} = %s").format(sql.Identifier(whose)), (who("ANA"),))
    asked: list[tuple[dict[str, Any], int]] = [
        ({}, 1),
        ({"place": where("PRV")}, 1),
        ({"place": where("OTHER")}, 0),
        ({"people": [who("ANA")]}, 1),
        ({"people": [who("BOB")]}, 0),
    ]
    async with place.viewing(ANA) as connection:
        (kind,) = [row["kind"] for row in await rows(connection, "select kind from facts")]
        asked += [({"kinds": [kind]}, 1), ({"kinds": ["question" if kind != "question" else "decision"]}, 0)]
        for given, many in asked:
            assert len(await facts.current_for(connection, ANA, at(0), at(9), 5, **given)) == many, given
