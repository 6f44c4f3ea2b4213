"""Containers and who is in them. Who may read what follows from these rows alone, in SQL (`readable_containers`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from memory import assurances, events, statements
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.containers import Container, ContainerKind, Membership
from memory.models.events import Event, Told
from memory.models.happenings.directory import (
    ContainerArchived,
    ContainerConverted,
    ContainerHeardOf,
    ContainerLeft,
    ContainerMadePersonal,
    ContainerSeen,
    ContainerUnarchived,
    HoldPlaced,
    HoldReleased,
    MemberJoined,
    MemberLeft,
    MembersListed,
    RetentionSet,
)
from memory.models.ids import ContainerId, PersonId, TeamId, derive

SQL = statements.load("containers")


class Keeping(Container):
    """A container and how long what is said there is kept: a legal hold outranks `retain_days`."""

    retain_days: int | None
    held: bool
    forgotten: bool


async def see(connection: Connection, team: TeamId, containers: Sequence[Container], at: datetime) -> None:
    """Notes containers as their source describes them now; what has not changed is not told again.

    A forgotten one is not read, though Daybook may be in it.
    """
    known = await _described(connection, [each.container_id for each in containers])
    seen = [_seen(team, each, known.get(each.container_id), at) for each in containers]
    await events.append(connection, team, [event for event in seen if event is not None])
    names = [each.model_dump(include={"container_id", "name"}) for each in containers]
    await connection.execute(SQL["name_containers"], {"rows": as_json(names)})


async def note(connection: Connection, team: TeamId, container: Container, at: datetime) -> bool:
    """Makes sure that a container is known; says whether it was not."""
    if await _described(connection, [container.container_id]):
        return False
    heard = ContainerHeardOf(source=container.source, external_id=container.external_id, kind=container.kind)
    told = Event(
        team_id=team,
        key=f"heard:{container.container_id}",
        occurred_at=at,
        container_id=container.container_id,
        told=heard,
    )
    return bool((await events.append(connection, team, [told])).fresh)


async def left(connection: Connection, team: TeamId, container: ContainerId, at: datetime) -> None:
    """Daybook is no longer in it."""
    await _change(connection, team, container, ContainerLeft(), at, read_by_daybook=False)


async def rename(connection: Connection, container: ContainerId, name: str) -> None:
    rows = as_json([{"container_id": container, "name": name}])
    await connection.execute(SQL["name_containers"], {"rows": rows})


async def archive(connection: Connection, team: TeamId, container: ContainerId, archived: bool, at: datetime) -> None:
    told = ContainerArchived() if archived else ContainerUnarchived()
    await _change(connection, team, container, told, at, archived=archived)


async def convert(
    connection: Connection, team: TeamId, container: ContainerId, kind: ContainerKind, at: datetime
) -> None:
    """Made private or public: its past goes with it."""
    await _change(connection, team, container, ContainerConverted(to=kind), at, kind=kind)


async def make_personal(
    connection: Connection, team: TeamId, container: ContainerId, person: PersonId, at: datetime
) -> None:
    await _change(connection, team, container, ContainerMadePersonal(), at, person, personal_to=person)


async def retain(connection: Connection, team: TeamId, container: ContainerId, days: int | None, at: datetime) -> None:
    """What is said there is kept for so many days; None: for as long as it stands in its source."""
    await _change(connection, team, container, RetentionSet(days=days), at, retain_days=days)


async def hold(connection: Connection, team: TeamId, container: ContainerId, held: bool, at: datetime) -> None:
    """Places a legal hold, or releases it. Call it as the container's scribe: nobody is erasing there meanwhile."""
    await _change(connection, team, container, HoldPlaced() if held else HoldReleased(), at, held=held)


async def is_held(connection: Connection, container: ContainerId) -> bool:
    """Whether nothing of it may be erased."""
    found = (await _described(connection, [container])).get(container)
    return bool(found and found["held"])


