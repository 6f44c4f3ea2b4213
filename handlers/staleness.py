"""What could not be read lately, of what a viewer may read: said beside whatever was made without it."""

from datetime import datetime, timedelta

from graphs import days
from handlers.blocks import stale
from handlers.blocks.stale import Stale
from memory import answers, containers, people
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.ids import AnswerId, TeamId

PATIENCE = timedelta(minutes=5)
"""For so long a failure is tried again without a word."""


async def of(connection: Connection, viewer: Viewer, now: datetime) -> tuple[Stale, ...]:
    """The channels that the viewer may read and that could not be read for a while, the longest unread first."""
    found = await containers.unreadable(connection, viewer, now - PATIENCE)
    return tuple(Stale(name=place.name, read_at=until) for place, until in found)


async def footer(connection: Connection, team: TeamId, viewer: Viewer, answer: AnswerId, now: datetime) -> str:
    """What an answer may be missing, in the days of whoever asked; empty if nothing. Call it as the answer's viewer."""
    found = await of(connection, viewer, now)
    if not found:
        return ""
    asked = await answers.question(connection, answer)
    zone = await people.zone_of(connection, team, asked.asker_id) if asked else "UTC"
    return stale.told(found, days.local_day(now, zone), zone)
