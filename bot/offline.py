"""Daybook without Slack: exports are read, worked out and told of on this machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from bot.engine_room import EngineRoom, compiled_graphs
from bot.jobs import Jobs
from bot.language.chosen import language_of
from bot.runs import Runs
from bot.settings import Settings
from graphs import days, indexing
from graphs.ports import Clock, Embedder
from handlers.sources.export import Export
from memory import briefings, checkpoints, containers, messages, people, retrieval, teams
from memory.database import Database, open_pool
from memory.leases import LeaseHeld, LeaseLost
from memory.models.audience import Viewer
from memory.models.briefings import Briefing
from memory.models.ids import ContainerId, TeamId, briefing_id
from memory.models.people import Person
from memory.teams import Team

BATCH = 500
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def no_progress(doing: str, done: int, total: int) -> None:
    """For programs: nobody watches."""


@dataclass(frozen=True)
class Offline:
    database: Database
    rooms: EngineRoom
    clock: Clock


@asynccontextmanager
async def offline(
    dsn: str, team: TeamId, clock: Clock, embedder: Embedder, *, models: Settings | None = None
) -> AsyncIterator[Offline]:
    """The engine room alone. Jobs are enqueued and left: what would be posted stays in the outbox.

    `models`: settings that name language models to ask; without them rules do everything.
    """
    pool = open_pool(dsn, most=6)
    await pool.open()
    jobs = Jobs(dsn, extraction_delay=0)
    try:
        async with jobs.app.open_async():
            database = Database(pool)
            saver = checkpoints.saver(pool)
            graphs = compiled_graphs(saver)
            language = language_of(models, team, database, clock) if models else None
            runs = Runs(team, "", database, saver, graphs, clock, jobs, "offline", embedder, language=language)
            async with database.house() as connection:
                await retrieval.open_space(connection, indexing.space_of(embedder))
            yield Offline(database, EngineRoom(team, database, runs, jobs, clock, embedder), clock)
    finally:
        await pool.close()


@dataclass
class Report:
    """What an import did. `pace` holds seconds per message, batch by batch: (messages, seconds)."""

    messages: int = 0
    new: int = 0
    people: int = 0
    containers: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    pace: list[tuple[int, float]] = field(default_factory=list)

    def cost(self, thousand: int) -> float | None:
        """Milliseconds per message over the first (1) or last (-1) thousand messages worked out."""
        counted, spent = 0, 0.0
        for many, seconds in self.pace if thousand > 0 else reversed(self.pace):
            counted, spent = counted + many, spent + seconds
            if counted >= 1000:
                break
        return spent / counted * 1000 if counted else None


async def take_in(
    here: Offline, export: Export, url: str, progress: Progress, *, until: datetime | None = None
) -> Report:
    """Stores everything in an export that was said until a moment; a second time changes nothing."""
    report = Report()
    team = export.team
    async with here.database.house() as connection:
        await teams.see(connection, Team(team_id=team, name=str(team), url=url))
    async with here.database.house() as connection:
        known, places, now = export.people(), export.containers(), here.clock.now()
        await people.see(connection, team, known, now)
        await containers.see(connection, team, places, now)
        await containers.change_members(connection, team, export.memberships())
    report.people, report.containers = len(known), len(places)
    total = export.count()
    for done, day in enumerate(export.days(), start=1):
        said = [message for message in day.messages if until is None or message.posted_at <= until]
        if until is not None:
            # An export holds only the last wording: what it was before is not known.
            timely = [message for message in said if message.edited_at is None or message.edited_at <= until]
            export.skipped.note("message: edited later than the briefing's time", len(said) - len(timely))
            said = timely
        for start in range(0, len(said), BATCH):
            batch = said[start : start + BATCH]
            async with here.database.scribing(day.container.container_id) as connection:
                report.new += len(await messages.store(connection, team, batch))
        async with here.database.scribing(day.container.container_id) as connection:
            stored = {message.message_id for message in said}
            await messages.react(connection, team, [each for each in day.reactions if each.message_id in stored])
        report.messages += len(said)
        progress("reading", done, total)
    report.skipped = dict(export.skipped.reasons)
    return report


async def work_out(here: Offline, places: list[ContainerId], report: Report, progress: Progress) -> None:
    """Works out conversations and facts of these containers, and indexes what was said there."""
    done = 0
    for place in places:
        async for many, seconds in _extracting(here, place):
            report.pace.append((many, seconds))
            done += many
            progress("working out", min(done, report.messages), report.messages)
    for done, place in enumerate(places, start=1):
        await here.rooms.index(place)
        progress("indexing", done, len(places))


async def _extracting(here: Offline, place: ContainerId) -> AsyncIterator[tuple[int, float]]:
    """Works a container out, batch by batch: messages and seconds. Another Daybook that is on it is waited for."""
    while True:
        began = perf_counter()
        try:
            async for many in here.rooms.extracting(place):
                now = perf_counter()
                yield many, now - began
                began = now
        except (LeaseHeld, LeaseLost):
            await asyncio.sleep(1)
        else:
            return


async def brief_from(here: Offline, person: Person, at: datetime) -> Briefing | None:
    """The briefing that this person would get at that moment."""
    team, today = person.team_id, days.local_day(at, person.tz)
    async with here.database.house() as connection:
        await people.start_reading(connection, team, person.person_id, at)
        await briefings.claim(connection, team, person.person_id, today, at)
    key = briefing_id(person.person_id, today)
    await here.rooms.brief(key)
    async with here.database.viewing(Viewer.person(person.person_id)) as connection:
        return await briefings.read(connection, key)
