"""A small invented workspace for tests of memory: short ways to say who is where and who said what."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bot.clock import FixedClock
from bot.offline import Report, no_progress, offline, take_in, work_out
from handlers.sources.export import Export
from memory import containers, messages, people
from memory.database import Connection, Database
from memory.models.containers import Container, ContainerKind, Membership
from memory.models.ids import ContainerId, MessageId, PersonId, TeamId, container_id, message_id, person_id
from memory.models.messages import Deletion, Message
from memory.models.people import Person, Role
from tests.embedding import Hashing

TEAM = TeamId("T1")
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def ts(minutes: float) -> str:
    return f"{at(minutes).timestamp():.6f}"


def person(name: str, role: Role = "member", *, deactivated: bool = False) -> Person:
    return Person(
        person_id=who(name), team_id=TEAM, external_id=name, real_name=name, role=role, deactivated=deactivated
    )


def who(name: str) -> PersonId:
    return person_id(TEAM, "slack", name)


def where(name: str) -> ContainerId:
    return container_id(TEAM, "slack", name)


def container(name: str, kind: ContainerKind = "public", *, read: bool = True) -> Container:
    return Container(
        container_id=where(name), team_id=TEAM, external_id=name, kind=kind, name=name, read_by_daybook=read
    )


def said(place: str, minutes: float, text: str, author: str | None = "ANA", **more: Any) -> Message:
    here = where(place)
    return Message(
        message_id=message_id(here, ts(minutes)),
        team_id=TEAM,
        container_id=here,
        external_ts=ts(minutes),
        author_id=who(author) if author else None,
        posted_at=at(minutes),
        text=text,
        **more,
    )


def deleted(message: Message, minutes: float) -> Deletion:
    return Deletion(
        team_id=TEAM,
        container_id=message.container_id,
        message_id=message.message_id,
        external_ts=message.external_ts,
        posted_at=message.posted_at,
        at=at(minutes),
    )


async def open_containers(house: Database, *found: Container) -> None:
    async with house.house() as connection:
        await containers.see(connection, TEAM, found, START)


async def introduce(house: Database, *found: Person) -> None:
    async with house.house() as connection:
        await people.see(connection, TEAM, found, START)


async def members(house: Database, place: str, *names: str, minutes: float = 0) -> None:
    """The container's full list of members, as read at a time."""
    async with house.house() as connection:
        await containers.set_members(connection, TEAM, where(place), [who(name) for name in names], at(minutes))


async def move(house: Database, place: str, name: str, *, joined: bool, minutes: float) -> None:
    change = Membership(container_id=where(place), person_id=who(name), joined=joined, at=at(minutes))
    async with house.house() as connection:
        await containers.change_members(connection, TEAM, [change])


async def say(house: Database, *found: Message) -> list[MessageId]:
    """Stores the messages, each container's as its scribe."""
    changed: list[MessageId] = []
    for place in sorted({message.container_id for message in found}):
        async with house.scribing(place) as connection:
            here = [message for message in found if message.container_id == place]
            changed += await messages.store(connection, TEAM, here)
    return changed


async def bury(house: Database, message: Message, minutes: float = 60) -> None:
    async with house.scribing(message.container_id) as connection:
        await messages.bury(connection, deleted(message, minutes))


async def rows(connection: Connection, query: str, **given: object) -> list[dict[str, Any]]:
    return await (await connection.execute(query.encode(), given)).fetchall()


def begin_anew(dsn: str) -> None:
    """Empties everything but the team: log, texts and what was made of them; `dsn` is the owner's."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and not relispartition and relname !~ '^(procrastinate|checkpoint|teams|schema_versions)'"
        ).fetchall()
        connection.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(sql.Identifier(name) for (name,) in found)))
        connection.execute("update teams set last_position = 0")


def dump(dsn: str) -> dict[str, str]:
    """Every row of every table as text, by the table's name; `dsn` is the owner's."""
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        tables = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and not relispartition order by 1"
        ).fetchall()
        found = {}
        for table in tables:
            everything = sql.SQL("select coalesce(string_agg(t::text, e'\n' order by t::text), '') as text from {} t")
            row = connection.execute(everything.format(sql.Identifier(table["relname"]))).fetchone()
            found[table["relname"]] = row["text"] if row else ""
        return found


def canaries(dsn: str, canary: str) -> list[str]:
    """The tables in which a string stands, in text, JSON or bytes."""
    hidden = canary.encode().hex()
    return [name for name, text in dump(dsn).items() if canary in text or hidden in text]


async def take_in_once(dsn: str, path: Path, *, thinking: bool = True) -> Report:
    with Export(path) as opened:
        async with offline(dsn, opened.team, FixedClock(at(600)), Hashing()) as here:
            report = await take_in(here, opened, "https://acme.example/", no_progress)
            if thinking:
                await work_out(here, [each.container_id for each in opened.containers()], report, no_progress)
    return report