async def keeping(connection: Connection, team: TeamId) -> list[Keeping]:
    """Every container, and how long what is said there is kept."""
    rows = await (await connection.execute(SQL["list_kept"], {"team_id": team})).fetchall()
    return [Keeping.model_validate(row) for row in rows]


async def kept_for(connection: Connection, container: ContainerId) -> int | None:
    """For how many days what is said there is kept; None when that has no end."""
    found = (await _described(connection, [container])).get(container)
    return found["retain_days"] if found and not found["held"] else None


async def personal(connection: Connection, person: PersonId) -> tuple[ContainerId, str] | None:
    """The channel that Daybook opened for this person, and its external id."""
    row = await (await connection.execute(SQL["find_personal"], {"person_id": person})).fetchone()
    return (row["container_id"], row["external_id"]) if row else None


async def personal_places(connection: Connection, team: TeamId) -> set[str]:
    """The external ids of all channels that Daybook opened for one person."""
    rows = await (await connection.execute(SQL["list_personal"], {"team_id": team})).fetchall()
    return {row["external_id"] for row in rows}


async def unfinished(connection: Connection, containers: Iterable[ContainerId]) -> set[ContainerId]:
    """Those of which something is not worked out, or not in the index, yet."""
    rows = await (await connection.execute(SQL["find_unfinished"], {"container_ids": list(containers)})).fetchall()
    return {row["container_id"] for row in rows}


async def personal_to(connection: Connection, container: ContainerId) -> PersonId | None:
    """For whom alone Daybook opened this channel, if it did."""
    row = await (await connection.execute(SQL["read_place"], {"container_id": container})).fetchone()
    return row["personal_to"] if row else None


async def is_alone(connection: Connection, container: ContainerId, person: PersonId) -> bool:
    """Whether it is this person's own channel, and nobody else is known to be in it."""
    given = {"container_id": container, "person_id": person}
    row = await (await connection.execute(SQL["is_alone"], given)).fetchone()
    return bool(row and row["alone"])


async def history_read_until(connection: Connection, container: ContainerId) -> datetime | None:
    """Until when its history was read back; None when it never was."""
    row = await (await connection.execute(SQL["read_place"], {"container_id": container})).fetchone()
    return row["history_read_until"] if row else None


async def private_talk(connection: Connection, team: TeamId) -> list[str]:
    """The external ids of DMs and personal channels in which somebody wrote to Daybook within a week."""
    rows = await (await connection.execute(SQL["find_private_talk"], {"team_id": team})).fetchall()
    return [row["external_id"] for row in rows]


async def read(connection: Connection, container_ids: Iterable[UUID]) -> dict[ContainerId, Container]:
    rows = await (await connection.execute(SQL["read_containers"], {"container_ids": list(container_ids)})).fetchall()
    return {row["container_id"]: Container.model_validate(row) for row in rows}


async def read_by_daybook(connection: Connection, team: TeamId) -> list[Container]:
    """Every container that Daybook reads."""
    rows = await (await connection.execute(SQL["read_by_daybook"], {"team_id": team})).fetchall()
    return [Container.model_validate(row) for row in rows]


async def readable(connection: Connection, viewer: Viewer) -> set[ContainerId]:
    given = {"viewer_kind": viewer.kind, "viewer_id": viewer.viewer_id}
    rows = await (await connection.execute(SQL["readable_containers"], given)).fetchall()
    return {row["container_id"] for row in rows}


async def without_history(connection: Connection, containers: Iterable[ContainerId]) -> set[ContainerId]:
    """Those among them of which nobody has read yet what was said there before."""
    rows = await (await connection.execute(SQL["find_without_history"], {"container_ids": list(containers)})).fetchall()
    return {row["container_id"] for row in rows}


async def unreadable(
    connection: Connection, viewer: Viewer, before: datetime
) -> list[tuple[Container, datetime | None]]:
    """Channels that the viewer may read and of which reading back has failed since before a time, each with when it
    was read back last.
    """
    given = {"viewer_kind": viewer.kind, "viewer_id": viewer.viewer_id, "before": before}
    rows = await (await connection.execute(SQL["find_unreadable"], given)).fetchall()
    found = [(row.pop("history_read_until"), row) for row in rows]
    return [(Container.model_validate(row), until) for until, row in found]


