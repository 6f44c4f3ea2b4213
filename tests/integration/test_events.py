import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql

from memory import events
from memory.database import Database
from memory.models.events import Event, Recorded
from memory.models.happenings.telling import MessageSent
from tests.conftest import TestDatabase
from tests.integration.chat import TEAM, at, rows, who


def event(key: str) -> Event:
    told = MessageSent(subject_id=who(key), surface="answer", channel="C1", ts=key)
    return Event(team_id=TEAM, key=key, occurred_at=at(0), told=told)


def keys(read: Sequence[Recorded]) -> list[str]:
    return [each.event.told.ts for each in read if isinstance(each.event.told, MessageSent)]


def log_tables(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "select relname from pg_class where relname like 'events%' and relkind in ('r', 'p')"
        ).fetchall()
    return sorted(name for (name,) in found)


@pytest.mark.parametrize("statement", ["update {} set team_id = 'T2'", "delete from {}", "truncate {}"])
async def test_nothing_is_taken_back(house: Database, database: TestDatabase, statement: str) -> None:
    """The application can change or remove nothing in the log, by whatever table it reaches for it."""
    async with house.house() as connection:
        await events.append(connection, TEAM, [event("a")])
    tables = [*log_tables(database.admin_dsn), "event_keys"]
    assert len(tables) >= 5  # the log, its default, three months, and the keys
    for table in tables:
        with psycopg.connect(database.app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL(statement).format(sql.Identifier(table)))


async def test_partitions_cannot_be_written_past_the_log(house: Database, database: TestDatabase) -> None:
    """A month's partition belongs to the owner alone: rows come in through the log, or not at all."""
    months = [name for name in log_tables(database.admin_dsn) if name not in {"events", "events_default"}]
    for table in months:
        with psycopg.connect(database.app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("insert into {} select * from events").format(sql.Identifier(table)))


async def test_a_key_counts_once(house: Database) -> None:
    """An event with a known key changes nothing, whether it comes again later or twice in one batch."""
    async with house.house() as connection:
        first = await events.append(connection, TEAM, [event("a"), event("b"), event("a")])
        again = await events.append(connection, TEAM, [event("b"), event("c")])
        assert [each.key for each in (*first.fresh, *again.fresh)] == ["a", "b", "c"]
        read = await events.read(connection, TEAM, after=0)
    assert [each.position for each in read] == [1, 2, 3]
    assert keys(read) == ["a", "b", "c"]


async def test_a_rollback_leaves_no_gap(house: Database) -> None:
    """Positions of a transaction that failed are used by the next one, and its keys are free."""
    async with house.house() as connection, connection.transaction(force_rollback=True):
        await events.append(connection, TEAM, [event("a"), event("b")])
    async with house.house() as connection:
        assert (await events.append(connection, TEAM, [event("b")])).fresh == (event("b"),)
        assert [each.position for each in await events.read(connection, TEAM, after=0)] == [1]


async def test_nothing_appears_behind_a_reader(house: Database) -> None:
    """However writers race and in whatever order they commit, a reader that goes on from its cursor misses nothing."""
    seen: list[int] = []
    done = asyncio.Event()

    async def follow() -> None:
        while not (done.is_set() and len(seen) == 200):
            async with house.house() as connection:
                read = await events.read(connection, TEAM, after=max(seen, default=0))
                seen.extend(each.position for each in read)
            await asyncio.sleep(0)

    async def write(writer: int) -> None:
        for turn in range(10):
            async with house.house() as connection:
                await events.append(connection, TEAM, [event(f"{writer}-{turn}-{part}") for part in range(2)])
                await asyncio.sleep(0.002 * (10 - writer))

    following = asyncio.create_task(follow())
    await asyncio.gather(*(write(writer) for writer in range(10)))
    done.set()
    async with asyncio.timeout(10):
        await following
    assert seen == list(range(1, 201))


async def test_who_appends_first_commits_first(house: Database) -> None:
    """A second writer cannot commit before the first, and so no later position is seen without the earlier one."""
    order: list[str] = []

    async def write(name: str, begun: asyncio.Event, wait: asyncio.Event | None) -> None:
        async with house.house() as connection:
            if wait:
                await wait.wait()
            await events.append(connection, TEAM, [event(name)])
            begun.set()
            if name == "slow":
                await asyncio.sleep(0.2)
            order.append(name)

    slow, quick = asyncio.Event(), asyncio.Event()
    async with house.house() as reader:
        await asyncio.gather(write("slow", slow, None), write("quick", quick, slow))
        read = await events.read(reader, TEAM, after=0)
    assert order == ["slow", "quick"]
    assert keys(read) == ["slow", "quick"]


async def test_writers_of_the_same_keys_do_not_deadlock(house: Database) -> None:
    """Eight writers that append the same events in opposite orders all succeed, and each event stands once."""

    async def write(backwards: bool) -> None:
        for turn in range(10):
            keys = [f"{turn}-{part}" for part in range(20)]
            async with house.house() as connection:
                for half in (keys[:10], keys[10:])[:: -1 if backwards else 1]:
                    await events.append(connection, TEAM, [event(key) for key in half[:: -1 if backwards else 1]])

    await asyncio.gather(*(write(bool(writer % 2)) for writer in range(8)))
    async with house.house() as connection:
        read = await events.read(connection, TEAM, after=0)
    assert [each.position for each in read] == list(range(1, 201))


async def test_events_fall_into_their_month(house: Database) -> None:
    """After migrating, this month and the next ones are open, and nothing falls into the default partition."""
    async with house.house() as connection:
        await events.append(connection, TEAM, [event("a")])
        found = await rows(connection, "select tableoid::regclass::text as part, recorded_at from events")
    assert [row["part"] for row in found] == [f"events_{datetime.now(UTC):%Y_%m}"]


async def test_opening_months_is_idempotent(house: Database) -> None:
    """Any number may open the months ahead, at once and again."""

    async def open_them() -> None:
        async with house.house() as connection:
            await events.open_partitions(connection)

    await asyncio.gather(*(open_them() for _ in range(6)))


async def test_a_month_opened_late_takes_its_events_over(house: Database, database: TestDatabase) -> None:
    """Events that came before their month was opened move into it; the default partition is empty again."""
    month = f"events_{datetime.now(UTC):%Y_%m}"
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        owner.execute(sql.SQL("drop table {}").format(sql.Identifier(month)))
    async with house.house() as connection:
        await events.append(connection, TEAM, [event("a"), event("b")])
    async with house.house() as connection:
        await connection.execute("set local timezone = 'Pacific/Kiritimati'")
        await events.open_partitions(connection)
    async with house.house() as connection:
        found = await rows(connection, "select tableoid::regclass::text as part from events order by position")
    assert [row["part"] for row in found] == [month, month]
