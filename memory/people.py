"""People: who is who, and who reads briefings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from memory import events, statements
from memory.database import Connection, as_json
from memory.models.events import Event
from memory.models.happenings.directory import PersonHeardOf, PersonSeen, ReaderStarted, ReaderStopped
from memory.models.ids import ContainerId, PersonId, TeamId, derive, person_id
from memory.models.people import Person
from memory.models.settings import Hours

SQL = statements.load("people")
Read = TypeVar("Read")


class Reader(Hours):
    """Somebody who wants a briefing, at these local times."""

    person_id: PersonId
    tz: str
    reader_since: datetime


async def see(connection: Connection, team: TeamId, people: Sequence[Person], at: datetime) -> None:
    """Notes people as their source describes them now; what has not changed is not told again."""
    if not people:
        return
    given = {"person_ids": [person.person_id for person in people]}
    rows = await (await connection.execute(SQL["read_described"], given)).fetchall()
    known = {row["person_id"]: row for row in rows}
    seen = [_seen(team, person, known.get(person.person_id), at) for person in people]
    await events.append(connection, team, [event for event in seen if event is not None])
    named = {"person_id", "handle", "real_name", "title", "email", "projects"}
    names = [person.model_dump(include=named) for person in people]
    await connection.execute(SQL["name_people"], {"rows": as_json(names)})


async def note(connection: Connection, team: TeamId, source: str, external_id: str, at: datetime) -> None:
    """Makes sure that a person is known, if only by their id."""
    who = person_id(team, source, external_id)
    row = await (await connection.execute(SQL["is_known"], {"person_id": who})).fetchone()
    if row and row["known"]:
        return
    heard = PersonHeardOf(source=source, external_id=external_id)
    await events.append(
        connection, team, [Event(team_id=team, key=f"heard:{who}", occurred_at=at, person_id=who, told=heard)]
    )


class Roster(dict[PersonId, Person]):
    """People by id; what is asked of thousands for every briefing is worked out once."""

    @cached_property
    def names(self) -> Mapping[PersonId, str]:
        return {key: person.name for key, person in self.items()}

    @cached_property
    def everybody(self) -> tuple[Person, ...]:
        return tuple(self.values())


_rosters: dict[str, Roster] = {}
_readers: dict[str, Sequence[Reader]] = {}
"""What was read last, by what the rows were then: thousands of people change seldom, and are looked at all the time."""
_MOST_KEPT = 4


async def roster(connection: Connection, team: TeamId) -> Roster:
    """Everybody of the team, gone ones included: their names stand in old messages. Who is forgotten is not in it.

    As it is at this moment: what was read before is given only while not one row of it has changed.
    """
    stamp = await _stamp(connection, team)
    found = _rosters.get(stamp)
    if found is None:
        rows = await (await connection.execute(SQL["read_people"], {"team_id": team})).fetchall()
        found = Roster((row["person_id"], Person.model_validate(row)) for row in rows)
    return _kept(_rosters, stamp, found)


async def known(connection: Connection, team: TeamId, person: PersonId) -> Person | None:
    """One of the team; None for somebody whom we do not know, or have forgotten."""
    rows = await (await connection.execute(SQL["read_person"], {"team_id": team, "person_id": person})).fetchall()
    return Person.model_validate(rows[0]) if rows else None


async def zone_of(connection: Connection, team: TeamId, person: PersonId) -> str:
    """Where somebody's days begin and end; UTC while that is not known."""
    known = (await roster(connection, team)).get(person)
    return known.tz if known else "UTC"


async def start_reading(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    await events.append(connection, team, [_choice(team, ReaderStarted(), person, at)])


async def enrol(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    """Makes a reader of somebody whom a setting names, unless they are one, or have stopped being one."""
    row = await (await connection.execute(SQL["may_be_enrolled"], {"person_id": person})).fetchone()
    if row and row["may"]:
        await start_reading(connection, team, person, at)


async def reads(connection: Connection, person: PersonId) -> bool:
    """Whether the person wants briefings."""
    row = await (await connection.execute(SQL["reads"], {"person_id": person})).fetchone()
    return bool(row and row["reads"])


async def stop_reading(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    await events.append(connection, team, [_choice(team, ReaderStopped(), person, at)])


async def readers(connection: Connection, team: TeamId) -> Sequence[Reader]:
    """Everybody of the team who wants briefings, read as the roster is: anew when somebody changed."""
    stamp = await _stamp(connection, team)
    found = _readers.get(stamp)
    if found is None:
        rows = await (await connection.execute(SQL["read_readers"], {"team_id": team})).fetchall()
        found = tuple(Reader.model_validate(row) for row in rows)
    return _kept(_readers, stamp, found)


async def containers_with_readers(connection: Connection, team: TeamId) -> set[ContainerId]:
    """The containers that at least one reader may read: no work is done for the others."""
    rows = await (await connection.execute(SQL["containers_with_readers"], {"team_id": team})).fetchall()
    return {row["container_id"] for row in rows}


async def _stamp(connection: Connection, team: TeamId) -> str:
    """What the rows of people are at this moment: the same stamp means the same rows."""
    row = await (await connection.execute(SQL["stamp_people"], {"team_id": team})).fetchone()
    return str(row["stamp"]) if row else ""


def _kept(before: dict[str, Read], stamp: str, read: Read) -> Read:
    """Keeps it as what was read last, and only a few of those before."""
    before.pop(stamp, None)
    before[stamp] = read
    while len(before) > _MOST_KEPT:
        del before[next(iter(before))]
    return read


def _seen(team: TeamId, person: Person, before: Mapping[str, Any] | None, at: datetime) -> Event | None:
    """What changed in how a person is described. A manager whom a source does not name stays."""
    manager = person.manager_external_id and person_id(team, person.source, person.manager_external_id)
    told = PersonSeen(
        source=person.source,
        external_id=person.external_id,
        tz=person.tz,
        role=person.role,
        manager_id=manager or (before["manager_id"] if before else None),
        deactivated=person.deactivated,
    )
    state = ("tz", "role", "manager_id", "deactivated")
    if before and before["event_id"] and all(before[name] == getattr(told, name) for name in state):
        return None
    followed = before["event_id"] if before else None
    key = f"seen:{person.person_id}:{followed}:{derive(told.model_dump_json())}"
    return Event(team_id=team, key=key, occurred_at=at, person_id=person.person_id, told=told)


def _choice(team: TeamId, told: ReaderStarted | ReaderStopped, person: PersonId, at: datetime) -> Event:
    key = f"{type(told).__name__}:{person}:{at.isoformat()}"
    return Event(team_id=team, key=key, occurred_at=at, person_id=person, told=told)
