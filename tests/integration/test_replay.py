"""What is known follows from the log: rebuilt from it, every projection is the same."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from memory import containers, events, facts, messages, people, replay, teams
from memory import settings as settings_store
from memory.database import Connection, Database
from memory.errors import NotTheOwner
from memory.models.audience import Viewer
from memory.models.containers import ContainerKind
from memory.models.facts import FactStatus
from memory.models.ids import TeamId, fact_id, message_id
from memory.models.people import Role
from memory.models.settings import Settings
from memory.projections import TABLES
from memory.replay import Report
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.integration.chat import (
    TEAM,
    at,
    bury,
    container,
    introduce,
    members,
    move,
    open_containers,
    person,
    rows,
    said,
    say,
    take_in_once,
    where,
    who,
)
from tests.integration.test_audience import tell
from tests.integration.test_erasure import tell as remember
from tests.integration.test_messages import Step, histories, take

HISTORIES = int(os.environ.get("DAYBOOK_HISTORIES", "70"))
TRUTH = {"events", "event_keys", "contents", "content_origins", "teams"}
INDEX = {"passages", "passage_terms", "passage_vectors", "passages_to_embed", "indexed_containers"}
WORK = {
    "assurances",
    "inbox",
    "outbox",
    "redraws",
    "leases",
    "listeners",
    "conversation_work",
    "placement_work",
    "task_results",
    "schema_versions",
    "model_calls",
    "model_budgets",
}


async def check(database: TestDatabase) -> Report:
    return await replay.replay(database.admin_dsn, mend=False)


def differing(report: Report) -> list[str]:
    return [table.table for table in report.tables if not table.same]


@pytest.fixture
async def place(house: Database) -> Database:
    """People, places of each kind, a message with all that can be made of it, and changes of everything."""
    await introduce(house, person("ANA"), person("BOB"), person("GUS", "guest"))
    await open_containers(house, container("C1"), container("P1", "private"), container("D1", "dm"))
    await members(house, "P1", "ANA", "GUS")
    await move(house, "P1", "BOB", joined=True, minutes=1)
    await move(house, "P1", "GUS", joined=False, minutes=2)
    async with house.viewing(Viewer.person(who("ANA"))) as connection:
        await settings_store.change(connection, TEAM, who("ANA"), Settings(projects=("Quince",)), "first", at(2))
    return house


async def test_a_day_is_rebuilt_from_the_log(house: Database, database: TestDatabase, export: Path) -> None:
    """After an import with everything that follows from it, a briefing and an answer, a replay finds no difference."""
    await take_in_once(database.app_dsn, export)
    report = await check(database)
    assert differing(report) == []
    filled = {table.table for table in report.tables if table.live_rows}
    assert filled == {each.table for each in TABLES} - {
        "briefings",
        "items",
        "feedback",
        "answers",
        "settings",
        "meetings",
        "offers",
        "ratings",
    }


async def test_everything_told_of_a_message_is_rebuilt(place: Database, database: TestDatabase) -> None:
    """Facts, briefings, items and answers, before and after the message that they rest on is deleted."""
    message = said("C1", 0, "we go with it")
    await say(place, message, said("C1", 0, "we go with that", edited_at=at(1)))
    await remember(place, said("C1", 0, "we go with that", edited_at=at(1)))
    report = await check(database)
    assert differing(report) == []
    empty = ["reactions", "meetings", "fact_links", "offers", "ratings"]
    assert [table.table for table in report.tables if not table.live_rows] == empty
    await bury(place, message)
    await say(place, message)
    assert differing(await check(database)) == []


async def test_states_that_come_back_are_rebuilt(place: Database, database: TestDatabase) -> None:
    """What was so, was otherwise, and is so again, is told three times: people, places and facts."""
    roles: tuple[Role, ...] = ("guest", "member", "guest")
    for role in roles:
        await introduce(place, person("BOB", role))
    kinds: tuple[ContainerKind, ...] = ("private", "public", "private")
    for kind in kinds:
        async with place.house() as connection:
            await containers.convert(connection, TEAM, where("C1"), kind, at(5))
    for archived in (True, False, True):
        async with place.house() as connection:
            await containers.archive(connection, TEAM, where("C1"), archived, at(6))
    for minute in (7, 8, 9):
        async with place.house() as connection:
            await people.start_reading(connection, TEAM, who("BOB"), at(minute))
            await people.stop_reading(connection, TEAM, who("BOB"), at(minute + 0.5))
    message = said("C1", 3, "we go with it")
    await tell(place, message)
    async with place.scribing(where("C1")) as connection:
        fact = (await facts.read(connection, [fact_id(where("C1"), "decision", message.message_id, 0)]))[0]
        wordings = {message.message_id: messages.text_of(message)}
        turns: tuple[FactStatus, ...] = ("reversed", "decided", "reversed")
        for minute, status in enumerate(turns, start=10):
            changed = fact.model_copy(update={"status": status})
            await facts.record(connection, TEAM, [changed], wordings, at(minute))
        await facts.record(connection, TEAM, [], {}, at(14), retired=[changed])
        await facts.record(connection, TEAM, [changed], wordings, at(15))
    async with place.house() as connection:
        told = [each.event.kind for each in await events.read(connection, TEAM, after=0)]
    assert told.count("DecisionReversed") == 3
    assert told.count("ContainerConverted") == 3
    assert differing(await check(database)) == []


async def test_what_has_not_changed_is_not_told_again(place: Database) -> None:
    """Reading the same directory, members and history every hour adds nothing to the log."""

    async def look_again() -> None:
        await introduce(place, person("ANA"), person("GUS", "guest"))
        await open_containers(place, container("C1"), container("P1", "private"))
        await members(place, "P1", "ANA", "BOB", minutes=30)
        async with place.house() as connection:
            await containers.left(connection, TEAM, where("D1"), at(40))
            await containers.note(connection, TEAM, container("C1"), at(41))
            await people.note(connection, TEAM, "slack", "ANA", at(42))
        await say(place, said("C1", 3, "again"))

    await look_again()
    async with place.house() as connection:
        before = len(await events.read(connection, TEAM, after=0))
    await look_again()
    async with place.house() as connection:
        assert len(await events.read(connection, TEAM, after=0)) == before


CHANGES = {
    "people": "update people set role = 'guest' where person_id = %(ana)s",
    "memberships": "update memberships set joined = true where not joined",
    "messages": "update messages set author_id = null",
    "message_revisions": "delete from message_revisions",
    "conversations": "update conversations set ended_at = ended_at + interval '1 s'",
    "facts": "update facts set status = 'reversed'",
    "evidence": "delete from evidence",
    "containers": "update containers set kind = 'public' where kind = 'private'",
    "fact_versions": "update fact_versions set superseded_at = now()",
    "briefings": "update briefings set due_at = due_at + interval '1 s'",
    "items": "update items set section = 'also'",
    "feedback": "update feedback set until = '2026-12-01'",
    "answers": "update answers set engine = 'model'",
    "identities": "insert into identities values ('T1', 'slack', 'EVE', gen_random_uuid())",
}


@pytest.mark.parametrize("table", CHANGES)
async def test_a_row_changed_by_hand_is_named_and_mended(place: Database, database: TestDatabase, table: str) -> None:
    """A row that stands otherwise than the log tells is named with its key; a replay puts it right."""
    message = said("C1", 0, "we go with it")
    await say(place, message)
    await remember(place, message)
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        owner.execute(CHANGES[table].encode(), {"ana": who("ANA")})
    report = await check(database)
    assert differing(report) == [table]
    found = next(each for each in report.tables if each.table == table)
    assert len(found.differences) == 1
    assert set(found.differences[0].key) == set(next(each.key for each in TABLES if each.table == table))
    mended = await replay.replay(database.admin_dsn, mend=True)
    assert [(each.table, each.mended) for each in mended.tables if each.mended] == [(table, 1)]
    assert differing(await check(database)) == []


async def test_words_of_the_directory_survive_a_replay(place: Database, database: TestDatabase) -> None:
    """Names are no event's: a replay that mends a person's row leaves them."""
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        owner.execute("update people set role = 'guest' where real_name = 'ANA'")
    await replay.replay(database.admin_dsn, mend=True)
    async with place.house() as connection:
        ana = (await people.roster(connection, TEAM))[who("ANA")]
    assert (ana.role, ana.real_name) == ("member", "ANA")


async def test_every_table_is_accounted_for(place: Database) -> None:
    """A table follows from the log, or is truth beside it, or holds work or a cache: a new one has to say which."""
    query = """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and not relispartition and relname not like 'procrastinate%%' and relname not like 'checkpoint%%'"""
    async with place.house() as connection:
        found = {row["relname"] for row in await rows(connection, query)}
    assert found == {each.table for each in TABLES} | TRUTH | WORK | INDEX


async def test_the_application_cannot_replay(place: Database, database: TestDatabase) -> None:
    """A replay sees every row, so it is the owner's alone, and says so."""
    with pytest.raises(NotTheOwner, match="DATABASE_URL"):
        await replay.replay(database.app_dsn, mend=False)


