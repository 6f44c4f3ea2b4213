"""Meetings: when they take place, and who is invited."""

from collections.abc import Iterable
from datetime import datetime

from memory import events, statements
from memory.database import Connection
from memory.models.audience import Viewer
from memory.models.events import Event
from memory.models.happenings.talk import MeetingCancelled, MeetingScheduled
from memory.models.ids import ContainerId, TeamId
from memory.models.meetings import Meeting

SQL = statements.load("meetings")


async def schedule(connection: Connection, team: TeamId, meeting: Meeting, at: datetime) -> None:
    """A meeting as it is planned since a moment. Call it as its container's scribe."""
    kind = MeetingCancelled if meeting.cancelled else MeetingScheduled
    told = kind(message_id=meeting.message_id, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    key = f"meeting:{meeting.container_id}:{at.isoformat()}:{kind.__name__}:{meeting.starts_at}:{meeting.ends_at}"
    planned = Event(team_id=team, key=key, occurred_at=at, container_id=meeting.container_id, told=told)
    await events.append(connection, team, [planned])


async def between(connection: Connection, viewer: Viewer, since: datetime, until: datetime) -> list[ContainerId]:
    """Meetings that the viewer may know of and that begin in that stretch, in the order of their times."""
    given = {"viewer_kind": viewer.kind, "viewer_id": viewer.viewer_id, "since": since, "until": until}
    rows = await (await connection.execute(SQL["find_meetings_between"], given)).fetchall()
    return [row["container_id"] for row in rows]


async def read(connection: Connection, container_ids: Iterable[ContainerId]) -> list[Meeting]:
    """These meetings, but for those that are off, in the order of their times."""
    given = {"container_ids": list(container_ids)}
    rows = await (await connection.execute(SQL["read_meetings"], given)).fetchall()
    return [Meeting.model_validate(row) for row in rows]
