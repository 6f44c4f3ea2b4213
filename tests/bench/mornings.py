"""A morning with everybody due at once, in the local workspace with Slack's limits, and Daybook as a program beside it.

Workspace time runs with real time; only the night is left out.
"""

import asyncio
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import psycopg

from bot import databases
from bot.ahead import Forecast
from bot.databases import Databases
from bot.local.workspace import LocalWorkspace
from bot.local.workspace.clock import moment_of
from bot.local.workspace.rate_limits import RateLimits
from bot.manifest import read_manifest
from bot.settings import read_settings
from memory import containers, people, teams
from memory.database import Database, open_pool
from memory.migrations import migrate
from memory.models.containers import Container
from memory.models.ids import TeamId, container_id, person_id
from memory.teams import Team
from tests.bench import company, machine
from tests.bench.machine import tell

EVENING = company.NINE + timedelta(hours=10)
A_MOMENT = timedelta(seconds=20)
"""Before the first is begun."""
_BUSY = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
_CLAIMED = "select count(*) from briefings"
_COMPOSED = "select count(*) from briefings where composed_at is not null"
_TOLD = "select count(*) from briefings where delivered_at is not null"
_READERS = "select count(*) from people where reader_since is not null"


@dataclass
class Scene:
    """One morning: how many are briefed, where, and by which program."""

    many: int
    here: Databases
    workspace: LocalWorkspace
    program: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> subprocess.Popen[bytes]:
        assert self.program
        return self.program

    async def value(self, statement: str) -> int:
        async with await psycopg.AsyncConnection.connect(self.here.admin_dsn, autocommit=True) as connection:
            row = await (await connection.execute(statement.encode())).fetchone()
            return int(row[0]) if row else 0

    async def until(self, reached: Callable[[], Awaitable[bool]], what: str, within: float, *, each: float = 2) -> None:
        end = monotonic() + within
        while not await reached():
            if monotonic() > end:
                raise TimeoutError(f"Not within {within:.0f} s: {what}")
            if self.program and self.program.poll() is not None:
                raise RuntimeError("Daybook ended by itself.")
            await asyncio.sleep(each)


def measure(many: str = "2000") -> None:
    """Briefs so many people at half past eight, and tells when each was posted and what composing took."""
    with databases.throwaway(read_settings()) as here, tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measured(int(many), here, Path(folder) / "log"))


async def _measured(many: int, here: Databases, log: Path) -> None:
    await migrate(here.admin_dsn)
    workspace = LocalWorkspace(company.seed(many), read_manifest(), EVENING, enforce_rate_limits=False)
    await workspace.start()
    scene = Scene(many, here, workspace)
    try:
        await _open_channels(scene)
        scene.program = _begin(scene, log)
        await scene.until(lambda: _taken_in(scene), "everything read and worked out", 1800)
        said = await scene.value("select count(*) from messages")
        tell(f"{many} readers in {company.CHANNELS} channels with {said} messages, on {os.cpu_count()} cores")
        workspace.world.limits = RateLimits.of(workspace.clock)
        await _compose(scene)
        await _post(scene)
    finally:
        if scene.program:
            scene.program.terminate()
            scene.program.wait()
        await workspace.stop()


async def _open_channels(scene: Scene) -> None:
    """What was done on earlier days: everybody has a channel of their own."""
    team, at = TeamId(company.TEAM), EVENING - timedelta(days=1)
    own = person_id(team, "slack", company.BOT)
    pool = open_pool(scene.here.app_dsn, most=2)
    await pool.open()
    database = Database(pool)
    async with database.house() as connection:
        await teams.see(connection, Team(team_id=team, url=scene.workspace.url, bot_person_id=own))
        for key in company.readers(scene.many):
            person, external_id = person_id(team, "slack", key), company.personal(key)
            where = container_id(team, "slack", external_id)
            place = Container(container_id=where, team_id=team, external_id=external_id, kind="private")
            await people.note(connection, team, "slack", key, at)
            await containers.note(connection, team, place, at)
            await containers.make_personal(connection, team, where, person, at)
            await containers.set_members(connection, team, where, [person, own], at)
    await pool.close()


def _begin(scene: Scene, log: Path) -> subprocess.Popen[bytes]:
    leaders = ",".join(company.readers(scene.many))
    return machine.begin(scene.workspace, scene.here, log, DAYBOOK_LEADERS=leaders, DAYBOOK_EXTRACTION_DELAY="1")


async def _taken_in(scene: Scene) -> bool:
    return await scene.value(_READERS) == scene.many and await scene.value(_BUSY) == 0


async def _compose(scene: Scene) -> None:
    scene.workspace.clock.set(company.DUE - Forecast().lead(scene.many) - A_MOMENT)

    async def begun() -> bool:
        return await scene.value(_CLAIMED) > 0

    await scene.until(begun, "the first begun", 300, each=0.2)
    began, before = monotonic(), machine.computed(scene.running, scene.here)

    async def composed() -> bool:
        return await scene.value(_COMPOSED) >= scene.many

    await scene.until(composed, "all briefings composed", 3600)
    bot, postgres = (
        after - earlier for after, earlier in zip(machine.computed(scene.running, scene.here), before, strict=True)
    )
    each = 1000 / scene.many
    tell(
        f"All composed at {scene.workspace.clock.now():%H:%M:%S}, in {monotonic() - began:.0f} s:"
        f" {bot * each:.1f} ms of Daybook's CPU and {postgres * each:.1f} ms of Postgres's each"
    )


async def _post(scene: Scene) -> None:
    workspace = scene.workspace

    async def told() -> bool:
        return await scene.value(_TOLD) >= scene.many

    with suppress(TimeoutError):
        await scene.until(told, "all posted", 3600)
    found = {key: _posts(workspace, key) for key in company.readers(scene.many)}
    times = sorted(at for each in found.values() for at in each)
    refused = Counter(call["method"] for call in workspace.world.calls if call["error"] == "ratelimited")
    doubles = sum(len(each) - 1 for each in found.values() if each)
    tell(
        f"Posted: {sum(map(bool, found.values()))} of {scene.many}, first {_clock(times[0])}, last {_clock(times[-1])},"
        f" doubles {doubles}; refused by Slack's limits: {dict(refused) or 'none'}"
    )


def _posts(workspace: LocalWorkspace, reader: str) -> list[datetime]:
    """When Daybook posted in this reader's own channel."""
    said = workspace.world.state.channels[company.personal(reader)].messages
    return [moment_of(each.ts) for each in said if each.user == company.BOT]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S}.{at.microsecond // 100_000}"
