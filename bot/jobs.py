"""The work to be done, as Procrastinate jobs: enqueued with its cause, retried with patience, rescued from the dead.

Job arguments are ids. One kind of job per kind of work; what the work is, stands in `bot.app`.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT, JobManager
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from slack_sdk.errors import SlackApiError

from bot import telemetry
from handlers.errors import TryAgain, Undecodable
from memory import queue as waiting
from memory.database import Check, Connection
from memory.leases import LeaseHeld
from memory.models.ids import AnswerId, BriefingId, ContainerId, ItemId, OutboxId, PersonId, TeamId

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
SOON, AHEAD, BEHIND = 2, 1, -1
"""Priorities: that a question was seen shows, and what is ready is sent, before another answer is begun; a morning's
briefings hold up none of it; what nobody waits for comes last."""
QUEUES = WAITED_FOR, UNHURRIED, READING = "default", "unhurried", "reading"
"""Each is worked off by hands of its own: Slack may have readings wait for minutes, and a model the working out of
channels; who asked something meanwhile waits for neither."""
OFFERED_AFTER = 2.0
"""Seconds after an answer until it is worked out what may be offered beside it."""
_PASSING = (psycopg.Error, SlackApiError, aiohttp.ClientError, OSError, TimeoutError)
Work = Callable[..., Awaitable[None]]


def _pool(**given: Any) -> AsyncConnectionPool[Any]:
    """Procrastinate's own pool, in which a connection that worked just now is taken to work still."""
    return AsyncConnectionPool(**{**given, "check": Check(), "configure": _write_behind})


async def _write_behind(connection: AsyncConnection[Any]) -> None:
    """Each statement is a transaction, and need not be on the disk before it is over.

    Whatever a job did is written before that it is done; one that is found undone after a crash is done again, which
    changes nothing. What is enqueued goes with its cause.
    """
    await connection.set_autocommit(True)
    await connection.execute("set synchronous_commit to off")


