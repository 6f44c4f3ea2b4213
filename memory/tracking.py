"""Tracking: who does not want to be tracked, so that no fact rests on what they write; they can be again."""

from datetime import datetime

from memory import events, statements
from memory.database import Connection
from memory.models.events import Event
from memory.models.happenings.directory import PersonTrackedAgain, PersonUntracked
from memory.models.ids import PersonId, TeamId

SQL = statements.load("tracking")


async def is_untracked(connection: Connection, person: PersonId) -> bool:
    row = await (await connection.execute(SQL["is_untracked"], {"person_id": person})).fetchone()
    return row is not None


async def untracked(connection: Connection, team: TeamId) -> frozenset[PersonId]:
    """Everybody who does not want to be tracked."""
    rows = await (await connection.execute(SQL["list_untracked"], {"team_id": team})).fetchall()
    return frozenset(row["person_id"] for row in rows)


async def stop(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> bool:
    """From here on what they wrote and write bears out no fact; says whether that is new."""
    if await is_untracked(connection, person):
        return False
    return await _turn(connection, team, PersonUntracked(), person, at)


async def resume(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> bool:
    """What they wrote and write counts again; says whether that is new."""
    if not await is_untracked(connection, person):
        return False
    return await _turn(connection, team, PersonTrackedAgain(), person, at)


async def _turn(
    connection: Connection, team: TeamId, told: PersonUntracked | PersonTrackedAgain, person: PersonId, at: datetime
) -> bool:
    key = f"{type(told).__name__}:{person}:{at.isoformat()}"
    happened = Event(team_id=team, key=key, occurred_at=at, person_id=person, told=told)
    return bool((await events.append(connection, team, [happened])).fresh)
