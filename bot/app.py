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
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import telemetry
from bot.clock import FollowedClock, SystemClock
from bot.embedder import embedder_of
from bot.engine_room import EngineRoom, audience_of, compiled_graphs
from bot.erasing import Erasing
from bot.errors import BadSettings, BotFailure
from bot.jobs import Jobs
from bot.language.asking import Language
from bot.language.chosen import language_of
from bot.language.timing import Timer
from bot.mornings import Mornings
from bot.runs import Runs
from bot.settings import Settings
from graphs import indexing
from graphs.ports import Clock, Embedder
from handlers import agent_view, decode, listeners, scopes
from handlers.agent_view import AgentView
from handlers.destinations import Destinations
from handlers.errors import Undecodable, is_passing, reason_of
from handlers.listeners import Intake
from handlers.marks import Marks
from handlers.messenger import Messenger
from handlers.routes import Router
from handlers.sources.history import History
from handlers.sources.rereading import Rereading
from handlers.surfaces import Surfaces
from memory import checkpoints, containers, events, outbox, people, retrieval, teams
from memory.database import Database, open_pool
from memory.models.ids import (
    AnswerId,
    BriefingId,
    ContainerId,
    ItemId,
    OutboxId,
    PersonId,
    TeamId,
    container_id,
    person_id,
)
from memory.teams import Team

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workspace:
    """What Slack says of the workspace and of us in it."""

    team: TeamId
    own_id: str
    name: str
    url: str
    granted: frozenset[str] | None = None
    """The scopes of our token; None where Slack does not say."""


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
            for place in places + await containers.private_talk(connection, self.workspace.team):
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
        async with self.database.house() as connection:
            intent = await outbox.read(connection, OutboxId(UUID(outbox_id)))
            if intent and intent.surface == "answer" and intent.channel:
                asked_in = container_id(self.workspace.team, decode.SLACK, intent.channel)
                viewer = f"person:{intent.person_id}" if intent.person_id else f"channel:{asked_in}"
                await self.jobs.mark(connection, AnswerId(intent.subject_id), viewer)

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
        items = await self.surfaces.latest_items(PersonId(UUID(person_id)))
        await self.agent_view.suggest(channel, agent_view.prompts(items))

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
    async with _connected(settings) as client:
        workspace = await greet(client, settings)
        pool = open_pool(dsn, most=settings.workers * 2 + 4)
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


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """A client whose calls share their connections: else each opens one of its own, and waits for its handshake."""
    client = slack_client(settings)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=client.timeout)) as session:
        client.session = session
        yield client


def slack_client(settings: Settings) -> AsyncWebClient:
    """A client that waits when it is told to, and repeats nothing by itself: a repeated post may be a double one."""
    return AsyncWebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=20,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )


async def greet(client: AsyncWebClient, settings: Settings) -> Workspace:
    """Asks Slack who we are."""
    try:
        us = await client.auth_test()
    except SlackApiError as error:
        if is_passing(error):
            raise BotFailure(f"Slack does not answer ({reason_of(error)}): try again in a minute.") from None
        raise BadSettings(
            f"Slack refuses SLACK_BOT_TOKEN ({reason_of(error)}): copy it anew from https://api.slack.com/apps,"
            " “OAuth & Permissions”, “Bot User OAuth Token”."
        ) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise BotFailure(
            f"{settings.slack_api_url} cannot be reached ({type(error).__name__}): check the network, or SLACK_API_URL."
        ) from None
    listed = str(us.headers.get("x-oauth-scopes", ""))
    granted = frozenset(each.strip() for each in listed.split(",") if each.strip()) or None
    return Workspace(TeamId(us["team_id"]), str(us["user_id"]), str(us.get("team", "")), str(us["url"]), granted)


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
    router = Router(team, own_id, database, jobs, clock, settings.greeting)
    history = History(team, own_id, client, database, jobs, clock)
    messenger = Messenger(team, client, database, destinations, surfaces, clock, owner, lease)
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