async def test_two_teams_are_rebuilt_apart(place: Database, database: TestDatabase) -> None:
    """The logs of two workspaces in one database do not mix."""
    other = TeamId("T2")
    async with place.house() as connection:
        await teams.see(connection, Team(team_id=other))
        await people.see(connection, other, [person("ANA").model_copy(update={"team_id": other})], at(1))
    assert differing(await check(database)) == []


@pytest.fixture
async def replayed(house: Database, database: TestDatabase) -> AsyncIterator[list[str]]:
    """Names what was played; at the end the whole log is replayed, and has to lead to the same rows."""
    played: list[str] = []
    yield played
    assert played
    assert differing(await check(database)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=HISTORIES)
@given(history=histories())
async def test_any_history_in_any_order_is_one_state_and_replays(
    house: Database, replayed: list[str], history: tuple[list[Step], list[list[Step]]]
) -> None:
    """Posts, edits, deletions and reactions, repeated, mixed and batched: one state, and the log leads there again."""
    happened, batches = history
    states = []
    for name, parts in ((f"A{len(replayed)}", [[step] for step in happened]), (f"B{len(replayed)}", batches)):
        async with house.scribing(where(name)) as connection:
            for batch in parts:
                await take(connection, [moved(step, name) for step in batch])
            states.append(await state_of(connection, name))
    replayed.append("history")
    assert states[0] == states[1]


def moved(step: Step, name: str) -> Step:
    """The same in another container."""
    here = where(name)
    ts_of = {each.message_id: each.external_ts for each in (said("C1", minute, "") for minute in range(3))}
    return step.model_copy(update={"container_id": here, "message_id": message_id(here, ts_of[step.message_id])})


async def state_of(connection: Connection, name: str) -> list[list[dict[str, Any]]]:
    """Everything that a container's messages came to, without the ids that it gives them."""
    return [await rows(connection, query, c=where(name)) for query in STATES]


STATES = (
    """select m.external_ts, m.thread_ts, m.author_id, m.kind, m.posted_at, m.mentions, m.client_msg_id, m.edited_at,
              m.deleted_at, m.length, c.body
         from messages m left join contents c using (content_id) where m.container_id = %(c)s order by 1""",
    """select m.external_ts, r.at, c.body from message_revisions r join messages m using (message_id)
         left join contents c on c.content_id = r.content_id where r.container_id = %(c)s order by 1, 2""",
    """select m.external_ts, r.person_id, r.name, r.added, r.at from reactions r left join messages m using (message_id)
        where r.container_id = %(c)s order by 2, 3, 1 nulls first, 5, 4""",
    "select body from contents where container_id = %(c)s order by 1",
)
