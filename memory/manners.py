"""Manners: where Daybook answers only when it is called, as the members of a channel want it."""

from collections.abc import Iterable
from datetime import datetime

from memory import events, statements
from memory.database import Connection
from memory.models.base import Model
from memory.models.containers import ContainerKind
from memory.models.events import Event
from memory.models.happenings.choosing import FollowUpsResumed, FollowUpsStopped
from memory.models.ids import ContainerId, EventId, PersonId, TeamId

SQL = statements.load("manners")


class Manners(Model):
    """How Daybook behaves in a container, and whether somebody is a member of it."""

    event_id: EventId | None
    kind: ContainerKind
    read_by_daybook: bool
    follow_ups: bool
    personal: bool
    forgotten: bool
    is_member: bool

    @property
    def is_channel(self) -> bool:
        """Whether it is a place where people talk to each other and Daybook reads."""
        return self.kind != "dm" and not self.personal and self.read_by_daybook and not self.forgotten


async def read(connection: Connection, container: ContainerId, person: PersonId | None = None) -> Manners | None:
    """How Daybook behaves there; None where it never was."""
    given = {"container_id": container, "person_id": person}
    row = await (await connection.execute(SQL["read_manners"], given)).fetchone()
    return Manners.model_validate(row) if row else None


async def follows_up(connection: Connection, container: ContainerId, said_at: datetime | None = None) -> bool:
    """Whether the next question in a thread is answered there without a mention; and was when one was `said_at`."""
    given = {"container_id": container, "said_at": said_at}
    row = await (await connection.execute(SQL["follows_up"], given)).fetchone()
    return row is None or row["follow_ups"]


async def quiet(connection: Connection, among: Iterable[ContainerId]) -> set[ContainerId]:
    """Those in which Daybook answers only when it is called."""
    rows = await (await connection.execute(SQL["find_quiet"], {"container_ids": list(among)})).fetchall()
    return {row["container_id"] for row in rows}


async def choose(
    connection: Connection, team: TeamId, container: ContainerId, person: PersonId, *, follow_ups: bool, at: datetime
) -> EventId | None:
    """Has Daybook follow up there, or not; the event that says so, None where it was so already."""
    before = await read(connection, container)
    if before is None or before.follow_ups == follow_ups:
        return None
    told = FollowUpsResumed() if follow_ups else FollowUpsStopped()
    key = f"{type(told).__name__}:{container}:{before.event_id}"
    happened = Event(team_id=team, key=key, occurred_at=at, container_id=container, person_id=person, told=told)
    return events.id_of(team, key) if (await events.append(connection, team, [happened])).fresh else None
