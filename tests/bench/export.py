"""How fast an export is read and worked out. Keeps nothing."""

import asyncio
import resource
from pathlib import Path
from time import perf_counter

from bot import databases, offline
from bot.clock import SystemClock
from bot.databases import Databases
from bot.embedder import embedder_of
from bot.settings import read_settings
from handlers.sources.export import Export
from memory.migrations import migrate

NOWHERE = "https://slack.com/"


def measure(given: str) -> None:
    """Imports the export into a database of its own, and tells the pace of its first and its last thousand messages."""
    with Export(Path(given)) as export, databases.throwaway(read_settings()) as here:
        asyncio.run(_measured(here, export))


async def _measured(here: Databases, export: Export) -> None:
    await migrate(here.admin_dsn)
    began = perf_counter()
    async with offline.offline(here.app_dsn, export.team, SystemClock(), embedder_of(read_settings())) as room:
        report = await offline.take_in(room, export, NOWHERE, offline.no_progress)
        read = perf_counter()
        places = [container.container_id for container in export.containers()]
        await offline.work_out(room, places, report, offline.no_progress)
    ended = perf_counter()
    print(f"{report.messages} messages in {report.containers} channels: {read - began:.1f} s to read,", end=" ")
    print(f"{ended - read:.1f} s to work out.")
    first, last = report.cost(1), report.cost(-1)
    if first and last:
        print(f"First thousand: {first:.2f} ms a message. Last thousand: {last:.2f} ms (ratio {last / first:.2f}).")
    print(f"Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, without Postgres.")
