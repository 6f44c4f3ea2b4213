"""Jobs on a real database: none is lost, none gets stuck, however workers come and go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from bot.jobs import Jobs, Work
from memory.database import Database, open_pool
from memory.leases import LeaseHeld
from memory.models.ids import AnswerId, BriefingId, ContainerId, OutboxId, TeamId, derive
from tests.conftest import TestDatabase

TEAM = TeamId("T1")
PLACE = ContainerId(derive("somewhere"))


@asynccontextmanager
async def _jobs(database: TestDatabase) -> AsyncIterator[tuple[Jobs, Database]]:
    jobs, pool = Jobs(database.app_dsn, extraction_delay=0), open_pool(database.app_dsn, most=4)
    await pool.open()
    async with jobs.app.open_async():
        yield jobs, Database(pool)
    await pool.close()


async def _work_off(jobs: Jobs) -> None:
    await asyncio.wait_for(jobs.app.run_worker_async(wait=False, install_signal_handlers=False), 10)


def _statuses(database: TestDatabase) -> list[str]:
    with psycopg.connect(database.admin_dsn) as connection:
        return [row[0] for row in connection.execute("select status::text from procrastinate_jobs order by id")]


async def test_a_retried_job_gives_way_to_one_that_waits_for_the_same_work(database: TestDatabase) -> None:
    """A job that fails while the same work is queued anew leaves the work to that one, and keeps no lock."""
    async with _jobs(database) as (jobs, here):
        done: list[int] = []

        async def extract(container_id: str) -> None:
            done.append(len(done))
            if len(done) == 1:
                async with here.house() as connection:
                    await jobs.extract(connection, TEAM, ContainerId(derive("somewhere")))
                raise LeaseHeld(f"Another worker is on {container_id}.")

        jobs.declare({"extract": extract})
        async with here.house() as connection:
            await jobs.extract(connection, TEAM, PLACE)
        await _work_off(jobs)
        await _work_off(jobs)
        assert done == [0, 1]
        assert "doing" not in _statuses(database)


async def test_a_joined_job_waits_for_what_joined_it(database: TestDatabase) -> None:
    """Work asked for again in a transaction is not begun before that ends, or it would not see what that wrote."""
    async with _jobs(database) as (jobs, here):
        done: list[str] = []

        async def extract(container_id: str) -> None:
            done.append(container_id)

        jobs.declare({"extract": extract})
        async with here.house() as connection:
            await jobs.extract(connection, TEAM, PLACE)
        async with here.house() as connection:
            await jobs.extract(connection, TEAM, PLACE)
            await _work_off(jobs)
            assert done == []
        await _work_off(jobs)
        assert done == [str(PLACE)]


async def test_a_morning_full_of_briefings_holds_up_nothing_that_is_ready(database: TestDatabase) -> None:
    """What is to be sent, answered or taken in goes first, and last what nobody waits for, however old it is."""
    async with _jobs(database) as (jobs, here):
        done: list[str] = []

        def work(kind: str) -> Work:
            async def do(**_: str) -> None:
                done.append(kind)

            return do

        jobs.declare({kind: work(kind) for kind in ("extract", "index", "brief", "handle", "answer", "send")})
        some = derive("something")
        async with here.house() as connection:
            await jobs.extract(connection, TEAM, PLACE)
            await jobs.index(connection, TEAM, PLACE)
            await jobs.brief(connection, TEAM, BriefingId(some))
            await jobs.handle(connection, TEAM, "C1")
            await jobs.answer(connection, TEAM, AnswerId(some), "person:1")
            await jobs.send(connection, OutboxId(some))
        await _work_off(jobs)
        assert done == ["handle", "send", "answer", "brief", "extract", "index"]


async def test_two_rescuers_lose_no_job(database: TestDatabase) -> None:
    """A dead worker's job, found by two others at once, is done again: the slower one neither fails nor removes it."""
    async with _jobs(database) as (jobs, here), _jobs(database) as (others, _):
        done: list[str] = []

        async def extract(container_id: str) -> None:
            done.append(container_id)

        jobs.declare({"extract": extract})
        async with here.house() as connection:
            await jobs.extract(connection, TEAM, PLACE)
        with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
            owner.execute("update procrastinate_jobs set status = 'doing'")  # by a worker that is gone
        find = others.app.job_manager.get_stalled_jobs
        seen = list(await find(seconds_since_heartbeat=0))
        assert await jobs.rescue(0) == 1

        async def as_before(**_: object) -> object:
            return seen

        others.app.job_manager.get_stalled_jobs = as_before  # type: ignore[assignment,method-assign]
        await others.rescue(0)
        assert _statuses(database) == ["todo"]
        await _work_off(jobs)
        assert done == [str(PLACE)]
