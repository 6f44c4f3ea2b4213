"""Puts Daybook together. The only place of composition: every part can be replaced by name."""

import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import slack, telemetry
from bot.clock import FollowedClock, SystemClock
from bot.embedder import embedder_of
from bot.engine_room import EngineRoom, audience_of, compiled_graphs
from bot.erasing import Erasing
from bot.jobs import Jobs
from bot.language.asking import Language
from bot.language.chosen import language_of
from bot.language.timing import Timer
from bot.mornings import Mornings
from bot.runs import Runs
from bot.settings import Settings
from bot.slack import Workspace
from graphs import indexing
from graphs.ports import Clock, Embedder
from handlers import agent_view, decode, listeners, scopes
from handlers.afterwards import Afterwards
from handlers.agent_view import AgentView
from handlers.destinations import Destinations
from handlers.errors import Undecodable, is_passing, reason_of
from handlers.listeners import Intake
from handlers.marks import Marks
from handlers.messenger import Messenger
from handlers.offering import Offering
from handlers.routes import Router
from handlers.sources.history import History
from handlers.sources.rereading import Rereading
from handlers.surfaces import Surfaces
from memory import checkpoints, containers, events, people, retrieval, teams
from memory.database import Database, open_pool
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContainerId,
    ItemId,
    OutboxId,
    PersonId,
    person_id,
)
from memory.teams import Team

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Daybook:
    """Daybook, put together for one workspace."""

    settings: Settings
    workspace: Workspace
    database: Database
    clock: Clock
    client: AsyncWebClient
    jobs: Jobs
    rooms: EngineRoom
    router: Router
    messenger: Messenger
    afterwards: Afterwards
    mornings: Mornings
    history: History
    rereading: Rereading
    surfaces: Surfaces
    erasing: Erasing
    intake: Intake
    agent_view: AgentView
    marks: Marks
    bolt: AsyncApp

    def declare_work(self) -> None:
        """What each kind of job does."""
        self.jobs.declare(
            {
                "handle": self._handle,
                "read_container": self._read_container,
                "extract": self._extract,
                "index": self._index,
                "notice_activity": self._notice_activity,
                "brief_now": self._brief_now,
                "brief": self._brief,
                "answer": self._answer,
                "answer_anew": self._answer_anew,
                "send": self._send,
                "mark": self._mark,
                "offer": self._offer,
                "show_why": self._show_why,
                "show_home": self._show_home,
                "suggest": self._suggest,
                "show_holdings": self._show_holdings,
                "follow_tracking": self._follow_tracking,
                "tidy": self._tidy,
            }
        )

    async def read_back(self) -> None:
        """Has every container read again, from where it was last read: something may have been missed."""
        async with self.database.house() as connection:
            places = [each.external_id for each in await containers.read_by_daybook(connection, self.workspace.team)]
            for place in places:
                await self.jobs.read_container(connection, self.workspace.team, place)
        await self.read_private_talk()
        try:
            await self.history.look_for_talks()
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            telemetry.failed("talks_not_looked_for", error, passing=True)  # the next round looks again

    async def read_private_talk(self) -> None:
        """Has read again where people lately talked to Daybook alone."""
        async with self.database.house() as connection:
            for place in await containers.private_talk(connection, self.workspace.team):
                await self.jobs.read_container(connection, self.workspace.team, place)

    async def _handle(self, place: str) -> None:
        for each in await self.router.take(place):
            foreseen = isinstance(each.error, Undecodable)
            given = {"inbox_id": str(each.inbox_id), "kind": each.kind}
            telemetry.failed("delivery_set_aside", each.error, passing=foreseen, **given)

    async def _read_container(self, external_id: str) -> None:
        await self.history.read_container(external_id)

    async def _extract(self, container_id: str) -> None:
        container = ContainerId(UUID(container_id))
        async with self.database.house() as connection:
            wanted = container in await people.containers_with_readers(connection, self.workspace.team)
        if wanted:
            await self.rooms.extract(container)

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

    async def _answer_anew(self, answer_id: str, viewer: str, cause: str) -> None:
        await self.rooms.answer_anew(AnswerId(UUID(answer_id)), viewer, UUID(cause))

    async def _send(self, outbox_id: str) -> None:
        await self.messenger.send(OutboxId(UUID(outbox_id)))
        await self.afterwards.sent(OutboxId(UUID(outbox_id)))

    async def _offer(self, answer_id: str, channel_id: str) -> None:
        await self.rooms.offer(AnswerId(UUID(answer_id)), ContainerId(UUID(channel_id)))

    async def _mark(self, answer_id: str, viewer: str) -> None:
        await self.marks.show(AnswerId(UUID(answer_id)), audience_of(viewer))

    async def _tidy(self) -> None:
        await self.erasing.tidy()

    async def _show_why(self, person_id: str, item_id: str, view_id: str) -> None:
        view = await self.surfaces.why(PersonId(UUID(person_id)), ItemId(UUID(item_id)))
        if view:
            await self._redraw(view_id, view)

    async def _show_holdings(self, person_id: str, view_id: str) -> None:
        await self._redraw(view_id, await self.surfaces.holdings(PersonId(UUID(person_id)), self.clock.now()))

    async def _redraw(self, view_id: str, view: dict[str, Any]) -> None:
        try:
            await self.client.views_update(view_id=view_id, view=view)
        except SlackApiError as error:
            if is_passing(error):
                raise
            log.info("view_not_redrawn", extra={"reason": reason_of(error)})  # closed meanwhile

    async def _follow_tracking(self, person_id: str) -> None:
        await self.erasing.untracked(PersonId(UUID(person_id)))

    async def _suggest(self, person_id: str, channel: str) -> None:
        today, items = await self.surfaces.of_today(PersonId(UUID(person_id)), self.clock.now())
        await self.agent_view.suggest(channel, agent_view.prompts(items, today))

    async def _show_home(self, external_id: str) -> None:
        person = person_id(self.workspace.team, decode.SLACK, external_id)
        try:
            view = await self.surfaces.home(person, self.clock.now())
            await self.client.views_publish(user_id=external_id, view=view)
        except SlackApiError as error:
            if is_passing(error):
                raise
            # A plan or server without a Home tab: everything in it can be had elsewhere.
            log.warning("home_not_shown", extra={"reason": reason_of(error)})


