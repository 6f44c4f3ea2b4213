"""A calendar: each meeting is a container that those invited may read, and its invitation a message in it."""

from dataclasses import dataclass
from datetime import datetime

from memory import containers, meetings, messages
from memory.database import Database
from memory.models.containers import Container
from memory.models.ids import MessageId, PersonId, TeamId, container_id, message_id
from memory.models.meetings import Meeting
from memory.models.messages import Message

CALENDAR = "calendar"
_INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting as its calendar tells it since `told_at`: the newest telling counts, in whatever order they come."""

    external_id: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    organizer: PersonId | None
    attendees: frozenset[PersonId]
    first_told_at: datetime
    told_at: datetime
    cancelled: bool = False

    @property
    def words(self) -> str:
        return "\n".join(part for part in (self.title.strip(), self.description.strip()) if part)


def invitation_of(team: TeamId, external_id: str) -> MessageId:
    """What names the words of an invitation."""
    return message_id(container_id(team, CALENDAR, external_id), _INVITATION)


async def take(database: Database, team: TeamId, invitation: Invitation) -> None:
    """Stores it with its audience; taking it again changes nothing. Once it is off, nobody is invited any more."""
    key = container_id(team, CALENDAR, invitation.external_id)
    place = Container(
        container_id=key, team_id=team, source=CALENDAR, external_id=invitation.external_id, kind="private"
    )
    said = Message(
        message_id=invitation_of(team, invitation.external_id),
        team_id=team,
        container_id=key,
        external_ts=_INVITATION,
        author_id=invitation.organizer,
        kind="meeting",
        posted_at=invitation.first_told_at,
        text=invitation.words,
        edited_at=invitation.told_at if invitation.told_at > invitation.first_told_at else None,
    )
    planned = Meeting(
        container_id=key,
        message_id=said.message_id,
        starts_at=invitation.starts_at,
        ends_at=invitation.ends_at,
        cancelled=invitation.cancelled,
    )
    async with database.house() as connection:
        await containers.see(connection, team, [place], invitation.told_at)
        await containers.set_members(connection, team, key, invitation.attendees, invitation.told_at)
    async with database.scribing(key) as connection:
        await messages.store(connection, team, [said])
        await meetings.schedule(connection, team, planned, invitation.told_at)
