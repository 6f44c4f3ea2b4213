"""Daybook from its door to what it would post, with its real jobs and without Slack: what is sent is rendered only."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from bot.clock import FixedClock
from bot.engine_room import EngineRoom, compiled_graphs
from bot.jobs import Jobs
from bot.runs import Runs
from graphs import indexing
from handlers import decode
from handlers.listeners import Intake
from handlers.routes import Router
from handlers.surfaces import Rendered, Surfaces
from memory import checkpoints, containers, outbox, people, retrieval, teams
from memory.database import Database, open_pool
from memory.models.containers import Container, ContainerKind
from memory.models.ids import AnswerId, BriefingId, ContainerId, OutboxId, PersonId, TeamId, container_id, person_id
from memory.models.people import Person
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.embedding import Hashing

TEAM, DAYBOOK = TeamId("T1"), "UBOT"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
READER, COLLEAGUE = "U1", "U2"
PLACES: dict[str, ContainerKind] = {"C1": "public", "C2": "private", "C3": "group_dm"}


@dataclass
class Whole:
    database: Database
    intake: Intake
    router: Router
    rooms: EngineRoom
    surfaces: Surfaces
    jobs: Jobs
    dsn: str
    app_dsn: str
    aside: list[str] = field(default_factory=list)
    shown: list[Rendered] = field(default_factory=list)

    def declare_work(self) -> None:
        self.jobs.declare(
            {
                "handle": self._handle,
                "read_container": self._nothing,
                "extract": self._extract,
                "notice_activity": self._notice_activity,
                "brief_now": self._brief_now,
                "brief": self._brief,
                "answer": self._answer,
                "send": self._send,
                "show_home": self._show_home,
                "index": self._index,
            }
        )

    async def take(self, *bodies: Mapping[str, Any]) -> None:
        for body in bodies:
            await self.intake.take(body)

    async def work(self, within: float = 60.0) -> None:
        """Does all the work there is; fails when some of it does not end."""
        deadline = time.monotonic() + within
        while self.value("select count(*) from procrastinate_jobs where status in ('todo', 'doing')"):
            assert time.monotonic() < deadline, self.rows(
                "select task_name, status, attempts, args from procrastinate_jobs where status in ('todo', 'doing')"
            )
            await self.jobs.app.run_worker_async(
                wait=False, concurrency=2, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )
            await asyncio.sleep(0.05)

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query.encode()).fetchall()

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    async def _nothing(self, external_id: str) -> None:
        """There is no Slack to read."""

    async def _handle(self, place: str) -> None:
        self.aside += [type(each.error).__name__ for each in await self.router.take(place)]

    async def _extract(self, container_id: str) -> None:
        await self.rooms.extract(ContainerId(UUID(container_id)))

    async def _index(self, container_id: str) -> None:
        await self.rooms.index(ContainerId(UUID(container_id)))

    async def _notice_activity(self, person_id: str) -> None:
        await self.rooms.notice_activity(PersonId(UUID(person_id)))

    async def _brief_now(self, person_id: str) -> None:
        await self.rooms.brief_now(PersonId(UUID(person_id)))

    async def _brief(self, briefing_id: str) -> None:
        await self.rooms.brief(BriefingId(UUID(briefing_id)))

    async def _answer(self, answer_id: str, viewer: str) -> None:
        await self.rooms.answer(AnswerId(UUID(answer_id)), viewer)

    async def _send(self, outbox_id: str) -> None:
        async with self.database.house() as connection:
            intent = await outbox.read(connection, OutboxId(UUID(outbox_id)))
        assert intent is not None
        rendered = await self.surfaces.render(intent)
        if rendered is not None:
            self.shown.append(rendered)
        async with self.database.house() as connection:
            await outbox.sent(connection, intent.outbox_id, intent.channel or "D1", "1.000001", NOW)

    async def _show_home(self, external_id: str) -> None:
        await self.surfaces.home(person_id(TEAM, decode.SLACK, external_id))


@asynccontextmanager
async def daybook(database: TestDatabase) -> AsyncIterator[Whole]:
    """A team with a reader and a colleague, in a public and a private channel and a group DM."""
    pool = open_pool(database.app_dsn, most=8)
    await pool.open()
    jobs = Jobs(database.app_dsn, extraction_delay=0)
    try:
        async with jobs.app.open_async():
            store, saver, clock = Database(pool), checkpoints.saver(pool), FixedClock(NOW)
            runs = Runs(TEAM, DAYBOOK, store, saver, compiled_graphs(saver), clock, jobs, "whole", Hashing())
            whole = Whole(
                store,
                Intake(TEAM, DAYBOOK, store, jobs),
                Router(TEAM, DAYBOOK, store, jobs, clock),
                EngineRoom(TEAM, store, runs, jobs, clock, Hashing()),
                Surfaces(TEAM, store),
                jobs,
                database.admin_dsn,
                database.app_dsn,
            )
            whole.declare_work()
            async with store.house() as connection:
                await retrieval.open_space(connection, indexing.space_of(Hashing()))
            await _furnish(store)
            yield whole
    finally:
        await pool.close()


async def _furnish(store: Database) -> None:
    everybody = [_person(READER, "Ana Lima"), _person(COLLEAGUE, "Bo Lind")]
    places = [
        Container(container_id=_where(name), team_id=TEAM, external_id=name, kind=kind, name=name.lower())
        for name, kind in PLACES.items()
    ]
    async with store.house() as connection:
        bot = person_id(TEAM, decode.SLACK, DAYBOOK)
        await teams.see(connection, Team(team_id=TEAM, url="https://acme.example/", bot_person_id=bot))
    async with store.house() as connection:
        await people.see(connection, TEAM, everybody, NOW)
        await containers.see(connection, TEAM, places, NOW)
        for name in PLACES:
            present = [each.person_id for each in everybody]
            await containers.set_members(connection, TEAM, _where(name), present, NOW)
    async with store.house() as connection:
        await people.start_reading(connection, TEAM, everybody[0].person_id, NOW)


def _person(external_id: str, name: str) -> Person:
    return Person(
        person_id=person_id(TEAM, decode.SLACK, external_id), team_id=TEAM, external_id=external_id, real_name=name
    )


def _where(external_id: str) -> ContainerId:
    return container_id(TEAM, decode.SLACK, external_id)
