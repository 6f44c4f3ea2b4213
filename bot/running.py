"""Daybook at work: the socket that listens, the workers that work, and the rounds that look after both."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import aiohttp
import psycopg
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout
from slack_sdk.errors import SlackApiError

from bot import telemetry
from bot.app import Daybook
from bot.clock import FollowedClock
from bot.errors import BadInput, BadSettings, BotFailure
from bot.jobs import QUEUES
from bot.leaders import find_people
from handlers.errors import TryAgain, is_passing, reason_of
from handlers.listeners import Door
from memory import assurances, briefings, events, inbox, outbox, people, redraws
from memory.leases import LeaseHeld

log = logging.getLogger(__name__)

FORGOTTEN_AFTER = timedelta(minutes=2)
READ_BACK_EVERY = 3600.0
A_DAY = 86_400.0
REREAD_EVERY = 60.0
INDEX_EVERY = 60.0
STANDS_EVERY = 1.0
LOOK_SELDOMER = 5
"""Rounds for one look ahead: that goes on for long once it has begun."""
_PASSING = (
    *(psycopg.Error, PoolTimeout, ConnectorException),
    *(SlackApiError, aiohttp.ClientError, OSError, TimeoutError),
    *(LeaseHeld, TryAgain),
)
"""What goes by itself: the next round tries again."""


@contextlib.asynccontextmanager
async def working(daybook: Daybook, *, pace: float = 1.0) -> AsyncIterator[None]:
    """Workers and rounds, until the block ends; the jobs at hand are finished first. `pace`: seconds between rounds."""
    workers = [asyncio.create_task(_work(daybook, queue, min(pace, 1.0)), name=queue) for queue in QUEUES]
    rounds = asyncio.create_task(_rounds(daybook, pace), name="rounds")
    posting = asyncio.create_task(over_and_over(daybook.mornings.post_due, pace), name="posting")
    looking = asyncio.create_task(over_and_over(daybook.mornings.look_ahead, pace * LOOK_SELDOMER), name="looking")
    log.info("working", extra={"owner": daybook.messenger.owner})
    try:
        yield
    finally:
        for task in (rounds, looking, posting, *workers):
            task.cancel()
        await asyncio.gather(rounds, looking, posting, *workers, return_exceptions=True)


def _goes_on() -> bool:
    """Until this task is told to end: a statement or a call under way may make another error of that."""
    task = asyncio.current_task()
    return task is None or not task.cancelling()


async def over_and_over(duty: Callable[[], Awaitable[None]], pace: float) -> None:
    """A duty that may take long; when it fails that is told, and it is tried again."""
    while _goes_on():
        try:
            await duty()
        except Exception as error:  # noqa: BLE001 - without it no briefing is posted any more
            telemetry.failed("round_failed", error, passing=isinstance(error, _PASSING))
        await asyncio.sleep(pace / 2)


async def _work(daybook: Daybook, queue: str, poll: float) -> None:
    """Does the jobs of one queue; a worker that ends, as when the database restarts, is followed by another."""
    while _goes_on():
        try:
            await daybook.jobs.app.run_worker_async(
                queues=[queue],
                concurrency=daybook.settings.workers,
                name=daybook.messenger.owner,
                fetch_job_polling_interval=poll,
                update_heartbeat_interval=daybook.settings.stalled_after / 5,
                stalled_worker_timeout=daybook.settings.stalled_after,
                shutdown_graceful_timeout=10.0,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        except Exception as error:  # noqa: BLE001 - without a worker nothing happens any more
            telemetry.failed("worker_ended", error, passing=isinstance(error, _PASSING))
        await asyncio.sleep(poll)


@contextlib.asynccontextmanager
async def listening(daybook: Daybook, *, ping_interval: float = 5.0) -> AsyncIterator[None]:
    """The socket, until the block ends. Raises BadSettings when Slack refuses the app token.

    A connection that is silent for `ping_interval` seconds and a half is given up for a new one.
    """
    try:
        await daybook.client.apps_connections_open(app_token=daybook.settings.slack_app_token)
    except SlackApiError as error:
        if is_passing(error):
            raise BotFailure(f"Slack does not answer ({reason_of(error)}): try again in a minute.") from None
        raise BadSettings(
            f"Slack refuses SLACK_APP_TOKEN ({reason_of(error)}): make one with the scope connections:write at"
            " https://api.slack.com/apps, “Basic Information”, “App-Level Tokens”."
        ) from None
    token = daybook.settings.slack_app_token
    door = Door(daybook.bolt, token, daybook.intake, ping_interval=ping_interval, on_gap=daybook.read_back)
    await door.client.connect()
    log.info("listening", extra={"team": daybook.workspace.team})
    heartbeat = asyncio.create_task(_tell_that_it_stands(daybook, door), name="heartbeat")
    try:
        yield
    finally:
        heartbeat.cancel()
        await asyncio.gather(heartbeat, return_exceptions=True)
        await door.leave()
        with contextlib.suppress(psycopg.Error, PoolTimeout):  # else it counts as one that died
            async with daybook.database.house() as connection:
                await assurances.stop_listening(connection, daybook.workspace.team, daybook.messenger.owner)


async def _tell_that_it_stands(daybook: Daybook, door: Door) -> None:
    """Notes for all programs whether events arrive: what was seen ahead of time is relied on only while they do."""
    told = 0
    while _goes_on():
        try:
            found = await door.stands()
            if found:
                connection_number, ago = found
                async with daybook.database.house() as connection:
                    team, owner = daybook.workspace.team, daybook.messenger.owner
                    await assurances.hear(connection, team, owner, ago, anew=connection_number != told)
                told = connection_number
        except (psycopg.Error, PoolTimeout) as error:
            telemetry.failed("round_failed", error, passing=True)
        await asyncio.sleep(STANDS_EVERY)


async def arrive(daybook: Daybook) -> None:
    """Looks who and what is there and what was asked meanwhile, and makes readers of the leaders that are named.

    Raises BotFailure when Slack does not answer, BadSettings where it refuses to, or a leader's name fits nobody or
    several.
    """
    try:
        await daybook.history.look_round()
    except SlackApiError as error:
        if is_passing(error):
            raise BotFailure(f"Slack does not answer ({reason_of(error)}): try again in a minute.") from None
        raise BadSettings(
            f"Slack refuses to tell who and what is there ({reason_of(error)}): `daybook doctor` says what is missing."
        ) from None
    await daybook.read_private_talk()
    await enrol_leaders(daybook)


async def enrol_leaders(daybook: Daybook) -> None:
    """Makes readers of the leaders that the settings name; raises BadSettings where a name fits nobody or several."""
    team = daybook.workspace.team
    async with daybook.database.house() as connection:
        roster = await people.roster(connection, team)
    try:
        found = find_people(daybook.settings.leader_names, roster.values())
    except BadInput as error:
        raise BadSettings(f"DAYBOOK_LEADERS: {error}") from None
    for person in found:
        async with daybook.database.house() as connection:
            await people.enrol(connection, team, person.person_id, daybook.clock.now())


async def _rounds(daybook: Daybook, pace: float) -> None:
    """Small duties that come round again; one that fails is told and tried again."""
    duties: list[tuple[float, Callable[[], Awaitable[object]]]] = [
        (pace, daybook.rooms.brief_due),
        (daybook.settings.stalled_after / 2, lambda: daybook.jobs.rescue(daybook.settings.stalled_after)),
        (30.0, lambda: _take_up_forgotten(daybook)),
        (REREAD_EVERY, daybook.rereading.take_up),
        (INDEX_EVERY, daybook.rooms.index_unfinished),
        (READ_BACK_EVERY, daybook.history.look_round),
        (A_DAY, lambda: _open_partitions(daybook)),
        (A_DAY, lambda: _tidy(daybook)),
    ]
    if isinstance(daybook.clock, FollowedClock):
        duties.insert(0, (pace, daybook.clock.follow))
    loop = asyncio.get_running_loop()
    due_at = {place: loop.time() + (0 if every <= pace else every) for place, (every, _) in enumerate(duties)}
    while _goes_on():
        for place, (every, duty) in enumerate(duties):
            if loop.time() < due_at[place] or not _goes_on():
                continue
            due_at[place] = loop.time() + every
            try:
                await duty()
            except Exception as error:  # noqa: BLE001 - one duty that fails must not end the others
                telemetry.failed("round_failed", error, passing=isinstance(error, _PASSING))
        telemetry.count("rounds")
        await asyncio.sleep(pace / 2)


async def _open_partitions(daybook: Daybook) -> None:
    async with daybook.database.house() as connection:
        await events.open_partitions(connection)


async def _tidy(daybook: Daybook) -> None:
    """As work of a job: it may take long, and mornings do not wait for it."""
    async with daybook.database.house() as connection:
        await daybook.jobs.tidy(connection, daybook.workspace.team)


async def _take_up_forgotten(daybook: Daybook) -> None:
    """What was stored, claimed or intended but has no job any more gets a new one."""
    team, jobs = daybook.workspace.team, daybook.jobs
    async with daybook.database.house() as connection:
        for place in await inbox.forgotten(connection, team):
            await jobs.handle(connection, team, place)
        for unmade in await briefings.unmade(connection, team, daybook.clock.now() - FORGOTTEN_AFTER):
            await jobs.brief(connection, team, unmade)
        for redraw in await redraws.intend(connection, team, daybook.clock.now()):
            await jobs.send(connection, redraw)
        for old in await redraws.take_outdated(connection, team):
            await jobs.answer_anew(connection, team, old.answer_id, old.viewer, old.cause_id)
        for waiting in await outbox.waiting(connection, team, daybook.clock.now() - FORGOTTEN_AFTER):
            await jobs.send(connection, waiting)
