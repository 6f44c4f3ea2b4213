"""People: who is who, and who reads briefings."""

from collections.abc import Sequence
from datetime import datetime, time

from memory import events, statements
from memory.database import Connection, as_json
from memory.models.base import Model
from memory.models.events import Event
from memory.models.ids import ContainerId, PersonId, TeamId, person_id
from memory.models.people import Person

SQL = statements.load("people")
USUAL_TIME = time(8, 30)
"""When a briefing is due, in local time, unless its reader chose another time."""


class Reader(Model):
    """Somebody who wants a briefing, at this local time."""

    person_id: PersonId
    tz: str
    reader_since: datetime
    brief_at: time


async def see(connection: Connection, team: TeamId, people: Sequence[Person]) -> None:
    """Notes people as their source describes them now."""
    if not people:
        return
    rows = [
        {
            **person.model_dump(),
            "manager_id": person_id(team, person.source, person.manager_external_id)
            if person.manager_external_id
            else None,
        }
        for person in people
    ]
    await connection.execute(SQL["see_people"], {"team_id": team, "rows": as_json(rows)})


async def note(connection: Connection, team: TeamId, source: str, external_id: str) -> None:
    """Makes sure that a person is known, if only by their id."""
    who = person_id(team, source, external_id)
    given = {"team_id": team, "source": source, "external_id": external_id, "person_id": who}
    await connection.execute(SQL["note_person"], given)


async def roster(connection: Connection, team: TeamId) -> dict[PersonId, Person]:
    """Everybody of the team, gone ones included: their names stand in old messages."""
    rows = await (await connection.execute(SQL["read_people"], {"team_id": team})).fetchall()
    return {row["person_id"]: Person.model_validate(row) for row in rows}


async def start_reading(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    await connection.execute(SQL["start_reading"], {"person_id": person, "at": at})
    await events.append(connection, team, [_choice(team, "ReaderStarted", person, at)])


async def enrol(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    """Makes a reader of somebody whom a setting names, unless they are one, or have stopped being one."""
    if await (await connection.execute(SQL["enrol"], {"person_id": person, "at": at})).fetchone():
        await events.append(connection, team, [_choice(team, "ReaderStarted", person, at)])


async def reads(connection: Connection, person: PersonId) -> bool:
    """Whether the person wants briefings."""
    row = await (await connection.execute(SQL["reads"], {"person_id": person})).fetchone()
    return bool(row and row["reads"])


async def stop_reading(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    await connection.execute(SQL["stop_reading"], {"person_id": person, "at": at})
    await events.append(connection, team, [_choice(team, "ReaderStopped", person, at)])


async def readers(connection: Connection, team: TeamId) -> list[Reader]:
    rows = await (await connection.execute(SQL["read_readers"], {"team_id": team})).fetchall()
    return [Reader.model_validate(row) for row in rows]


async def containers_with_readers(connection: Connection, team: TeamId) -> set[ContainerId]:
    """The containers that at least one reader may read: no work is done for the others."""
    rows = await (await connection.execute(SQL["containers_with_readers"], {"team_id": team})).fetchall()
    return {row["container_id"] for row in rows}


def _choice(team: TeamId, kind: str, person: PersonId, at: datetime) -> Event:
    return Event(team_id=team, kind=kind, key=f"{kind}:{person}:{at.isoformat()}", occurred_at=at, person_id=person)
