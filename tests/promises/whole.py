"""Daybook from its door to what it would post, with its real jobs and without Slack: what is sent is rendered only."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Daybook, compose
from bot.clock import FixedClock
from bot.jobs import Jobs
from bot.language.asking import Language
from bot.settings import Settings
from bot.slack import Workspace
from graphs import indexing
from graphs.ports import Clock
from handlers import decode
from handlers.surfaces import Rendered, Surfaces
from memory import containers, outbox, people, retrieval, teams
from memory.database import Database, open_pool
from memory.models.containers import Container, ContainerKind
from memory.models.ids import ContainerId, OutboxId, TeamId, container_id, person_id
from memory.models.people import Person
from memory.teams import Team
from tests.conftest import TestDatabase
from tests.embedding import Hashing

TEAM, DAYBOOK = TeamId("T1"), "UBOT"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
READER, COLLEAGUE = "U1", "U2"
PLACES: dict[str, ContainerKind] = {"C1": "public", "C2": "private", "C3": "group_dm"}


@dataclass(frozen=True)
class Show:
    """In the messenger's place: renders what would be sent."""

    database: Database
    surfaces: Surfaces
    shown: list[Rendered] = field(default_factory=list)

    async def send(self, outbox_id: OutboxId) -> None:
        async with self.database.house() as connection:
            intent = await outbox.read(connection, outbox_id)
        assert intent is not None
        rendered = await self.surfaces.render(intent)
        if rendered is not None:
            self.shown.append(rendered)
        async with self.database.house() as connection:
            await outbox.sent(connection, intent.outbox_id, intent.channel or "D1", "1.000001", NOW)


class Nobody(AsyncWebClient):
    """In the place of Slack: what would be shown there is not."""

    async def api_call(self, *_: Any, **__: Any) -> Any:
        return {"ok": True}


class NoHistory:
    """In the place of Slack's history: there is none to read."""

    async def read_container(self, external_id: str) -> None: ...


@dataclass
class Whole:
    daybook: Daybook
    dsn: str
    app_dsn: str

    @property
    def shown(self) -> list[Rendered]:
        return cast(Show, self.daybook.messenger).shown

    async def take(self, *bodies: Mapping[str, Any]) -> None:
        for body in bodies:
            await self.daybook.intake.take(body)

    async def work(self, within: float = 60.0) -> None:
        """Does all the work there is; fails when some of it does not end."""
        deadline = time.monotonic() + within
        while self.value("select count(*) from procrastinate_jobs where status in ('todo', 'doing')"):
            assert time.monotonic() < deadline, self.rows(
                "select task_name, status, attempts, args from procrastinate_jobs where status in ('todo', 'doing')"
            )
            await self.daybook.jobs.app.run_worker_async(
                wait=False, concurrency=2, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )
            await asyncio.sleep(0.05)

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query.encode()).fetchall()

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]


@asynccontextmanager
async def daybook(
    database: TestDatabase,
    clock: Clock | None = None,
    language: Callable[[Database], Language] | None = None,
    *,
    again: bool = False,
) -> AsyncIterator[Whole]:
    """A team with a reader and a colleague, in a public and a private channel and a group DM.

    `again`: the database is a copy of one where a Daybook has been at work, and this one goes on there.
    """
    pool = open_pool(database.app_dsn, most=8)
    await pool.open()
    jobs = Jobs(database.app_dsn, extraction_delay=0)
    try:
        async with jobs.app.open_async():
            store, models = Database(pool), language(Database(pool)) if language else None
            workspace = Workspace(TEAM, DAYBOOK, "Acme", "https://acme.example/")
            parts = compose(
                Settings(),
                workspace,
                store,
                clock or FixedClock(NOW),
                Nobody("xoxb-none"),
                jobs,
                "whole",
                Hashing(),
                models,
            )
            messenger, history = Show(store, parts.surfaces), NoHistory()
            whole = Whole(
                replace(parts, messenger=cast(Any, messenger), history=cast(Any, history)),
                database.admin_dsn,
                database.app_dsn,
            )
            whole.daybook.declare_work()
            if not again:
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