class Patience(procrastinate.BaseRetryStrategy):
    """When to try again: as Slack asks, soon for a busy run, else ever later; never for what cannot be read."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        telemetry.count(f"job_failed:{job.task_name}:{type(exception).__name__}")
        if isinstance(exception, LeaseHeld):  # somebody is on it, for however long that takes
            return procrastinate.RetryDecision(retry_in={"seconds": 1})
        if isinstance(exception, Undecodable) or job.attempts >= MOST_ATTEMPTS:
            return None
        if isinstance(exception, TryAgain):
            return procrastinate.RetryDecision(retry_in={"seconds": max(1, round(exception.seconds))})
        passing = isinstance(exception, _PASSING)
        telemetry.failed("job_retried", exception, passing=passing, task=job.task_name, attempt=job.attempts + 1)
        return procrastinate.RetryDecision(retry_in={"seconds": min(2**job.attempts, 120)})


class Ledger(JobManager):
    """Procrastinate's book of jobs, where one that is to be tried again may meet another for the same work."""

    async def retry_job_by_id_async(
        self,
        job_id: int,
        retry_at: datetime,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """As the original; where the same work is queued anew, this job is not needed and ends.

        Without that it would stay `doing`, with its lock, and the other would wait for it for ever.
        """
        try:
            await super().retry_job_by_id_async(job_id, retry_at, priority, queue, lock)
        except UniqueViolation as violation:
            if violation.constraint_name != QUEUEING_LOCK_CONSTRAINT:
                raise
            await self.finish_job_by_id_async(job_id, Status.FAILED, delete_job=True)
            telemetry.count("job_superseded")


class Jobs:
    """Enqueues work in the caller's transaction, and runs it.

    Args:
        dsn: address for the application's role.
        extraction_delay: seconds for which more messages are waited for before a container is worked out.
        indexing_delay: the same before it is indexed, if that is another time.
    """

    def __init__(self, dsn: str, *, extraction_delay: float, indexing_delay: float | None = None) -> None:
        connector = procrastinate.PsycopgConnector(pool_factory=_pool, conninfo=dsn, min_size=1, max_size=8)
        self.app = procrastinate.App(connector=connector)
        self.app.job_manager = Ledger(connector)
        self._extraction_delay = extraction_delay
        self._indexing_delay = extraction_delay if indexing_delay is None else indexing_delay

    def declare(self, work: Mapping[str, Work]) -> None:
        """Names what each kind of job does."""
        for name, task in work.items():
            self.app.task(name=name, retry=Patience())(task)

    async def handle(self, connection: Connection, team: TeamId, place: str) -> None:
        await self._defer(connection, "handle", f"place:{team}:{place}", priority=SOON, place=place)

    async def read_container(self, connection: Connection, team: TeamId, external_id: str) -> None:
        only = f"read:{team}:{external_id}"
        await self._defer(connection, "read_container", only, queue=READING, external_id=external_id)

    async def extract(self, connection: Connection, team: TeamId, container: ContainerId) -> None:  # noqa: ARG002
        await self._defer(
            connection,
            "extract",
            f"extract:{container}",
            queue=UNHURRIED,
            delay=self._extraction_delay,
            priority=BEHIND,
            container_id=str(container),
        )

    async def index(self, connection: Connection, team: TeamId, container: ContainerId) -> None:  # noqa: ARG002
        await self._defer(
            connection,
            "index",
            f"index:{container}",
            queue=UNHURRIED,
            delay=self._indexing_delay,
            priority=BEHIND,
            container_id=str(container),
        )

    async def notice_activity(self, connection: Connection, team: TeamId, person: PersonId) -> None:  # noqa: ARG002
        await self._defer(connection, "notice_activity", f"active:{person}", person_id=str(person))

    async def brief_now(self, connection: Connection, team: TeamId, person: PersonId) -> None:  # noqa: ARG002
        await self._defer(connection, "brief_now", f"brief_now:{person}", person_id=str(person))

    async def brief(self, connection: Connection, team: TeamId, briefing: BriefingId) -> None:  # noqa: ARG002
        await self._defer(connection, "brief", f"brief:{briefing}", queue=UNHURRIED, briefing_id=str(briefing))

    async def answer(self, connection: Connection, team: TeamId, answer: AnswerId, viewer: str) -> None:  # noqa: ARG002
        only = f"answer:{answer}"
        await self._defer(connection, "answer", only, priority=AHEAD, answer_id=str(answer), viewer=viewer)

    async def answer_anew(
        self,
        connection: Connection,
        team: TeamId,  # noqa: ARG002
        answer: AnswerId,
        viewer: str,
        cause: UUID,
    ) -> None:
        only = f"anew:{answer}:{cause}"
        await self._defer(
            connection,
            "answer_anew",
            only,
            queue=UNHURRIED,
            answer_id=str(answer),
            viewer=viewer,
            cause=str(cause),
        )

    async def mark(self, connection: Connection, answer: AnswerId, viewer: str, *, done: bool = False) -> None:
        """That it is `done` may wait for answers that are not."""
        priority = 0 if done else SOON
        await self._defer(connection, "mark", f"mark:{answer}", priority=priority, answer_id=str(answer), viewer=viewer)

    async def send(self, connection: Connection, outbox: OutboxId) -> None:
        await self._defer(connection, "send", f"send:{outbox}", priority=SOON, outbox_id=str(outbox))

    async def offer(self, connection: Connection, answer: AnswerId, channel: ContainerId) -> None:
        """A little later: it is as much work as an answer, and answers that are waited for at this moment go first."""
        await self._defer(
            connection,
            "offer",
            f"offer:{answer}",
            queue=UNHURRIED,
            delay=OFFERED_AFTER,
            priority=BEHIND,
            answer_id=str(answer),
            channel_id=str(channel),
        )

    async def show_home(self, connection: Connection, team: TeamId, external_id: str) -> None:
        only = f"home:{team}:{external_id}"
        await self._defer(connection, "show_home", only, priority=AHEAD, external_id=external_id)

    async def suggest(self, connection: Connection, person: PersonId, channel: str) -> None:
        await self._defer(
            connection, "suggest", f"suggest:{channel}", priority=AHEAD, person_id=str(person), channel=channel
        )

    async def show_why(self, connection: Connection, person: PersonId, item: ItemId, view_id: str) -> None:
        only, who = f"why:{view_id}", str(person)
        await self._defer(
            connection, "show_why", only, priority=AHEAD, person_id=who, item_id=str(item), view_id=view_id
        )

    async def show_holdings(self, connection: Connection, person: PersonId, view_id: str) -> None:
        only, who = f"holdings:{view_id}", str(person)
        await self._defer(connection, "show_holdings", only, priority=AHEAD, person_id=who, view_id=view_id)

    async def follow_tracking(self, connection: Connection, team: TeamId, person: PersonId) -> None:  # noqa: ARG002
        await self._defer(connection, "follow_tracking", f"tracking:{person}", priority=AHEAD, person_id=str(person))

    async def tidy(self, connection: Connection, team: TeamId) -> None:
        await self._defer(connection, "tidy", f"tidy:{team}", queue=UNHURRIED, priority=BEHIND)

    async def rescue(self, stalled_after: float) -> int:
        """Takes up the jobs of workers without a heartbeat for so many seconds; says how many there were."""
        stalled = list(await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after))
        for job in stalled:
            try:
                await self.app.job_manager.retry_job(job)
            except ConnectorException:
                # Another worker was quicker, and the job is its now; if not, the next round finds it again.
                telemetry.count("job_rescue_failed")
                continue
            log.warning("job_rescued", extra={"task": job.task_name})
            telemetry.count("job_rescued")
        return len(stalled)

    async def _defer(
        self,
        connection: Connection,
        task: str,
        only: str,
        *,
        queue: str = WAITED_FOR,
        delay: float = 0,
        priority: int = 0,
        **arguments: str,
    ) -> None:
        """`only` names the work: one job of it waits and one is done at a time, however often it is asked for."""
        at = datetime.now(UTC) + timedelta(seconds=delay) if delay else None
        if not await waiting.defer(connection, queue, task, only, arguments, priority, at):
            telemetry.count(f"job_joined:{task}")
