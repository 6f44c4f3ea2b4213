"""How fast what arrives is written down, and how fast a log is replayed: `make bench`. Keeps nothing."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from bot import databases
from bot.clock import FixedClock
from bot.databases import Databases
from bot.jobs import Jobs
from bot.settings import read_settings
from handlers.listeners import Intake
from handlers.routes import Router
from memory import replay, teams
from memory.database import Connection, Database, open_pool
from memory.migrations import migrate
from memory.models.ids import TeamId
from memory.teams import Team

TEAM, OWN = TeamId("T1"), "UBOT"
BEGAN = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
DELIVERIES = 2000
CHANNELS = 8
BARE = """
insert into bare (message_id, team_id, container_id, external_ts, author_id, kind, posted_at, content_id, length)
values (gen_random_uuid(), 'T1', %(place)s, %(ts)s, %(place)s, 'human', now(), gen_random_uuid(), 40)
"""


def measure(_: str = "") -> None:
    """Ingest beside a bare insert of the same row in the same run, then a replay of what that logged."""
    with databases.throwaway(read_settings()) as here:
        asyncio.run(_measured(here))


async def _measured(here: Databases) -> None:
    await migrate(here.admin_dsn)
    pool = open_pool(here.app_dsn)
    await pool.open()
    jobs = Jobs(here.app_dsn, extraction_delay=600)
    async with jobs.app.open_async():
        database = Database(pool)
        async with database.house() as connection:
            await teams.see(connection, Team(team_id=TEAM))
        intake = Intake(TEAM, OWN, database, jobs)
        router = Router(TEAM, OWN, database, jobs, FixedClock(BEGAN + timedelta(days=1)))
        taken, routed, bare = await _ingested(here, intake, router)
    await pool.close()
    print(f"{DELIVERIES} deliveries in {CHANNELS} channels, one after the other; milliseconds each, p50 / p95:")
    for name, spent in (
        ("stored before the ack", taken),
        ("message, event, job", routed),
        ("bare INSERT, COMMIT", bare),
    ):
        print(f"  {name:24} {median(spent) * 1000:6.2f} / {quantiles(spent, n=20)[-1] * 1000:6.2f}")
    whole = [one + two for one, two in zip(taken, routed, strict=True)]
    print(f"  inbox to stored message is {median(whole) / median(bare):.1f} bare inserts.")
    report = await replay.replay(here.admin_dsn, mend=False)
    print(
        f"Replay: {report.events} events in {report.seconds:.2f} s, {report.events / report.seconds:.0f} a second;",
        end=" ",
    )
    print("every table the same." if report.same else "TABLES DIFFER.")


async def _ingested(here: Databases, intake: Intake, router: Router) -> tuple[list[float], list[float], list[float]]:
    """Seconds that each delivery took to be stored, to be handled, and that the bare row took, in turns."""
    taken: list[float] = []
    routed: list[float] = []
    bare: list[float] = []
    owner = open_pool(here.admin_dsn, most=1)
    await owner.open()
    async with owner.connection() as connection:
        await connection.execute("create table bare (like messages including all)")
    for number in range(DELIVERIES):
        body = _delivery(number)
        channel = body["event"]["channel"]
        taken.append(await _timed(intake.take(body)))
        routed.append(await _timed(router.take(channel)))
        async with owner.connection() as connection:
            bare.append(await _timed(_insert(connection, number)))
    await owner.close()
    return taken, routed, bare


async def _insert(connection: Connection, number: int) -> None:
    given = {"place": "00000000-0000-0000-0000-000000000001", "ts": str(number)}
    await connection.execute(BARE.encode(), given)


async def _timed(work: Awaitable[object]) -> float:
    began = perf_counter()
    await work
    return perf_counter() - began


def _delivery(number: int) -> dict[str, Any]:
    ts = f"{(BEGAN + timedelta(seconds=number)).timestamp():.6f}"
    event = {
        "type": "message",
        "channel": f"C{number % CHANNELS}",
        "channel_type": "channel",
        "user": f"U{number % 40}",
        "text": f"Number {number}: I'll have the migration ready by Thursday, <@U{number % 7}>.",
        "ts": ts,
        "event_ts": ts,
    }
    return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event}
