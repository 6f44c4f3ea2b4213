"""What can arrive from outside, decoded: the only form in which the rest of the house sees it."""

from datetime import date, datetime
from typing import Literal

from memory.models.base import Model
from memory.models.containers import Container, ContainerKind, Membership
from memory.models.facts import FactKind
from memory.models.ids import ContainerId, FactId, MessageId, PersonId, TeamId
from memory.models.messages import Deletion, Message, Reaction
from memory.models.people import Person


class MessageArrived(Model):
    message: Message
    container: Container
    """As far as the delivery tells: its kind, not its name."""
    asks_daybook: bool = False
    """Addressed to Daybook: it mentions it, or stands in a DM with it."""
    own: bool = False
    """Written by Daybook itself: never a source."""


class MessageGone(Model):
    deletion: Deletion


class Reacted(Model):
    reaction: Reaction


class MembershipChanged(Model):
    membership: Membership
    container: Container
    own: bool = False
    """It is Daybook that joined or left."""


class ContainerChanged(Model):
    """Renamed, archived, or made private or public; what is None stays as it was."""

    container_id: ContainerId
    team_id: TeamId
    external_id: str
    name: str | None = None
    archived: bool | None = None
    kind: ContainerKind | None = None


class PersonChanged(Model):
    person: Person


class HomeOpened(Model):
    team_id: TeamId
    person_id: PersonId
    external_id: str
    at: datetime
    tab: Literal["home", "messages"] = "home"
    channel: str = ""
    """The direct message with the person, if the delivery names it."""


class Pressed(Model):
    """A person pressed something of ours."""

    team_id: TeamId
    person_id: PersonId
    external_id: str
    action_id: str
    value: str = ""
    at: datetime
    channel: str | None = None
    message_ts: str | None = None
    trigger_id: str = ""
    view_id: str = ""
    """The modal in which it was pressed."""


class Commanded(Model):
    """A person entered our slash command. `word` is what they want, one of ours; empty when it was anything else.

    `channel` is where they entered it, if that matters.
    """

    team_id: TeamId
    person_id: PersonId
    external_id: str
    word: str = ""
    channel: str = ""


class DayChosen(Model):
    """A person filled in our form: an item is to come back on that day."""

    team_id: TeamId
    person_id: PersonId
    external_id: str
    value: str
    day: date
    view_id: str = ""
    """The modal below the form."""


class SettingsSubmitted(Model):
    """A person filled in how they want to be briefed; as they did, not judged yet. `key` names this submission."""

    team_id: TeamId
    person_id: PersonId
    external_id: str
    key: str
    brief_at: str
    workdays: tuple[str, ...]
    on_activity: bool
    away_until: str
    quiet_days: str
    length: str
    followed: tuple[str, ...]
    muted: tuple[str, ...]
    people: tuple[str, ...]
    projects: str
    manager: str
    reports: tuple[str, ...]
    place: str
    weekly_review: bool


class CorrectionConfirmed(Model):
    """A person saw how a fact will be by their word, and wants it so. `key` names this submission."""

    team_id: TeamId
    person_id: PersonId
    external_id: str
    key: str
    fact_id: FactId
    how: str
    owner: str = ""
    """Their external id, where somebody else owns it."""
    day: date | None = None


class FactTracked(Model):
    """A person wants a message tracked, as they filled it in; not judged yet. `key` names this submission."""

    team_id: TeamId
    person_id: PersonId
    external_id: str
    key: str
    message_id: MessageId
    kind: FactKind
    statement: str
    owner: str
    day: date | None = None


Arrival = (
    MessageArrived
    | MessageGone
    | Reacted
    | MembershipChanged
    | ContainerChanged
    | PersonChanged
    | HomeOpened
    | Pressed
    | Commanded
    | SettingsSubmitted
    | DayChosen
    | CorrectionConfirmed
    | FactTracked
)