async def reading_failed(connection: Connection, container: ContainerId, at: datetime) -> None:
    """Notes that a container could not be read back; the first failure counts until it can."""
    await connection.execute(SQL["note_reading_failed"], {"container_id": container, "at": at})


async def left_by_daybook(connection: Connection, person: PersonId) -> list[str]:
    """Names of public channels that a member is in and Daybook is not any more."""
    rows = await (await connection.execute(SQL["find_left"], {"person_id": person})).fetchall()
    return [row["name"] for row in rows]


async def history_read(connection: Connection, container: ContainerId, until: datetime) -> None:
    await connection.execute(SQL["note_history_read"], {"container_id": container, "until": until})


async def change_members(connection: Connection, team: TeamId, changes: Sequence[Membership]) -> None:
    """Joins and leaves, in any order: of one person in one container the latest counts."""
    await events.append(connection, team, [_moved(team, change) for change in changes])
    await assurances.doubt(connection, {change.container_id for change in changes})


async def set_members(
    connection: Connection, team: TeamId, container: ContainerId, members: Iterable[PersonId], at: datetime
) -> None:
    """The full list of members as it was at a time, at the latest when reading it began: who is not on it has left."""
    present = set(members)
    rows = await (await connection.execute(SQL["read_members"], {"container_id": container})).fetchall()
    known = {row["person_id"] for row in rows}
    changes = [
        Membership(container_id=container, person_id=person, joined=person in present, at=at)
        for person in sorted(present ^ known)
    ]
    happened = [_moved(team, change) for change in changes]
    row = await (await connection.execute(SQL["are_members_listed"], {"container_id": container})).fetchone()
    if row and not row["listed"]:
        key = f"listed:{container}"
        happened.append(Event(team_id=team, key=key, occurred_at=at, container_id=container, told=MembersListed()))
    await events.append(connection, team, happened)
    if changes:
        await assurances.doubt(connection, [container])


async def _described(connection: Connection, container_ids: Sequence[ContainerId]) -> dict[ContainerId, dict[str, Any]]:
    given = {"container_ids": list(container_ids)}
    rows = await (await connection.execute(SQL["read_described"], given)).fetchall()
    return {row["container_id"]: row for row in rows}


async def _change(
    connection: Connection,
    team: TeamId,
    container: ContainerId,
    told: Told,
    at: datetime,
    person: PersonId | None = None,
    **becomes: object,
) -> None:
    """Tells a change of a container, unless it is so already; the same may happen again after another one."""
    before = (await _described(connection, [container])).get(container)
    if before is None or all(before[name] == value for name, value in becomes.items()):
        return
    key = f"{type(told).__name__}:{container}:{before['event_id']}"
    happened = Event(team_id=team, key=key, occurred_at=at, container_id=container, person_id=person, told=told)
    await events.append(connection, team, [happened])


def _seen(team: TeamId, container: Container, before: Mapping[str, Any] | None, at: datetime) -> Event | None:
    told = ContainerSeen(**container.model_dump(exclude={"container_id", "team_id", "name"}))
    if before and before["forgotten"]:
        told = told.model_copy(update={"read_by_daybook": False})
    state = ("kind", "archived", "read_by_daybook")
    if before and before["event_id"] and all(before[name] == getattr(told, name) for name in state):
        return None
    key = f"seen:{container.container_id}:{before and before['event_id']}:{derive(told.model_dump_json())}"
    return Event(team_id=team, key=key, occurred_at=at, container_id=container.container_id, told=told)


def _moved(team: TeamId, change: Membership) -> Event:
    return Event(
        team_id=team,
        key=f"member:{change.container_id}:{change.person_id}:{change.at.isoformat()}:{change.joined}",
        occurred_at=change.at,
        container_id=change.container_id,
        person_id=change.person_id,
        told=MemberJoined() if change.joined else MemberLeft(),
    )
