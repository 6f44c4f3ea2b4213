"""Containers and who is in them. Who may read what follows from these rows alone, in SQL (`readable_containers`)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from memory import events, statements
from memory.database import Connection, as_json
from memory.models.audience import Viewer
from memory.models.containers import Container, ContainerKind, Membership
from memory.models.events import Event
from memory.models.ids import ContainerId, PersonId, TeamId

SQL = statements.load("containers")


async def see(connection: Connection, containers: Sequence[Container]) -> None:
    """Notes containers as their source describes them now."""
    rows = as_json([container.model_dump() for container in containers])
    await connection.execute(SQL["see_containers"], {"rows": rows})


async def note(connection: Connection, container: Container) -> bool:
    """Makes sure that a container is known; says whether it was not."""
    row = await (await connection.execute(SQL["note_container"], container.model_dump())).fetchone()
    return row is not None


async def left(connection: Connection, container: ContainerId) -> None:
    """Daybook is no longer in it."""
    await connection.execute(SQL["leave_container"], {"container_id": container})


async def rename(connection: Connection, container: ContainerId, name: str) -> None:
    await connection.execute(SQL["rename_container"], {"container_id": container, "name": name})


async def archive(connection: Connection, container: ContainerId, archived: bool) -> None:
    await connection.execute(SQL["archive_container"], {"container_id": container, "archived": archived})


async def convert(connection: Connection, container: ContainerId, kind: ContainerKind) -> None:
    """Made private or public: its past goes with it."""
    await connection.execute(SQL["convert_container"], {"container_id": container, "kind": kind})


async def make_personal(connection: Connection, container: ContainerId, person: PersonId) -> None:
    await connection.execute(SQL["make_personal"], {"container_id": container, "person_id": person})


async def personal(connection: Connection, person: PersonId) -> str | None:
    """The external id of the channel that Daybook opened for this person."""
    row = await (await connection.execute(SQL["find_personal"], {"person_id": person})).fetchone()
    return row["external_id"] if row else None


async def personal_to(connection: Connection, container: ContainerId) -> PersonId | None:
    """For whom alone Daybook opened this channel, if it did."""
    row = await (await connection.execute(SQL["read_place"], {"container_id": container})).fetchone()
    return row["personal_to"] if row else None


async def history_read_until(connection: Connection, container: ContainerId) -> datetime | None:
    """Until when its history was read back; None when it never was."""
    row = await (await connection.execute(SQL["read_place"], {"container_id": container})).fetchone()
    return row["history_read_until"] if row else None


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


async def history_read(connection: Connection, container: ContainerId, until: datetime) -> None:
    await connection.execute(SQL["note_history_read"], {"container_id": container, "until": until})


async def change_members(connection: Connection, team: TeamId, changes: Sequence[Membership]) -> None:
    """Joins and leaves, in any order: of one person in one container the latest counts."""
    if not changes:
        return
    rows = as_json([change.model_dump() for change in changes])
    await connection.execute(SQL["change_memberships"], {"team_id": team, "rows": rows})
    happened = [
        Event(
            team_id=team,
            kind="MemberJoined" if change.joined else "MemberLeft",
            key=f"member:{change.container_id}:{change.person_id}:{change.at.isoformat()}:{change.joined}",
            occurred_at=change.at,
            container_id=change.container_id,
            person_id=change.person_id,
        )
        for change in changes
    ]
    await events.append(connection, team, happened)


async def set_members(
    connection: Connection, team: TeamId, container: ContainerId, members: Iterable[PersonId], at: datetime
) -> None:
    """The full list of members as it was at a time, at the latest when reading it began: who is not on it has left."""
    present = set(members)
    rows = await (await connection.execute(SQL["read_members"], {"container_id": container})).fetchall()
    known = {row["person_id"] for row in rows}
    await connection.execute(SQL["note_members_read"], {"container_id": container, "at": at})
    changes = [
        Membership(container_id=container, person_id=person, joined=person in present, at=at)
        for person in sorted(present ^ known)
    ]
    await change_members(connection, team, changes)