@asynccontextmanager
async def bootstrap(
    settings: Settings,
    dsn: str,
    *,
    clock: Clock | None = None,
    owner: str | None = None,
    embedder: Embedder | None = None,
    language: Language | None = None,
    timer: Timer | None = None,
) -> AsyncIterator[Daybook]:
    """Daybook, connected to its database (`dsn`, for the application's role) and to Slack; closed at the end.

    Raises:
        BadSettings: a token is missing, malformed or refused.
        BotFailure: Slack cannot be reached.
    """
    settings.require_tokens()
    async with slack.connected(settings) as client:
        workspace = await slack.greet(client, settings)
        pool = open_pool(dsn, most=settings.workers * 3 + 4)
        await pool.open()
        jobs = Jobs(dsn, extraction_delay=settings.reading_delay, indexing_delay=settings.extraction_delay)
        try:
            async with jobs.app.open_async():
                database = Database(pool)
                vectors = embedder or embedder_of(settings)
                ticking = clock or (FollowedClock(settings.clock_url) if settings.clock_url else SystemClock())
                if isinstance(ticking, FollowedClock):
                    await ticking.follow()  # before anything asks for the time
                name = owner or _own_name()
                models = language or language_of(settings, workspace.team, database, ticking, timer)
                daybook = compose(settings, workspace, database, ticking, client, jobs, name, vectors, models)
                daybook.declare_work()
                async with database.house() as connection:
                    team = Team(
                        team_id=workspace.team,
                        name=workspace.name,
                        url=workspace.url,
                        bot_person_id=person_id(workspace.team, decode.SLACK, workspace.own_id),
                    )
                    await teams.see(connection, team)
                async with database.house() as connection:
                    await events.open_partitions(connection)
                async with database.house() as connection:
                    await jobs.tidy(connection, workspace.team)
                async with database.house() as connection:
                    await retrieval.open_space(connection, indexing.space_of(vectors))
                yield daybook
        finally:
            await pool.close()


def compose(
    settings: Settings,
    workspace: Workspace,
    database: Database,
    clock: Clock,
    client: AsyncWebClient,
    jobs: Jobs,
    owner: str,
    embedder: Embedder,
    language: Language | None = None,
) -> Daybook:
    """All parts of Daybook, put together; nothing is asked of Slack or the database yet."""
    team, own_id = workspace.team, workspace.own_id
    saver = checkpoints.saver(database.pool)
    lease = settings.stalled_after * 1.5
    runs = Runs(team, own_id, database, saver, compiled_graphs(saver), clock, jobs, owner, embedder, lease, language)
    surfaces, shown = Surfaces(team, database, scopes.lacking(workspace.granted)), AgentView(client)
    destinations = Destinations(team, own_id, client, database, clock)
    intake = Intake(team, own_id, database, jobs)
    router = Router(team, own_id, database, jobs, clock, settings.greeting, telemetry.count)
    history = History(team, own_id, client, database, jobs, clock)
    messenger = Messenger(team, client, database, destinations, surfaces, clock, owner, lease, tally=telemetry.count)
    return Daybook(
        settings=settings,
        workspace=workspace,
        database=database,
        clock=clock,
        client=client,
        jobs=jobs,
        rooms=EngineRoom(team, database, runs, jobs, clock, embedder),
        router=router,
        messenger=messenger,
        afterwards=Afterwards(team, database, jobs, Offering(team, database, jobs, clock)),
        mornings=Mornings(team, database, messenger, destinations, clock, owner, lease),
        history=history,
        rereading=Rereading(history, router),
        surfaces=surfaces,
        erasing=Erasing(team, database, saver, jobs, clock, owner),
        intake=intake,
        agent_view=shown,
        marks=Marks(team, client, database, shown),
        bolt=listeners.make_app(client, intake, surfaces, clock),
    )


def _own_name() -> str:
    """Names this worker among others, and never like one that died."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"
