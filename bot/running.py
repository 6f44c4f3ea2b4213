"""Daybook at work: the socket that listens, the workers that work, and the rounds that look after both."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import psycopg
from psycopg_pool import PoolTimeout
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from bot import telemetry
from bot.app import Daybook
from bot.clock import FollowedClock
from bot.errors import BadSettings
from bot.jobs import STALLED_AFTER
from bot.leaders import find_people
from handlers.messenger import TryAgain
from memory import inbox, outbox, people
from memory.leases import LeaseHeld

log = logging.getLogger(__name__)

FORGOTTEN_AFTER = timedelta(minutes=2)
READ_BACK_EVERY = 3600.0
REREAD_EVERY = 60.0
_PASSING = (psycopg.Error, PoolTimeout, SlackApiError, OSError, TimeoutError, LeaseHeld, TryAgain)
"""What goes by itself: the next round tries again."""


@contextlib.asynccontextmanager
async def working(daybook: Daybook, *, pace: float = 1.0) -> AsyncIterator[None]:
    """Workers and rounds, until the block ends; the jobs at hand are finished first. `pace`: seconds between rounds."""
    worker = asyncio.create_task(
        daybook.jobs.app.run_worker_async(
            concurrency=daybook.settings.workers,
            name=daybook.messenger.owner,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=STALLED_AFTER / 5,
            stalled_worker_timeout=STALLED_AFTER,
            shutdown_graceful_timeout=10.0,
            delete_jobs="successful",
            install_signal_handlers=False,
        ),
        name="worker",
    )
    rounds = asyncio.create_task(_rounds(daybook, pace), name="rounds")
    try:
        yield
    finally:
        for task in (rounds, worker):
            task.cancel()
        await asyncio.gather(rounds, worker, return_exceptions=True)


@contextlib.asynccontextmanager
async def listening(daybook: Daybook) -> AsyncIterator[None]:
    """The socket, until the block ends. Raises BadSettings when Slack refuses the app token."""
    handler = AsyncSocketModeHandler(daybook.bolt, daybook.settings.slack_app_token, ping_interval=10)
    handler.client.web_client.base_url = daybook.settings.slack_api_url
    try:
        await handler.connect_async()
    except SlackApiError as error:
        reason = error.response.get("error")
        raise BadSettings(
            f"Slack refuses SLACK_APP_TOKEN ({reason}): make one with the scope connections:write at"
            " https://api.slack.com/apps, “Basic Information”, “App-Level Tokens”."
        ) from None
    log.info("listening", extra={"team": daybook.workspace.team})
    try:
        yield
    finally:
        await handler.close_async()


async def arrive(daybook: Daybook) -> None:
    """Reads who and what is there, and makes readers of the leaders that the settings name."""
    await daybook.history.read_workspace()
    await enrol_leaders(daybook)


async def enrol_leaders(daybook: Daybook) -> None:
    """Makes readers of the leaders that the settings name; raises BadInput where a name fits nobody or several."""
    team = daybook.workspace.team
    async with daybook.database.house() as connection:
        roster = await people.roster(connection, team)
        found = find_people(daybook.settings.leader_names, roster.values())
        for person in found:
            await people.enrol(connection, team, person.person_id, daybook.clock.now())


async def _rounds(daybook: Daybook, pace: float) -> None:
    """Small duties that come round again; one that fails is told and tried again."""
    duties: list[tuple[float, Callable[[], Awaitable[object]]]] = [
        (pace, daybook.rooms.brief_due),
        (STALLED_AFTER / 2, daybook.jobs.rescue),
        (30.0, lambda: _take_up_forgotten(daybook)),
        (REREAD_EVERY, daybook.rereading.take_up),
        (READ_BACK_EVERY, daybook.history.read_workspace),
    ]
    if isinstance(daybook.clock, FollowedClock):
        duties.insert(0, (pace, daybook.clock.follow))
    loop = asyncio.get_running_loop()
    due_at = {place: loop.time() + (0 if every <= pace else every) for place, (every, _) in enumerate(duties)}
    while True:
        for place, (every, duty) in enumerate(duties):
            if loop.time() < due_at[place]:
                continue
            due_at[place] = loop.time() + every
            try:
                await duty()
            except Exception as error:  # noqa: BLE001 - one duty that fails must not end the others
                telemetry.failed("round_failed", error, passing=isinstance(error, _PASSING))
        await asyncio.sleep(pace / 2)


async def _take_up_forgotten(daybook: Daybook) -> None:
    """What was stored or intended but has no job any more gets a new one."""
    async with daybook.database.house() as connection:
        for inbox_id, _ in await inbox.forgotten(connection):
            await daybook.jobs.handle(connection, inbox_id, "forgotten")
        late = await outbox.waiting(connection, daybook.workspace.team, daybook.clock.now() - FORGOTTEN_AFTER)
        for waiting in late:
            await daybook.jobs.send(connection, waiting)
