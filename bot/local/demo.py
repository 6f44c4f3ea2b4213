"""The sample team's day, lived through: history read back, a day replayed, and each leader's morning."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot import app, running, schedule
from bot.app import Daybook
from bot.errors import BotFailure
from bot.leaders import find_people
from bot.local.sample import SAMPLE
from bot.local.workspace import LocalWorkspace, Seed, SeedMessage
from bot.manifest import read_manifest
from bot.settings import Settings
from memory import briefings, inbox, people
from memory.models.audience import Viewer
from memory.models.briefings import Briefing
from memory.models.people import Person
from memory.models.settings import USUAL_TIME

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds after which something that should have happened in the demo has not."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Play:
    """The sample team as the demo plays it: what is history, what happens live, and who is told of it."""

    seed: Seed
    live: tuple[SeedMessage, ...]
    replay_from: datetime
    leaders: tuple[str, ...]


def read_play(path: Path = SAMPLE) -> Play:
    raw = json.loads(path.read_text(encoding="utf-8"))
    seed = Seed.from_json(path)
    replay_from = datetime.fromisoformat(raw["replay_from"])
    border = Decimal(int(replay_from.timestamp()))
    past = tuple(message for message in seed.messages if Decimal(message.ts) < border)
    live = tuple(message for message in seed.messages if Decimal(message.ts) >= border)
    return Play(seed.model_copy(update={"messages": past}), live, replay_from, tuple(raw["leaders"]))


@dataclass(frozen=True)
class Told:
    """A briefing that was posted, and for whom."""

    person: Person
    briefing: Briefing


@asynccontextmanager
async def playing(settings: Settings, dsn: str, port: int, tell: Tell) -> AsyncIterator[tuple[LocalWorkspace, Daybook]]:
    """The local workspace and the bot in it, after the sample day and the mornings that follow it."""
    play = read_play()
    workspace = LocalWorkspace(play.seed, read_manifest(), now=play.replay_from, port=port)
    await workspace.start()
    try:
        within = settings.model_copy(
            update={
                "slack_bot_token": workspace.bot_token,
                "slack_app_token": workspace.app_token,
                "slack_api_url": workspace.api_url,
                "leaders": ",".join(play.leaders),
                "extraction_delay": 0.2,
            }
        )
        async with app.bootstrap(within, dsn, clock=workspace.clock) as daybook:
            await daybook.history.read_workspace()
            async with running.working(daybook, pace=0.2), running.listening(daybook):
                tell(f"Replaying {len(play.live)} messages of the sample team's day …")
                await workspace.replay(play.live)
                await workspace.settle()
                await _until_quiet(daybook, len(play.live))
                # Only now: a day in seconds would have its first activity and its evening at once.
                await running.enrol_leaders(daybook)
                yield workspace, daybook
    finally:
        await workspace.stop()


async def mornings(workspace: LocalWorkspace, daybook: Daybook) -> AsyncIterator[Told]:
    """Moves the workspace's clock from one leader's morning to the next, and yields each briefing once it is posted."""
    team = daybook.workspace.team
    async with daybook.database.house() as connection:
        roster = await people.roster(connection, team)
    leaders = find_people(daybook.settings.leader_names, roster.values())
    now = workspace.clock.now()
    due = sorted((schedule.next_morning(now, each.tz, USUAL_TIME), each.name, each) for each in leaders)
    for at, _, person in due:
        workspace.clock.set(max(at + timedelta(seconds=1), workspace.clock.now()))
        yield Told(person, await _delivered(daybook, person, at))


async def _delivered(daybook: Daybook, person: Person, due_at: datetime) -> Briefing:
    viewer = Viewer.person(person.person_id)
    for _ in range(int(PATIENCE / 0.1)):
        async with daybook.database.viewing(viewer) as connection:
            slot = await briefings.latest(connection, person.person_id)
            if slot and slot.delivered_at and slot.due_at >= due_at - timedelta(hours=12):
                found = await briefings.read(connection, slot.briefing_id)
                if found:
                    return found
        await asyncio.sleep(0.1)
    raise BotFailure(f"The briefing for {person.name} was not posted within {PATIENCE:.0f} s: see the log above.")


async def _until_quiet(daybook: Daybook, expected: int) -> None:
    """Waits until everything that arrived is handled."""
    for _ in range(int(PATIENCE / 0.1)):
        async with daybook.database.house() as connection:
            if not await inbox.waiting(connection):
                return
        await asyncio.sleep(0.1)
    raise BotFailure(f"The sample day of {expected} messages was not handled within {PATIENCE:.0f} s: see the log.")
