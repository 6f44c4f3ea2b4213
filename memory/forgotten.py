"""Whom and what Daybook has forgotten: nothing of them is kept, and nothing new, until somebody says otherwise."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from memory import events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.events import Event, Told
from memory.models.happenings.directory import ContainerForgotten, ContainerReadAgain, PersonForgotten, PersonReadAgain
from memory.models.ids import ContainerId, PersonId, TeamId

SQL = statements.load("forgotten")


class Known(Model):
    """A person by their id in the source, forgotten or not."""

    person_id: PersonId
    forgotten: bool


async def among(connection: Connection, names: Iterable[UUID | None]) -> set[UUID]:
    """Which of these people and containers are forgotten."""
    given = {"ids": [name for name in names if name is not None]}
    rows = await (await connection.execute(SQL["find_forgotten"], given)).fetchall()
    return {row["id"] for row in rows}


async def people(connection: Connection, team: TeamId) -> dict[PersonId, bool]:
    """Everybody who is forgotten; True where the directory has a name still, so that it was not done to the end."""
    rows = await (await connection.execute(SQL["list_forgotten_people"], {"team_id": team})).fetchall()
    return {row["person_id"]: bool(row["real_name"] or row["handle"] or row["email"]) for row in rows}


async def identify(connection: Connection, team: TeamId, external_id: str) -> Known | None:
    """Whose id in the source this is."""
    given = {"team_id": team, "external_id": external_id}
    row = await (await connection.execute(SQL["find_identity"], given)).fetchone()
    return Known.model_validate(row) if row else None


async def calls(connection: Connection, person: PersonId) -> str:
    """A pattern of all that the directory calls somebody, as it stands in texts and in JSON; empty if it does not."""
    row = await (await connection.execute(SQL["read_names"], {"person_id": person})).fetchone()
    if row is None:
        return ""
    # A handle is often a common word: it is what somebody is called by only where there is no name.
    said = {row["real_name"].strip() or row["handle"].strip(), row["email"].strip()} - {""}
    said |= {json.dumps(each, ensure_ascii=False)[1:-1] for each in said}
    return rf"(^|\W)({'|'.join(re.escape(each) for each in sorted(said))})(\W|$)" if said else ""


async def forget_person(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    """From here on nothing new of theirs is stored, and the roster does not show them."""
    await _turn(connection, team, PersonForgotten(), at, forgotten=True, person=person)


async def read_person_again(connection: Connection, team: TeamId, person: PersonId, at: datetime) -> None:
    """What they write from here on is stored again; what was erased stays erased."""
    await _turn(connection, team, PersonReadAgain(), at, forgotten=False, person=person)


async def forget_container(connection: Connection, team: TeamId, container: ContainerId, at: datetime) -> None:
    """From here on nothing that is said there is stored. Call it as the container's scribe."""
    await _turn(connection, team, ContainerForgotten(), at, forgotten=True, container=container)


async def read_container_again(connection: Connection, team: TeamId, container: ContainerId, at: datetime) -> None:
    """What is said there from here on may be read again; what was erased stays erased."""
    await _turn(connection, team, ContainerReadAgain(), at, forgotten=False, container=container)


async def erase_directory(connection: Connection, person: PersonId) -> None:
    """Erases name, handle, title, address and projects; the id stays, so that they are known as forgotten.

    The channel that was opened for them alone is called by their handle: it loses its name too.
    """
    await connection.execute(SQL["erase_names_of_own"], {"person_id": person})
    await connection.execute(SQL["erase_directory"], {"person_id": person})


async def erase_name(connection: Connection, container: ContainerId) -> None:
    await connection.execute(SQL["erase_name"], {"container_id": container})


async def _turn(
    connection: Connection,
    team: TeamId,
    told: Told,
    at: datetime,
    *,
    forgotten: bool,
    person: PersonId | None = None,
    container: ContainerId | None = None,
) -> None:
    before = await _standing(connection, person, container)
    if before is None or before["forgotten"] is forgotten:
        return
    happened = Event(
        team_id=team,
        key=f"{type(told).__name__}:{person or container}:{before['event_id']}",
        occurred_at=at,
        container_id=container,
        person_id=person,
        told=told,
    )
    await events.append(connection, team, [happened])


async def _standing(
    connection: Connection, person: PersonId | None, container: ContainerId | None
) -> dict[str, Any] | None:
    if person is not None:
        cursor = await connection.execute(SQL["read_person_event"], {"person_id": person})
    else:
        cursor = await connection.execute(SQL["read_container_event"], {"container_id": container})
    return await cursor.fetchone()
